"""What is traded again is traded as it was scored, and otherwise only as was asked."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.market.costs import CostModel
from genepool.pool.variants import Variants
from genepool.robustness.checks import Variant
from genepool.strategies import seed_strategies
from tests.fakes.examined import PROBLEM, champion


def test_a_genome_does_what_it_was_scored_for() -> None:
    played = Variants(PROBLEM)(Variant(champion().genome))
    assert played is not None
    assert played.measures == champion().scored.walk_forward
    earned = champion().scored.in_sample.total_return
    assert np.prod(1 + played.in_sample) - 1 == pytest.approx(earned)
    assert np.prod(1 + played.walk_forward) - 1 == pytest.approx(played.measures.total_return)
    assert len(played.entries) == len(played.exits) == len(played.sizes) == played.measures.trades


def test_costs_change_only_what_is_paid() -> None:
    free = replace(CostModel(), taker_fee=0.0, maker_fee=0.0)
    played = Variants(PROBLEM)(Variant(champion().genome, costs=free))
    assert played is not None
    assert played.measures.fees_paid == 0.0
    assert played.measures.total_return > champion().measures.total_return


def test_a_delay_moves_every_decision_by_its_candles() -> None:
    variants, wanted = Variants(PROBLEM), np.zeros(len(PROBLEM.candles))
    start = PROBLEM.folds[0][0]
    wanted[start + 10 : start + 20] = 1.0
    prompt, late = (variants(Variant(exposure=wanted, delay=delay)) for delay in (0, 1))
    assert prompt is not None
    assert late is not None
    assert (prompt.entries.tolist(), prompt.exits.tolist()) == ([start + 11], [start + 21])
    assert (late.entries.tolist(), late.exits.tolist()) == ([start + 12], [start + 22])


def test_what_two_checks_ask_for_is_traded_once() -> None:
    variants = Variants(PROBLEM)
    assert variants(Variant(champion().genome)) is variants(Variant(champion().genome))


def test_what_cannot_be_traded_is_no_result() -> None:
    genome = seed_strategies()["funding_rate_carry"].genome()
    unfunded = replace(PROBLEM, candles=replace(PROBLEM.candles, funding=None))
    assert Variants(unfunded)(Variant(genome)) is None


def test_returns_alone_are_those_of_the_whole_result() -> None:
    """A figure that is followed while a run is bred is the check's, of the same returns."""
    variants = Variants(PROBLEM)
    played = variants(Variant(champion().genome))
    alone = Variants(PROBLEM).returns(champion().genome)
    assert played is not None
    assert alone is not None
    assert np.array_equal(alone, played.returns)


def test_who_cannot_be_traded_has_no_returns() -> None:
    genome = seed_strategies()["funding_rate_carry"].genome()
    unfunded = replace(PROBLEM, candles=replace(PROBLEM.candles, funding=None))
    assert Variants(unfunded).returns(genome) is None
