"""Each rule of candles: what is refused, in which words, and what a repair does."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from genepool.errors import HistoryTooShort, InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.gaps import Calendar
from genepool.market.raw_columns import RawColumns
from genepool.market.validation import checked

HOUR = 3_600 * 1_000_000_000
# 2024-01-08 was a Monday.
MONDAY = int(np.datetime64("2024-01-08T00:00", "ns").astype(np.int64))
NAME = "prices.csv"


def columns(count: int = 48, **changes: npt.NDArray[Any]) -> RawColumns:
    close = 100 + np.arange(count) % 7.0
    held: dict[str, Any] = {
        "stamps": MONDAY + HOUR * np.arange(count),
        "open": close - 0.5,
        "high": close + 1,
        "low": close - 1,
        "close": close,
        "volume": np.full(count, 10.0),
        "funding": None,
        "rows": np.arange(2, count + 2),
    }
    return RawColumns(**{**held, **changes})


def changed(column: str, index: int, value: float) -> RawColumns:
    raw = columns()
    cells = getattr(raw, column).copy()
    cells[index] = value
    return columns(**{column: cells})


def without(raw: RawColumns, *missing: int) -> RawColumns:
    return raw.take(np.delete(np.arange(len(raw)), missing))


def test_sound_candles_pass_unchanged() -> None:
    raw = columns()
    result = checked(raw, CandleRules(), NAME)
    assert result.columns is raw
    assert result.timeframe == "1h"
    assert result.repairs.sentences() == []
    assert result.candles("BTC").columns == {"open", "high", "low", "close", "volume"}


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("close", np.nan, "close is missing: leave out rows without prices with --repair"),
        ("open", np.inf, "open is inf, which is no finite number"),
        ("volume", np.nan, "volume is missing: take a missing volume as 0 with --allow-zero-volume"),
        ("low", 0.0, "low is 0.0: a price must be positive"),
        ("low", -3.0, "low is -3.0: a price must be positive"),
        ("high", 1.0, "is below low"),
        ("open", 500.0, "open 500.0 lies outside"),
        ("close", 1.5, "close 1.5 lies outside"),
        ("volume", -1.0, "volume -1.0 is negative"),
        ("volume", 0.0, "--allow-zero-volume"),
    ],
)
def test_a_bad_cell_is_refused_with_file_row_and_remedy(column: str, value: float, words: str) -> None:
    with pytest.raises(InvalidCandles) as caught:
        checked(changed(column, 5, value), CandleRules(), NAME)
    assert str(caught.value).startswith("prices.csv, row 7: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_further_bad_rows_are_counted() -> None:
    volume = np.full(48, 10.0)
    volume[[4, 9, 11]] = 0.0
    with pytest.raises(InvalidCandles, match=r"row 6: volume is 0 \(and 2 more such rows\)"):
        checked(columns(volume=volume), CandleRules(), NAME)


def test_zero_volume_passes_where_it_is_allowed() -> None:
    result = checked(changed("volume", 5, 0.0), CandleRules(allow_zero_volume=True), NAME)
    assert result.columns.volume is not None
    assert result.columns.volume[5] == 0


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_candles_are_refused(count: int) -> None:
    with pytest.raises(HistoryTooShort, match=rf"prices.csv has {count} candles and at least 2"):
        checked(columns(count), CandleRules(), NAME)


def test_a_minimum_may_be_asked_for() -> None:
    with pytest.raises(HistoryTooShort, match="at least 100"):
        checked(columns(48), CandleRules(least=100), NAME)


def test_newest_first_is_a_layout_and_is_read_backwards() -> None:
    raw = columns()
    result = checked(raw.take(slice(None, None, -1)), CandleRules(), NAME)
    assert np.array_equal(result.columns.stamps, raw.stamps)
    assert np.array_equal(result.columns.close, raw.close)
    assert result.repairs.newest_first
    assert result.repairs.sentences() == ["the file is newest first and was read backwards"]


def test_disorder_is_refused_and_sorted_on_request() -> None:
    raw = columns()
    order = np.arange(48)
    order[[10, 11]] = [11, 10]
    with pytest.raises(
        InvalidCandles, match=r"row 12: its stamp .* out of order beside .* row 13 .*--repair"
    ):
        checked(raw.take(order), CandleRules(), NAME)
    result = checked(raw.take(order), CandleRules(repair=True), NAME)
    assert np.array_equal(result.columns.close, raw.close)
    assert result.repairs.rows_sorted == 2


def test_identical_duplicates_are_refused_and_dropped_on_request() -> None:
    raw = columns()
    twice = raw.take(np.insert(np.arange(48), 7, [6, 6]))
    with pytest.raises(InvalidCandles, match=r"2024-01-08 06:00 UTC is that of row 8 too .*--repair"):
        checked(twice, CandleRules(), NAME)
    result = checked(twice, CandleRules(repair=True), NAME)
    assert np.array_equal(result.columns.close, raw.close)
    assert result.repairs.duplicates_dropped == 2


def test_duplicates_that_differ_are_refused_even_with_repair() -> None:
    stamps = columns().stamps.copy()
    stamps[8] = stamps[7]
    with pytest.raises(InvalidCandles, match=r"row 10: .* is that of row 9, but its open differs"):
        checked(columns(stamps=stamps), CandleRules(repair=True), NAME)


def test_a_gap_is_refused_with_its_place_and_length() -> None:
    with pytest.raises(InvalidCandles) as caught:
        checked(without(columns(), 10, 11, 12, 30), CandleRules(), NAME)
    text = str(caught.value)
    assert "row 15: 3 candles are missing between 2024-01-08 09:00 UTC and 2024-01-08 13:00 UTC" in text
    assert "2 such gaps, the longest of 3" in text
    assert "--max-gap 3" in text


def test_a_gap_may_be_accepted() -> None:
    result = checked(without(columns(), 10, 11, 12, 30), CandleRules(max_gap=3), NAME)
    assert len(result.columns) == 44
    assert result.gaps.missing.tolist() == [3, 1]


def test_a_repair_fills_short_gaps_flat_and_without_volume() -> None:
    raw = columns()
    result = checked(without(raw, 10, 11, 12, 30), CandleRules(repair=True, fill=3), NAME)
    held = result.columns
    assert np.array_equal(held.stamps, raw.stamps)
    for name in ("open", "high", "low", "close"):
        assert getattr(held, name)[10:13].tolist() == [raw.close[9]] * 3
    assert held.volume is not None
    assert held.volume[[9, 10, 11, 12, 13, 30]].tolist() == [10, 0, 0, 0, 10, 0]
    assert result.repairs.candles_filled == 4
    assert "4" in result.repairs.sentences()[0]


def test_a_repair_leaves_gaps_that_are_too_long() -> None:
    with pytest.raises(InvalidCandles, match="row 15: 3 candles are missing"):
        checked(without(columns(), 10, 11, 12, 30), CandleRules(repair=True, fill=2), NAME)


def test_the_timeframe_asked_for_must_be_the_spacing() -> None:
    assert checked(columns(), CandleRules(timeframe="1h"), NAME).timeframe == "1h"
    with pytest.raises(InvalidCandles, match=r"spacing is 1h and not 4h: give --timeframe 1h"):
        checked(columns(), CandleRules(timeframe="4h"), NAME)


def test_mixed_spacings_are_refused() -> None:
    stamps = columns().stamps.copy()
    stamps[20:] += HOUR // 2
    with pytest.raises(InvalidCandles, match="row 22: it opens 5400 seconds after the candle before"):
        checked(columns(stamps=stamps), CandleRules(), NAME)


def test_a_spacing_below_a_second_is_refused() -> None:
    with pytest.raises(InvalidCandles, match="no timeframe"):
        checked(columns(stamps=MONDAY + 1_000_000 * np.arange(48)), CandleRules(), NAME)


def test_stamps_in_the_future_are_refused() -> None:
    now = MONDAY + 40 * HOUR + 1
    with pytest.raises(InvalidCandles, match="row 43: its stamp 2024-01-09 17:00 UTC lies in the future"):
        checked(columns(), CandleRules(now=now), NAME)


def test_a_running_last_candle_is_left_out_and_said() -> None:
    result = checked(columns(), CandleRules(now=MONDAY + 47 * HOUR + HOUR // 2), NAME)
    assert len(result.columns) == 47
    assert result.repairs.sentences() == ["the last candle was still running and was left out"]


def forex_week() -> RawColumns:
    """Return two weeks of hourly candles without their Saturday and Sunday."""
    raw = columns(24 * 12)
    weekday = (raw.stamps // (24 * HOUR) + 3) % 7
    return raw.take(weekday < 5)


def test_weekends_are_no_gaps_on_the_weekdays_calendar() -> None:
    for calendar in (None, Calendar.WEEKDAYS):
        result = checked(forex_week(), CandleRules(calendar=calendar), NAME)
        assert result.calendar is Calendar.WEEKDAYS
        assert result.gaps.expected.tolist() == [True]


def test_weekends_are_gaps_on_the_continuous_calendar() -> None:
    with pytest.raises(InvalidCandles, match=r"48 candles are missing .*--calendar weekdays"):
        checked(forex_week(), CandleRules(calendar=Calendar.CONTINUOUS), NAME)


def test_a_midweek_gap_stays_a_gap_on_the_weekdays_calendar() -> None:
    with pytest.raises(InvalidCandles, match="2 candles are missing"):
        checked(without(forex_week(), 30, 31), CandleRules(), NAME)


def test_a_repair_does_not_fill_weekends() -> None:
    result = checked(without(forex_week(), 30, 31), CandleRules(repair=True, fill=100), NAME)
    assert result.repairs.candles_filled == 2
    assert result.gaps.missing.tolist() == [48]


def test_a_market_with_saturday_candles_gets_no_weekend_pardon() -> None:
    with pytest.raises(InvalidCandles, match="6 candles are missing"):
        # Monday 0:00 + 5 days is Saturday.
        checked(without(columns(240), *range(122, 128)), CandleRules(), NAME)


@pytest.mark.parametrize(
    ("day", "rests"), [("2024-12-25", True), ("2025-01-01", True), ("2024-12-18", False)]
)
def test_christmas_and_new_year_are_holidays(day: str, rests: bool) -> None:
    start = int(np.datetime64("2024-12-09T00:00", "ns").astype(np.int64))
    raw = columns(24 * 28, stamps=start + HOUR * np.arange(24 * 28))
    holiday = np.datetime64(day, "D").astype(np.int64)
    days = raw.stamps // (24 * HOUR)
    raw = raw.take(((days + 3) % 7 < 5) & (days != holiday))
    if rests:
        checked(raw, CandleRules(), NAME)
    else:
        with pytest.raises(InvalidCandles, match="24 candles are missing"):
            checked(raw, CandleRules(), NAME)


def test_a_hole_of_weeks_is_no_weekend() -> None:
    raw = columns(24 * 40)
    days = raw.stamps // (24 * HOUR) - raw.stamps[0] // (24 * HOUR)
    weekday = (raw.stamps // (24 * HOUR) + 3) % 7
    with pytest.raises(InvalidCandles, match="candles are missing"):
        checked(raw.take((weekday < 5) & ((days < 11) | (days > 28))), CandleRules(), NAME)
