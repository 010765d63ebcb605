"""Candles are known again by what they are, not by how their file is called or where it begins."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.market.candles import Candles
from genepool.market.day_marks import day_marks
from genepool.market.marks import marks
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket, left_apart
from tests.fakes.tiny_markets import tiny_market

HOUR = 3_600 * 10**9
# Lively candles in a row that two histories have to share for a common mark.
LEAST_SHARED = 79


def walk(seed: int, length: int = 600, tick: float = 1e-9) -> Candles:
    """Return a market that moves by chance."""
    rng = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(rng.normal(0, 0.01, length))) / tick) * tick
    rows = [(o, max(o, c), min(o, c), c) for o, c in zip([100.0, *close[:-1]], close, strict=False)]
    return tiny_market(rows)


def test_one_more_candle_is_the_same_market() -> None:
    longer = walk(1, 601)
    assert marks(longer.slice(0, 600)) & marks(longer)


def test_the_same_candles_under_another_name_and_time_zone_have_the_same_marks() -> None:
    candles = walk(1)
    other = replace(candles, symbol="LED2", timeframe="60m", stamps=candles.stamps + HOUR)
    assert marks(other) - day_marks(other) == marks(candles) - day_marks(candles)


def test_single_precision_and_another_volume_change_nothing() -> None:
    candles = walk(1)
    rough = {n: getattr(candles, n).astype(np.float32) for n in ("open", "high", "low", "close")}
    assert marks(replace(candles, **rough, volume=np.ones(len(candles)))) == marks(candles)


@pytest.mark.parametrize("begin", range(0, 400, 13))
def test_markets_that_share_enough_candles_in_a_row_share_a_mark(begin: int) -> None:
    candles, end = walk(2), begin + LEAST_SHARED
    assert marks(candles.slice(0, end)) & marks(candles.slice(begin, len(candles)))


def test_a_candle_that_was_repaired_leaves_the_others_known() -> None:
    candles = walk(1)
    close = candles.close.copy()
    close[300] *= 1.5
    assert marks(replace(candles, close=close)) & marks(candles)


def test_other_candles_share_nothing() -> None:
    assert not marks(walk(1)) & marks(walk(2))


def test_two_markets_that_move_by_single_ticks_are_told_apart() -> None:
    assert not marks(walk(3, 3_000, tick=1.0)) & marks(walk(4, 3_000, tick=1.0))


def test_a_market_at_rest_is_like_no_other() -> None:
    assert marks(tiny_market([(1.0, 1.0, 1.0, 1.0)] * 500)) == frozenset()
    assert marks(walk(1, 10)) == frozenset()


def test_a_data_set_is_remembered_under_its_digest_and_name() -> None:
    candles = walk(1)
    found = known_market(candles)
    assert (found.digest, found.name) == (candles.digest, ("TINY", candles.timeframe))


def test_what_is_left_apart_is_told_by_the_reason() -> None:
    led = ("LED", "1h")
    markets = {
        "mine": KnownMarket("mine", *led, frozenset({1, 2})),
        "longer": KnownMarket("longer", *led, frozenset({2, 3})),
        "later": KnownMarket("later", *led, frozenset({9})),
        "daily": KnownMarket("daily", "LED", "1d", frozenset({8})),
    }
    names = {"old": [led], "elsewhere": [("EURUSD", "1h")]}
    ledgers = [*markets, *names, "forgotten"]
    assert left_apart("mine", markets, names, ledgers) == ({"later"}, {"old", "forgotten"})


def test_a_run_of_before_is_compared_with_nobody() -> None:
    markets = {"new": KnownMarket("new", "LED", "1h", frozenset({1}))}
    assert left_apart("old", markets, {"old": [("LED", "1h")]}, ["old", "new"]) == (set(), {"new"})
