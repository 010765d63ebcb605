"""Closures of exchanges that no rule of the calendar gives are known where a file's days fit the exchange."""

import numpy as np
import pytest

from genepool.errors import InvalidCandles
from genepool.market.arrays import IntArray
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles
from genepool.market.closed_days import closed_days
from genepool.market.exchanges import closures, exchanges
from genepool.market.raw_columns import RawColumns
from genepool.market.timeframes import DAY, HOUR
from genepool.market.validation import checked
from genepool.market.weekdays import weekday

# Of each exchange a closure of several days, and the year of the file.
CLOSURES = {
    "Silver Week": ("XTKS", 2015, "2015-09-21", "2015-09-23"),
    "ten days of Golden Week": ("XTKS", 2019, "2019-04-29", "2019-05-06"),
    "the sports day of the games": ("XTKS", 2020, "2020-07-23", "2020-07-24"),
    "Gandhi, Dussehra and Eid": ("XBOM", 2014, "2014-10-02", "2014-10-06"),
    "Diwali": ("XBOM", 2014, "2014-10-23", "2014-10-24"),
    "the lunar new year": ("XSHG", 2020, "2020-01-24", "2020-01-31"),
    "sixteen days of the millennium": ("XSHG", 2000, "2000-01-31", "2000-02-11"),
    "Hong Kong's typhoon": ("XHKG", 2021, "2021-10-13", "2021-10-14"),
    "Taipei's new year": ("XTAI", 2014, "2014-01-28", "2014-02-04"),
    "the feast of the sacrifice": ("XIST", 2016, "2016-09-12", "2016-09-15"),
    "the earthquake": ("XIST", 2023, "2023-02-08", "2023-02-14"),
    "Eid in a week from Sunday": ("XSAU", 2024, "2024-04-07", "2024-04-15"),
    "Sukkot in a week from Sunday": ("XTAE", 2021, "2021-09-20", "2021-09-21"),
    "Moscow's January": ("XMOS", 2005, "2005-01-03", "2005-01-10"),
    "Moscow's spring": ("XMOS", 2022, "2022-02-28", "2022-03-23"),
    "September 2001": ("XNYS", 2001, "2001-09-11", "2001-09-14"),
    "five weeks of Athens": ("ASEX", 2015, "2015-06-29", "2015-07-31"),
    "Songkran": ("XBKK", 2000, "2000-04-13", "2000-04-14"),
}


def traded(name: str, year: int, *lost: int) -> IntArray:
    """Return the days of a year on which an exchange traded, but for some."""
    exchange = next(known for known in exchanges() if known.name == name)
    span = np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year}-12-31") + 1).astype(np.int64)
    due = weekday(span + 1) < 5 if name in {"XTAE", "XSAU"} else weekday(span) < 5
    return np.asarray(span[due & ~np.isin(span, exchange.closed) & ~np.isin(span, lost)], dtype=np.int64)


def day(date: str) -> int:
    return int(np.datetime64(date).astype(np.int64))


def sessions(days: IntArray) -> IntArray:
    return np.asarray((days[:, None] * DAY + np.arange(2, 8) * HOUR).ravel(), dtype=np.int64)


def read(stamps: IntArray) -> Candles:
    prices = np.asarray(100 + np.arange(len(stamps)) % 7.0, dtype=np.float64)
    raw = RawColumns(stamps, prices, prices, prices, prices, None, None, np.arange(2, len(stamps) + 2))
    return checked(raw, CandleRules(), "f.csv").candles("X")


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("lost", [False, True], ids=["whole", "with the next day lost"])
def test_a_closure_is_no_hole_of_days_or_hours(closure: str, lost: bool) -> None:
    name, year, first, last = CLOSURES[closure]
    days = traded(name, year)
    assert not np.isin(days, np.arange(day(first), day(last) + 1)).any()
    if lost:
        days = days[days != days[days > day(last)][0]]
    assert len(read(days * DAY)) == len(days)
    assert len(read(sessions(days))) == len(days) * 6


@pytest.mark.parametrize("name", ["XTKS", "XBOM", "XNYS", "XSHG"])
@pytest.mark.parametrize(
    "cut", [("2015-03-12", "2015-03-13"), ("2015-07-10", "2015-07-13"), ("2015-11-18", "2015-11-19")]
)
def test_two_trading_days_that_an_exchange_did_not_rest_are_a_hole(name: str, cut: tuple[str, str]) -> None:
    days = traded(name, 2015, *map(day, cut))
    for stamps in (days * DAY, sessions(days)):
        with pytest.raises(InvalidCandles, match=rf"nothing on .*{cut[0]}, .*{cut[1]}.*--max-gap"):
            read(stamps)


def test_a_closure_of_another_exchange_explains_nothing() -> None:
    typhoon = [day("2021-10-13"), day("2021-10-14")]
    with pytest.raises(InvalidCandles, match="nothing on Wednesday 2021-10-13, Thursday 2021-10-14"):
        read(traded("XNYS", 2021, *typhoon) * DAY)


def test_a_lost_day_is_doubtful_and_the_moons_holidays_are_not() -> None:
    days = traded("XBOM", 2014, day("2014-09-10"))
    prices = np.full(len(days), 10.0)
    seen = closed_days(Candles("NIFTY", "1d", days * DAY, prices, prices, prices, prices))
    assert "2014-10-23" in seen.closed
    assert seen.doubtful == ("2014-09-10",)


def test_days_that_fit_no_exchange_have_no_known_closures() -> None:
    weekdays: IntArray = np.arange(day("2014-01-01"), day("2014-12-31"))
    assert not len(closures(weekdays[weekday(weekdays) < 5]))


def test_the_table_holds_what_its_names_say() -> None:
    known = {exchange.name: exchange for exchange in exchanges()}
    assert len(known) == len(exchanges()) > 50
    assert day("2012-10-30") in known["XNYS"].closed
    assert day("2012-10-30") not in known["XTKS"].closed
    assert all((np.diff(exchange.closed) > 0).all() for exchange in known.values())
    assert all(exchange.first < exchange.closed[0] <= exchange.last for exchange in known.values())
