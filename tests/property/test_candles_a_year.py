"""Candles a year are the market's: not of the part that stands in a file, nor of its holes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.market.annual import candles_a_year
from genepool.market.arrays import IntArray
from genepool.market.gaps import chosen_calendar, gaps_between
from genepool.market.timeframes import DAY, HOUR, WEEK

QUIET = settings(derandomize=True, deadline=None, max_examples=60)
SEVEN = 7


def weekdays(weeks: int) -> IntArray:
    every: IntArray = np.arange(weeks * 7)
    return DAY * every[(every + 3) % 7 < 5]


@st.composite
def windows(draw: st.DrawFn, least: int, most: int) -> tuple[int, int]:
    length = draw(st.integers(least, most))
    start = draw(st.integers(0, most - length))
    return start, start + length


@QUIET
@given(window=windows(4 * SEVEN, 700), zone=st.integers(0, 23), lost=st.integers(0, 10**6))
def test_of_a_share_wherever_the_history_is_cut(window: tuple[int, int], zone: int, lost: int) -> None:
    opens = (weekdays(20) + zone * HOUR)[:, None] + HOUR // 2 + HOUR * np.arange(SEVEN)
    whole = opens.ravel()[slice(*window)]
    for stamps in (whole, np.delete(whole, [lost % len(whole)])):
        assert candles_a_year(stamps, HOUR) == SEVEN * 252


@QUIET
@given(window=windows(8 * 24, 2_400), opens=st.integers(0, 23), holiday=st.integers(0, 19))
def test_of_foreign_exchange_wherever_the_history_is_cut(
    window: tuple[int, int], opens: int, holiday: int
) -> None:
    dates = weekdays(20)
    whole = (dates[:, None] + HOUR * np.arange(24)).ravel() - opens * HOUR
    stamps = whole[slice(*window)]
    assert candles_a_year(stamps, HOUR) == 120 * 365 / 7
    rested = whole[whole // WEEK != holiday]
    assert candles_a_year(rested, HOUR) == 120 * 365 / 7


@QUIET
@given(before=st.integers(49, 59), after=st.integers(49, 59), opens=st.integers(0, 23))
def test_of_foreign_exchange_from_the_days_around_one_weekend(before: int, after: int, opens: int) -> None:
    monday = 5 * 24
    hours = (weekdays(2)[:, None] + HOUR * np.arange(24)).ravel() - opens * HOUR
    assert candles_a_year(hours[monday - before : monday + after], HOUR) == 120 * 365 / 7


@QUIET
@given(window=windows(6, 100), place=st.integers(0, 10**6), hour=st.integers(1, 5))
def test_a_candle_lost_inside_a_session_is_always_a_gap_and_a_night_never(
    window: tuple[int, int], place: int, hour: int
) -> None:
    dates = weekdays(20)[slice(*window)]
    whole = (dates[:, None] + 14 * HOUR + HOUR * np.arange(SEVEN)).ravel()
    assert not len(gaps_between(whole, HOUR, chosen_calendar(whole, HOUR)).after)
    lost = SEVEN * (place % len(dates)) + hour
    stamps = np.delete(whole, [lost])
    gaps = gaps_between(stamps, HOUR, chosen_calendar(stamps, HOUR))
    assert (gaps.after.tolist(), gaps.missing.tolist(), gaps.expected.tolist()) == ([lost - 1], [1], [False])
