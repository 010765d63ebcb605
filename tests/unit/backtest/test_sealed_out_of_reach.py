"""Nothing that evaluates genomes reaches a sealed candle, however it looks for one."""

import gc
import pickle  # noqa: TID251 - what is sent is looked into
from collections.abc import Iterator
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest

from genepool.adapters.local.parcel import SentProblems
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.strategies import Genes, seed_strategies

CANDLES = synthetic_market("regimes", 5, 2_600)
RULE = SplitRule(purge=8, embargo=8)
VISIBLE = RULE.apply(len(CANDLES)).visible
SEALED = {
    *CANDLES.stamps[VISIBLE:].tolist(),
    *(CANDLES.close[VISIBLE:].tolist()),
} - {*CANDLES.close[:VISIBLE].tolist()}


@pytest.fixture
def problem() -> Problem:
    return Problem.seal(CANDLES, RULE, CostModel(), "sharpe")


def reachable(*roots: object) -> Iterator[np.ndarray[Any, Any]]:
    """Yield every array that leads on from some objects, and the memory that it shares."""
    seen, waiting = set[int](), list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            yield one
            waiting.append(one.base)
        waiting.extend(gc.get_referents(one))


def sealed_among(*roots: object) -> set[float]:
    """Return the sealed stamps and closes that are reached."""
    return {value for array in reachable(*roots) for value in array.ravel().tolist() if value in SEALED}


def test_the_search_finds_what_a_slice_leads_to() -> None:
    # As a problem was made once: by a slice, whose memory is that of all candles.
    assert sealed_among(CANDLES.slice(0, VISIBLE)) == SEALED
    assert sealed_among({"held": [CANDLES]}) == SEALED


def test_not_from_the_problem_of_a_process(problem: Problem) -> None:
    assert len(problem.candles) == VISIBLE
    assert sealed_among(problem, IndicatorBank(problem.candles), Scorer(problem)) == set()


def test_not_from_what_is_sent_to_a_worker(problem: Problem) -> None:
    sent = SentProblems()
    try:
        sent.hold(problem, [problem.sent_as])
        parcel = sent[problem.sent_as]
        written = parcel.columns.read_bytes() + pickle.dumps(parcel) + pickle.dumps(problem)
        assert sealed_among(parcel.opened()) == set()
    finally:
        sent.discard()
    columns = CANDLES.stamps, CANDLES.close
    assert all(column[VISIBLE - 1 : VISIBLE].tobytes() in written for column in columns)
    assert not any(column[k : k + 1].tobytes() in written for column in columns for k in (VISIBLE, -2))


def test_not_from_what_a_plug_in_strategy_is_given(problem: Problem) -> None:
    found = []

    def spying(bank: IndicatorBank, genes: Genes) -> FloatArray:
        found.append(sealed_among(bank, genes))
        return np.ones(len(bank.candles))

    spy = replace(seed_strategies()["rsi_filter"], name="spy", exposure=spying)
    told = Scorer(replace(problem, own=(spy,))).evaluate([spy.genome()])
    assert told[0].error is None
    assert found == [set()]


def test_the_visible_candles_are_what_they_were(problem: Problem) -> None:
    whole: Candles = CANDLES.slice(0, VISIBLE)
    assert problem.candles.digest == whole.digest
    assert not problem.candles.close.flags.writeable
