"""A run's sample is the same wherever it is bred, and its figure is the check's."""

from dataclasses import replace

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Individual
from genepool.pool import kept_sample
from genepool.pool.kept_sample import MOST, ONE_IN, KeptSample, SampleReturns
from genepool.pool.variants import Variants
from genepool.robustness.checks import Variant
from genepool.robustness.checks._subject import distinct_returns
from genepool.robustness.overfitting import probability_of_overfitting
from tests.fakes.bred_runs import bred_run
from tests.fakes.histories import a_genome, a_result

RUN = bred_run()
BORN = [one for _, one in RUN.newborn]


def born(number: int) -> Individual:
    genome = a_genome(number)
    return replace(BORN[0], candidate=replace(BORN[0].candidate, genome=genome), evaluation=a_result(genome))


def sample_of(*generations: list[Individual]) -> tuple[str, ...]:
    sample = KeptSample()
    for newborn in generations:
        sample.take(newborn)
    return tuple(genome.fingerprint for genome in sample.genomes)


@pytest.mark.parametrize(("scored", "kept"), [(99, 0), (100, 1), (990, 9), (ONE_IN * MOST + 700, MOST)])
def test_it_is_the_smallest_fingerprints_of_a_hundredth(scored: int, kept: int) -> None:
    everybody = [born(number) for number in range(scored)]
    smallest = sorted(one.genome.fingerprint for one in everybody)[:kept]
    assert list(sample_of(everybody)) == smallest


def test_neither_order_nor_generations_change_it() -> None:
    everybody = [born(number) for number in range(900)]
    mixed = everybody[::-2] + everybody[::2]
    assert sample_of(everybody) == sample_of(mixed[:70], mixed[70:400], mixed[400:])


def test_who_failed_is_not_in_it() -> None:
    everybody = [born(number) for number in range(200)]
    first = min(everybody, key=lambda one: one.genome.fingerprint)
    failed = replace(first, evaluation=Evaluation(first.genome, None, "it killed its worker"))
    without = [one for one in everybody if one is not first]
    assert sample_of([*without, failed]) == sample_of(without)


def test_its_figure_is_the_checks_of_the_same_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sample, "ONE_IN", 3)
    sample, returns, trades = KeptSample(), SampleReturns(RUN.plan.problem), Variants(RUN.plan.problem)
    sample.take(BORN)
    genomes = sample.genomes
    for genome in genomes:
        returns.trade(genome)
    whole = distinct_returns([trades(Variant(genome)) for genome in genomes])
    assert whole.shape[1] >= 5
    assert returns.overfitting(genomes) == (whole.shape[1], probability_of_overfitting(whole))


def test_too_few_that_traded_differently_have_none() -> None:
    genome, returns = BORN[0].genome, SampleReturns(RUN.plan.problem)
    assert returns.overfitting([]) is None
    returns.trade(genome)
    assert returns.overfitting([genome]) is None
