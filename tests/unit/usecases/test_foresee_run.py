"""What a run would be, before it is started."""

import pytest

from genepool.errors import HistoryTooShort
from genepool.market.synthetic import synthetic_market
from genepool.usecases.foresee_run import ForeseenRun, foresee_run
from genepool.usecases.run_rules import RunRules
from tests.fakes.candle_sources import NamedCandles

SOURCE = NamedCandles({"made": synthetic_market("noise", 1, 4_000)})


def foreseen(rules: RunRules) -> ForeseenRun:
    return foresee_run("made", rules, SOURCE)


def test_the_spans_are_those_that_the_run_would_have() -> None:
    run = foreseen(RunRules(preset="all", purge=0, embargo=0))
    assert (run.candles, run.sealed, run.in_sample, run.walk_forward) == (4_000, 800, 1_920, 1_280)
    assert run.first < run.last


def test_the_smaller_budget_limits_what_is_tried() -> None:
    rules = RunRules(preset="all", population_size=10, generations=7)
    assert foreseen(rules).evaluations == 70
    assert (
        foreseen(RunRules(preset="all", population_size=10, generations=7, max_evaluations=33)).evaluations
        == 33
    )


def test_seeds_that_cannot_take_part_are_told_with_the_reason() -> None:
    run = foreseen(RunRules(preset="all"))
    assert not set(run.strategies) & {name for name, _ in run.left_out}


def test_what_the_start_would_refuse_is_refused() -> None:
    with pytest.raises(HistoryTooShort):
        foreseen(RunRules(preset="all", holdout=0.999))
