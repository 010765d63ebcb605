"""Returns of bots are joined by their stamps, out of sample alone."""

import numpy as np
import pytest

from genepool.errors import ConfigError, DataError
from genepool.market.timeframes import DAY, HOUR
from genepool.portfolio.alignment import check_common, clocks_of, joined_returns
from genepool.portfolio.records import BotRecord, TestedStretch, common_spans
from tests.fakes.bot_records import START, record, stretch


def hourly(days: int, seed: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).normal(0.0, 0.01, 24 * days)


def test_by_the_hour_nothing_of_a_record_is_lost() -> None:
    moves = hourly(5)
    joined = joined_returns([record("a", moves)], "hour")
    assert joined.returns[:, 0] == pytest.approx(moves, abs=1e-12)


def test_days_compound_their_hours() -> None:
    moves = hourly(5)
    joined = joined_returns([record("a", moves)], "day")
    assert 1.0 + joined.returns[:, 0] == pytest.approx(np.prod(1.0 + moves.reshape(5, 24), axis=1))
    assert joined.years == pytest.approx(5 / 365)


def test_bots_of_other_timeframes_meet_at_the_same_days() -> None:
    fine = record("fine", hourly(6))
    coarse = record("coarse", np.full(36, 0.01), timeframe="4h")
    joined = joined_returns([fine, coarse], "day")
    assert joined.returns.shape == (6, 2)
    assert joined.returns[:, 1] == pytest.approx(np.full(6, 1.01**6 - 1.0))
    assert clocks_of([fine, coarse]) == ["day", "week", "month"]


def test_only_periods_are_kept_in_which_all_were_tested() -> None:
    early = BotRecord("early", "1h", 0.0125, (stretch(hourly(10)),))
    late = BotRecord("late", "1h", 0.0125, (stretch(hourly(10), START + 4 * DAY + HOUR),))
    assert common_spans([early, late]) == [(START + 4 * DAY + HOUR, START + 10 * DAY)]
    assert joined_returns([early, late], "day").begins.tolist() == [START + k * DAY for k in range(5, 10)]


def test_a_hole_between_folds_is_no_day_without_moves() -> None:
    joined = joined_returns([record("a", hourly(3), hourly(2, 1))], "day")
    assert ((joined.begins - START) // DAY).tolist() == [0, 1, 2, 5, 6]


def test_a_market_that_is_closed_earns_nothing() -> None:
    whole = stretch(hourly(8, 1))
    # Five days of trading, and the first hour of the next week.
    opened = np.append(np.arange(5 * 24), 7 * 24)
    shut = TestedStretch(START, whole.closes[opened], whole.equity[opened], whole.exposure[opened])
    joined = joined_returns([record("always", hourly(8)), BotRecord("shut", "1h", 0.0125, (shut,))], "day")
    assert joined.returns[5:, 1].tolist() == [0.0, 0.0]
    assert np.all(joined.returns[:5, 1] != 0.0)


def test_an_account_that_is_empty_earns_nothing_more() -> None:
    moves = hourly(4)
    moves[30] = -1.0
    assert joined_returns([record("a", moves)], "day").returns[1:, 0].tolist() == [-1.0, 0.0, 0.0]


def test_candles_longer_than_a_period_are_refused_with_the_clock_to_choose() -> None:
    with pytest.raises(ConfigError, match=r"slow trades candles of 1d, .* choose --clock day"):
        joined_returns([record("slow", np.zeros(30), timeframe="1d")], "hour")


def test_too_little_time_in_common_names_when_each_was_tested() -> None:
    records = [record("a", hourly(5))]
    with pytest.raises(
        DataError, match=r"share 5 whole days .* needs 24.*\(a from 2018-07-01 to 2018-07-06\)"
    ):
        check_common(records, joined_returns(records, "day"))
