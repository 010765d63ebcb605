"""A market is judged by its own calendar: sessions, weeks, months and the clock of its zone."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.backtest.detailed import buy_and_hold
from genepool.backtest.problem import ENGINE_VERSION, Problem
from genepool.errors import InvalidCandles
from genepool.market.annual import candles_a_year, candles_a_year_over
from genepool.market.arrays import FloatArray, IntArray
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.gaps import Calendar, chosen_calendar, gaps_between
from genepool.market.raw_columns import RawColumns
from genepool.market.split import SplitRule
from genepool.market.survey import survey
from genepool.market.timeframes import DAY, HOUR, MONTH, WEEK, timeframe_name
from genepool.market.validation import checked

CASES = Path(__file__).resolve().parents[2] / "data" / "cases"
MINUTE = HOUR // 60


def read(name: str) -> Candles:
    return import_file(CASES / f"{name}.csv", ImportOptions()).candles


def days(first: str, last: str, *, without: tuple[str, ...] = ()) -> IntArray:
    """Return the Mondays to Fridays of a span as stamps of midnight, without some of them."""
    span = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    kept = span[np.is_busday(span) & ~np.isin(span, np.array(without, dtype="datetime64[D]"))]
    return kept.astype("datetime64[ns]").astype(np.int64)


def between(first: str, last: str) -> tuple[str, ...]:
    return tuple(np.datetime_as_string(np.arange(np.datetime64(first), np.datetime64(last) + 1)).tolist())


def sessions(dates: IntArray, opens: int, closes: int, step: int) -> IntArray:
    return (dates[:, None] + np.arange(opens, closes, step)).ravel()


def columns(stamps: IntArray) -> RawColumns:
    prices: FloatArray = np.asarray(100 + np.arange(len(stamps)) % 7.0, dtype=np.float64)
    return RawColumns(
        stamps, prices, prices + 1, prices - 1, prices, None, None, np.arange(2, len(stamps) + 2)
    )


def judged(stamps: IntArray, rules: CandleRules = CandleRules()) -> tuple[str, Calendar, float]:  # noqa: B008 - frozen
    """Return timeframe, calendar and candles a year of stamps that are accepted."""
    sound = checked(columns(stamps), rules, "f.csv")
    return sound.timeframe, sound.calendar, sound.candles("X").candles_per_year


@pytest.mark.parametrize(
    ("case", "timeframe", "per_year"),
    [
        ("four_stock_sessions_15m", "15m", 6_552),
        ("stock_sessions_1h", "1h", 1_764),
        ("daily_new_york_offset", "1d", 252),
        ("daily_new_york_epoch", "1d", 252),
        ("fx_day_begins_1700_new_york", "1d", 5 * 365 / 7),
        ("fx_4h_new_york", "4h", 30 * 365 / 7),
        ("monthly", "1M", 12),
        ("weekly_last_trading_day", "1w", 365 / 7),
    ],
)
def test_a_case_is_read_without_a_flag(case: str, timeframe: str, per_year: float) -> None:
    candles = read(case)
    assert candles.timeframe == timeframe
    assert candles.candles_per_year == per_year
    assert survey(candles).unexpected_gaps == 0


def test_stock_sessions_1h_has_no_gaps_and_nothing_is_filled() -> None:
    data = import_file(CASES / "stock_sessions_1h.csv", ImportOptions(rules=CandleRules(repair=True)))
    assert data.provenance.repairs == ()
    assert data.provenance.calendar == "sessions"
    assert survey(data.candles).gaps == 0
    assert len(data.candles) == 49


def test_two_trading_days_missing_are_named() -> None:
    with pytest.raises(
        InvalidCandles, match=r"nothing on Thursday 2017-05-04, Friday 2017-05-05.*--max-gap 93"
    ):
        read("two_trading_days_missing")


@pytest.mark.parametrize("weeks", [1, 2, 9])
def test_a_forex_week_has_120_candles_however_many_weeks_there_are(weeks: int) -> None:
    stamps = sessions(days("2021-01-04", "2021-12-31")[: 5 * weeks], 0, DAY, HOUR)
    assert judged(stamps) == ("1h", Calendar.WEEKDAYS, 120 * 365 / 7)


EXCHANGES = {
    "new york and its storm": days(
        *("2012-09-04", "2013-02-28"),
        without=(*between("2012-10-29", "2012-10-30"), "2012-11-22", "2013-01-21", "2013-02-18"),
    ),
    "london at easter": days(
        *("2016-01-04", "2017-12-29"),
        without=(
            *("2016-03-25", "2016-03-28", "2016-05-02", "2016-08-29"),
            *("2017-04-14", "2017-04-17", "2017-05-01", "2017-08-28"),
        ),
    ),
    "tokyo and its golden week": days(
        *("2018-01-04", "2019-12-30"),
        without=(
            *between("2018-05-03", "2018-05-04"),
            *between("2019-04-29", "2019-05-06"),
            "2018-09-17",
            "2018-11-23",
            "2019-11-04",
        ),
    ),
    "shanghai and the lunar new year": days(
        *("2018-01-04", "2019-12-30"),
        without=(
            *between("2018-02-15", "2018-02-21"),
            *between("2018-10-01", "2018-10-05"),
            *between("2019-02-04", "2019-02-08"),
            *between("2019-10-01", "2019-10-07"),
        ),
    ),
    "riyadh, sunday to thursday": days(
        *("2018-01-01", "2019-12-30"),
        without=(
            *between("2018-06-14", "2018-06-19"),
            *between("2018-08-20", "2018-08-24"),
            *between("2019-06-03", "2019-06-10"),
            *between("2019-08-12", "2019-08-16"),
        ),
    )
    - DAY,
}


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_an_exchange_has_252_days_and_its_holidays_are_no_holes(exchange: str) -> None:
    assert judged(EXCHANGES[exchange]) == ("1d", Calendar.WEEKDAYS, 252)


@pytest.mark.parametrize(
    "cut", [("2016-05-19", "2016-05-20"), ("2016-05-20", "2016-05-23"), ("2016-10-04", "2016-10-05")]
)
def test_two_days_that_no_feast_explains_are_a_hole(cut: tuple[str, str]) -> None:
    stamps = days("2015-01-05", "2017-12-29", without=("2015-11-26", "2016-11-24", "2017-11-23", *cut))
    with pytest.raises(InvalidCandles, match=rf"nothing on .*{cut[0]}, .*{cut[1]}"):
        judged(stamps)


def test_one_day_is_a_holiday_unless_there_are_more_than_any_exchange_has() -> None:
    stamps = days("2015-01-05", "2016-12-23")
    assert judged(np.delete(stamps, [77]))[0] == "1d"
    with pytest.raises(InvalidCandles, match="such gaps"):
        judged(np.delete(stamps, np.arange(5, 505, 8)))


def test_a_daily_market_that_never_rests_but_at_weekends_is_foreign_exchange() -> None:
    assert judged(days("2015-01-05", "2015-12-23"))[2] == 5 * 365 / 7


def new_york(step: int) -> IntArray:
    """Return sessions from half past nine to four, across a change of clocks, with a short day."""
    dates = days("2019-10-14", "2019-12-20", without=("2019-11-28",))
    winter = np.where(dates >= dates[15], HOUR, 0)
    stamps = (dates + winter)[:, None] + np.arange(13 * HOUR + HOUR // 2, 20 * HOUR, step)
    short = (dates[:, None] == days("2019-11-29", "2019-11-29")) & (stamps - dates[:, None] >= 18 * HOUR)
    return np.asarray(stamps[~short], dtype=np.int64)


@pytest.mark.parametrize(
    ("step", "per_day"), [(MINUTE, 390), (5 * MINUTE, 78), (30 * MINUTE, 13), (HOUR, 7), (4 * HOUR, 2)]
)
def test_a_share_has_its_session_252_times_a_year(step: int, per_day: int) -> None:
    stamps = new_york(step)
    assert judged(stamps) == (timeframe_name(step), Calendar.SESSIONS, per_day * 252)
    assert not len(gaps_between(stamps, step, Calendar.SESSIONS).after)


def test_the_first_hour_of_a_session_may_be_half_a_one_and_lunch_may_last_ninety_minutes() -> None:
    dates = days("2019-02-11", "2019-03-29")
    tens = (dates[:, None] + np.array([9 * HOUR + HOUR // 2, *range(10 * HOUR, 16 * HOUR, HOUR)])).ravel()
    assert judged(tens) == ("1h", Calendar.SESSIONS, 7 * 252)
    lunch = (dates[:, None] + HOUR * np.array([1.5, 2.5, 3.5, 5, 6, 7])).ravel().astype(np.int64)
    assert judged(lunch) == ("1h", Calendar.SESSIONS, 6 * 252)


@pytest.mark.parametrize(
    ("lost", "missing"), [((73,), 1), ((71, 72, 73), 3), ((70,), 1), (tuple(range(70, 84)), 14)]
)
def test_a_hole_in_a_session_is_a_hole(lost: tuple[int, ...], missing: int) -> None:
    stamps = sessions(days("2019-02-11", "2019-03-29"), 14 * HOUR, 21 * HOUR, HOUR)
    with pytest.raises(InvalidCandles, match=rf"{missing} candles? (is|are) missing.*--max-gap {missing}"):
        judged(np.delete(stamps, lost))


def test_a_hole_in_a_session_is_filled_on_request_and_no_night_is() -> None:
    stamps = sessions(days("2019-02-11", "2019-03-29"), 14 * HOUR, 21 * HOUR, HOUR)
    sound = checked(columns(np.delete(stamps, [73])), CandleRules(repair=True), "f.csv")
    assert np.array_equal(sound.columns.stamps, stamps)


def test_a_market_with_an_hour_of_rest_a_day_closes_early_before_holidays() -> None:
    dates = days("2019-01-07", "2019-12-20")
    stamps = sessions(dates, 0, 23 * HOUR, HOUR)
    eve = (stamps // DAY == dates[100] // DAY) & (stamps % DAY >= 18 * HOUR)
    assert judged(stamps[~eve]) == ("1h", Calendar.WEEKDAYS, 115 * 365 / 7)


def test_what_trades_always_keeps_its_old_figure_and_its_holes() -> None:
    stamps = HOUR * np.delete(np.arange(2_000), np.arange(700, 712))
    assert candles_a_year(stamps, HOUR) == (len(stamps) - 1) * 365 * DAY / int(stamps[-1] - stamps[0])
    assert candles_a_year(HOUR * np.arange(2_000), HOUR) == 8_760.0
    with pytest.raises(InvalidCandles, match="12 candles are missing"):
        judged(stamps)


def test_a_hole_between_two_stretches_is_no_night() -> None:
    assert chosen_calendar(HOUR * np.delete(np.arange(30), np.arange(10, 20)), HOUR) is Calendar.CONTINUOUS


@pytest.mark.parametrize("change", [HOUR, -HOUR])
def test_days_move_by_an_hour_where_clocks_change(change: int) -> None:
    stamps = days("2019-02-04", "2019-06-28")
    moved = np.where(stamps >= days("2019-04-01", "2019-04-01"), change, 0)
    assert judged(stamps + 5 * HOUR + moved)[0] == "1d"


@pytest.mark.parametrize(
    "moved",
    [np.arange(105) == 50, np.arange(105) % 2 == 0, np.arange(105) >= 95],
    ids=["one day", "every other day", "in June"],
)
def test_days_that_move_otherwise_are_refused(moved: np.ndarray) -> None:
    stamps = days("2019-02-04", "2019-06-28")
    with pytest.raises(InvalidCandles, match="give stamps of one timeframe"):
        judged(stamps + HOUR * np.where(moved, 1, 0))


@pytest.mark.parametrize("hours", [2, 3, 4, 6, 8, 12])
def test_candles_of_several_hours_keep_the_clock_of_their_zone(hours: int) -> None:
    stamps = np.arange(0, 200 * DAY, hours * HOUR) + days("2019-01-07", "2019-01-07")
    late = np.where(stamps >= days("2019-04-01", "2019-04-01"), HOUR, 0)
    timeframe, calendar, _ = judged(stamps - late)
    assert (timeframe, calendar) == (timeframe_name(hours * HOUR), Calendar.CONTINUOUS)


def months(*, last: bool = False, business: bool = False) -> IntArray:
    first = np.arange("2015-01", "2020-01", dtype="datetime64[M]").astype("datetime64[D]")
    moments = (first.astype("datetime64[M]") + 1).astype("datetime64[D]") - 1 if last else first
    if business:
        moments = np.busday_offset(moments, 0, roll="backward" if last else "forward")
    return np.asarray(moments.astype("datetime64[ns]").astype(np.int64))


MONTHS = {
    "first day": months(),
    "last day": months(last=True),
    "first trading day": months(business=True),
    "last trading day": months(last=True, business=True),
    "london": months() - HOUR * ((np.arange(60) % 12 >= 3) & (np.arange(60) % 12 <= 9)),
}


@pytest.mark.parametrize("kind", MONTHS)
def test_months_have_calendar_steps(kind: str) -> None:
    assert judged(MONTHS[kind]) == ("1M", Calendar.CONTINUOUS, 12)
    assert judged(MONTHS[kind], CandleRules(timeframe="1M"))[0] == "1M"


def test_a_month_that_is_missing_is_a_gap() -> None:
    with pytest.raises(InvalidCandles, match=r"1 candle is missing between 2016-01-01 .*--max-gap 1$"):
        judged(np.delete(months(), [13]))


def test_quarters_and_years_are_months_and_four_weeks_are_weeks() -> None:
    assert judged(months()[::3])[0] == "3M"
    assert judged(months()[::12])[0] == "12M"
    assert judged(4 * WEEK * np.arange(40)) == ("4w", Calendar.CONTINUOUS, 365 / 28)
    assert judged(30 * DAY * np.arange(40))[0] == "30d"


def test_a_running_month_is_left_out_until_its_last_moment() -> None:
    stamps = months()
    end = int((np.datetime64("2020-01-01", "ns")).astype(np.int64))
    kept = [len(checked(columns(stamps), CandleRules(now=now), "f.csv").columns) for now in (end - 1, end)]
    assert kept == [59, 60]
    assert end - stamps[-1] > MONTH


@pytest.mark.parametrize("late", [0, 1, -1, -4])
def test_weeks_begin_or_end_on_another_day_when_a_holiday_makes_them(late: int) -> None:
    stamps = 4 * DAY + WEEK * np.arange(60)
    stamps[30] += late * DAY
    assert judged(stamps) == ("1w", Calendar.CONTINUOUS, 365 / 7)


def test_a_week_that_is_missing_is_a_gap() -> None:
    with pytest.raises(InvalidCandles, match="1 candle is missing"):
        judged(np.delete(4 * DAY + WEEK * np.arange(60), [30]))


def test_holes_outside_the_traded_span_make_no_difference() -> None:
    whole = HOUR * np.delete(np.arange(2_000), np.arange(1_500, 1_700))
    assert candles_a_year_over(whole, HOUR, 0, 1_000) == 8_760.0
    week = sessions(days("2021-01-04", "2021-01-15"), 0, DAY, HOUR)
    assert candles_a_year_over(week, HOUR, 0, 60) == 120 * 365 / 7


def test_two_weeks_of_forex_are_annualised_as_the_first_of_them() -> None:
    def traded(count: int) -> float:
        stamps = sessions(days("2021-01-04", "2021-01-15"), 0, DAY, HOUR)[:count]
        prices = 1.2 + 0.001 * np.sin(np.arange(count))
        market = Candles("EURUSD", "1h", stamps, prices, prices, prices, prices)
        return buy_and_hold(market, CostModel(), 0, 120).measures.sharpe

    assert traded(120) == traded(240) != 0


def test_a_problem_of_another_annualisation_is_another_problem() -> None:
    def digests(stamps: IntArray) -> tuple[str, str]:
        prices = np.full(len(stamps), 7.0)
        market = Candles("X", "1h", stamps, prices, prices, prices, prices)
        problem = Problem.seal(market, SplitRule(purge=0, embargo=0), CostModel(), "sharpe")
        return problem.digest, hashlib.sha256(
            f"problem/{ENGINE_VERSION}|{problem.candles.digest}|{problem.in_sample}|{problem.folds}"
            f"|{problem.costs}|{problem.objective}".encode()
        ).hexdigest()[:16]

    always, before = digests(HOUR * np.arange(400))
    assert always == before
    weekly, before = digests(sessions(days("2021-01-04", "2021-03-12"), 0, DAY, HOUR))
    assert weekly != before
