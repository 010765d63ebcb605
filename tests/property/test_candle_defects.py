"""A defect at any place is refused, or repaired and counted; nothing else ever happens."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.errors import DataError
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import FloatArray, IntArray
from genepool.market.funding import FundingRates, funding_coverage, join_funding
from genepool.market.raw_columns import RawColumns
from genepool.market.synthetic import synthetic_market
from genepool.market.validation import checked

COUNT = 120
CANDLES = synthetic_market("regimes", 7, COUNT)
CELL_DEFECTS = {
    "open": (np.nan, np.inf, -np.inf, 0.0, -1.0, 1e15),
    "high": (np.nan, np.inf, 0.0, -1.0, 1e-9),
    "low": (np.nan, -np.inf, 0.0, -1.0, 1e15),
    "close": (np.nan, np.inf, 0.0, -1.0, 1e15, 1e-9),
    "volume": (np.nan, np.inf, -1.0, 0.0),
}
DEFECTS = [(name, value) for name, values in CELL_DEFECTS.items() for value in values]


def sound() -> RawColumns:
    assert CANDLES.volume is not None
    held = {name: getattr(CANDLES, name) for name in ("stamps", "open", "high", "low", "close", "volume")}
    return RawColumns(**held, funding=None, rows=np.arange(2, COUNT + 2))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(defect=st.sampled_from(DEFECTS), place=st.integers(0, COUNT - 1), repair=st.booleans())
def test_a_bad_cell_anywhere_is_refused_with_its_row(
    defect: tuple[str, float], place: int, repair: bool
) -> None:
    name, value = defect
    raw = sound()
    cells = getattr(raw, name).copy()
    cells[place] = value
    # A row without a price is what a repair leaves out.
    repair = repair and not (np.isnan(value) and name != "volume")
    with pytest.raises(DataError) as caught:
        checked(replace(raw, **{name: cells}), CandleRules(repair=repair), "f.csv")
    assert str(caught.value).startswith(f"f.csv, row {place + 2}: ")


@settings(derandomize=True, deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**6), doubled=st.lists(st.integers(0, COUNT - 1), max_size=5))
def test_any_shuffling_with_identical_doubles_is_repaired_and_counted(seed: int, doubled: list[int]) -> None:
    raw = sound()
    index = np.append(np.arange(COUNT), np.array(doubled, dtype=np.int64))
    np.random.default_rng(seed).shuffle(index)
    result = checked(raw.take(index), CandleRules(repair=True), "f.csv")
    assert np.array_equal(result.columns.stamps, raw.stamps)
    assert np.array_equal(result.columns.close, raw.close)
    assert result.repairs.duplicates_dropped == len(doubled)
    assert result.repairs.rows_sorted > 0
    with pytest.raises(DataError, match="--repair"):
        checked(raw.take(index), CandleRules(), "f.csv")


@settings(derandomize=True, deadline=None, max_examples=100)
@given(missing=st.sets(st.integers(1, COUNT - 2), min_size=1, max_size=30))
def test_any_gaps_are_refused_accepted_or_filled_and_counted(missing: set[int]) -> None:
    raw = sound()
    gappy = raw.take(np.array([i for i in range(COUNT) if i not in missing]))
    with pytest.raises(DataError, match="missing between"):
        checked(gappy, CandleRules(), "f.csv")
    accepted = checked(gappy, CandleRules(max_gap=30), "f.csv")
    assert accepted.gaps.missing.sum() == len(missing)
    filled = checked(gappy, CandleRules(repair=True, fill=30), "f.csv")
    assert np.array_equal(filled.columns.stamps, raw.stamps)
    assert filled.repairs.candles_filled == len(missing)
    assert filled.columns.volume is not None
    assert set(np.flatnonzero(filled.columns.volume == 0).tolist()) == missing


@dataclass(frozen=True)
class Plain:
    """Funding joined and counted one stamp at a time, as the words say it."""

    stamps: IntArray
    step: int
    known: dict[int, float]
    period: int

    def column(self) -> list[float]:
        before = [int(self.stamps[0]) - self.step, *self.stamps[:-1].tolist()]
        spans = zip(before, self.stamps.tolist(), strict=True)
        return [sum(rate for at, rate in self.known.items() if a < at <= b) for a, b in spans]

    def missing(self) -> int:
        start, end = int(self.stamps[0]) - self.step, int(self.stamps[-1])
        first = min(self.known)
        every = range(first - 1_000 * self.period, end + 1, self.period)
        return sum(1 for at in every if start < at <= end and at not in self.known)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    every=st.sampled_from([1, 4, 8]),
    known=st.sets(st.integers(0, 60), min_size=20),
    kept=st.sets(st.integers(0, 200), min_size=2),
)
def test_funding_is_joined_and_counted_as_the_words_say(every: int, known: set[int], kept: set[int]) -> None:
    hour = 3_600 * 10**9
    stamps: IntArray = np.array(sorted(kept), dtype=np.int64) * hour
    at: IntArray = np.array(sorted(known), dtype=np.int64) * every * hour
    rates: FloatArray = np.array([2.0**-12 * (1 + i % 5) for i in range(len(at))])
    funding = FundingRates(at, rates)
    coverage = funding_coverage(stamps, "1h", funding)
    plain = Plain(stamps, hour, dict(zip(at.tolist(), rates.tolist(), strict=True)), coverage.period)
    assert join_funding(stamps, "1h", funding).tolist() == plain.column()
    if coverage.period == every * hour:
        assert coverage.missing == plain.missing()
