"""Genes and genomes: bounded, stepped and named alike on every machine."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.errors import ConfigError
from genepool.genome import Gene, Genome
from genepool.strategies import Strategy, seed_strategies

FAST = Gene("fast", 2, 50, 1, 12, "Candles.", integer=True)
BAND = Gene("band", 0.0, 0.02, 0.001, 0.0, "Share of the price.")
STOP = Gene("stop", 0, 8, 0.5, 0, "Average true ranges; 0 is off.", off=0)


@given(st.floats(-1e6, 1e6))
@settings(derandomize=True, deadline=None)
def test_quantising_lands_on_a_permitted_value_and_stays_there(value: float) -> None:
    quantised = BAND.quantise(value)
    assert BAND.low <= quantised <= BAND.high
    assert BAND.quantise(quantised) == quantised
    assert BAND.at(BAND.index(quantised)) == quantised


def test_a_gene_knows_how_many_values_it_can_take() -> None:
    assert (FAST.size, BAND.size, STOP.size) == (49, 21, 17)


def test_a_gene_with_an_off_value_is_off_about_half_the_time() -> None:
    rng = np.random.default_rng(0)
    draws = [STOP.draw(rng) for _ in range(2_000)]
    assert 0.47 < draws.count(0) / len(draws) < 0.6


def test_every_value_of_a_gene_is_drawn() -> None:
    rng = np.random.default_rng(0)
    assert {FAST.draw(rng) for _ in range(2_000)} == {float(value) for value in range(2, 51)}


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    genome = Genome("ema_crossover", (("fast", 12.0), ("slow", 26.0)))
    assert genome.fingerprint == "01d9231be875f5f7"


def test_the_fingerprint_does_not_depend_on_the_order_of_genes() -> None:
    assert (
        Genome("a", (("x", 1.0), ("y", 2.0))).fingerprint == Genome("a", (("y", 2.0), ("x", 1.0))).fingerprint
    )


def test_genomes_that_differ_in_one_step_have_different_names() -> None:
    names = {Genome("a", (("x", BAND.at(k)),)).fingerprint for k in range(BAND.size)}
    assert len(names) == BAND.size


@pytest.mark.parametrize("strategy", seed_strategies().values(), ids=seed_strategies())
class TestEverySeed:
    def test_defaults_are_permitted_values(self, strategy: Strategy) -> None:
        for gene in strategy.all_genes:
            assert gene.quantise(gene.default) == pytest.approx(gene.default, abs=1e-12), gene.name

    def test_bounds_are_a_whole_number_of_steps_apart(self, strategy: Strategy) -> None:
        for gene in strategy.all_genes:
            assert gene.at(gene.size - 1) == pytest.approx(gene.high, abs=1e-9), gene.name

    def test_an_unknown_gene_is_refused_by_name(self, strategy: Strategy) -> None:
        with pytest.raises(ConfigError, match="no gene 'colour'"):
            strategy.genome({"colour": 1})

    def test_a_value_outside_its_bounds_is_refused(self, strategy: Strategy) -> None:
        gene = strategy.all_genes[0]
        with pytest.raises(ConfigError, match=gene.name):
            strategy.genome({gene.name: gene.high + gene.step})
