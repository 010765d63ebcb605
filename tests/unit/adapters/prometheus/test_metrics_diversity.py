"""Diversity, counted gene by gene, is the mean difference of all pairs."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.adapters.prometheus.diversity import diversity
from genepool.genome import Genome

GENOMES = st.builds(
    lambda strategy, values: Genome(strategy, tuple(zip(("fast", "slow", "stop"), values, strict=True))),
    st.sampled_from(["ema_crossover", "rsi_filter"]),
    st.tuples(*[st.sampled_from([1.0, 2.0, 3.0])] * 3),
)


def by_pairs(genomes: list[Genome]) -> float:
    def differ(one: Genome, other: Genome) -> float:
        if one.strategy != other.strategy:
            return 1.0
        return sum(a != b for a, b in zip(one.genes, other.genes, strict=True)) / len(one.genes)

    differences = [differ(*pair) for pair in combinations(genomes, 2)]
    return sum(differences) / len(differences) if differences else 0.0


@given(st.lists(GENOMES, max_size=12))
def test_it_equals_the_mean_over_all_pairs(genomes: list[Genome]) -> None:
    assert diversity(genomes) == pytest.approx(by_pairs(genomes), abs=1e-12)


@given(GENOMES, st.integers(2, 9))
def test_twins_have_none(genome: Genome, count: int) -> None:
    assert diversity([genome] * count) == pytest.approx(0, abs=1e-12)


def test_strategies_that_share_nothing_have_all_of_it() -> None:
    assert diversity([Genome("a", (("x", 1.0),)), Genome("b", (("x", 1.0),))]) == 1


def test_one_alone_has_none() -> None:
    assert diversity([Genome("a", (("x", 1.0),))]) == 0


def test_genomes_without_genes_are_twins() -> None:
    assert diversity([Genome("a", ()), Genome("a", ())]) == 0
