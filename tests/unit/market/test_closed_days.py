"""Weekdays without a candle: holidays are known by rules or by coming again, lost days are named."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from genepool.cli import backtest, data
from genepool.market.arrays import IntArray
from genepool.market.candles import Candles
from genepool.market.closed_days import ClosedDays, closed_days
from genepool.market.synthetic import synthetic_market
from genepool.market.timeframes import DAY, HOUR

NEW_YORK = {
    2021: ("01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06", "11-25", "12-24"),
    2022: ("01-17", "02-21", "04-15", "05-30", "06-20", "07-04", "09-05", "11-24", "12-26"),
    2023: ("01-02", "01-16", "02-20", "04-07", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"),
}
# Of Tokyo: fixed dates, and Mondays of a month.
TOKYO = {
    2021: ("01-11", "02-11", "02-23", "04-29", "05-03", "05-04", "05-05", "09-20", "11-03", "11-23"),
    2022: ("01-10", "02-11", "02-23", "04-29", "05-03", "05-04", "05-05", "09-19", "11-03", "11-23"),
    2023: ("01-09", "02-23", "05-03", "05-04", "05-05", "09-18", "11-03", "11-23"),
}


def dates(kept: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"{year}-{day}" for year, days in kept.items() for day in days)


def weekdays(first: str, last: str, *without: str) -> IntArray:
    span = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    kept = span[np.is_busday(span) & ~np.isin(span, np.array(without, dtype="datetime64[D]"))]
    return kept.astype("datetime64[ns]").astype(np.int64)


def market(stamps: IntArray, timeframe: str = "1d") -> Candles:
    prices = np.full(len(stamps), 10.0)
    return Candles("SPY", timeframe, stamps, prices, prices, prices, prices, None, None)


def test_the_holidays_of_one_year_are_usual() -> None:
    seen = closed_days(market(weekdays("2022-01-03", "2022-12-30", *dates(NEW_YORK))))
    assert seen.closed == dates({2022: NEW_YORK[2022]})
    assert seen.doubtful == ()
    assert seen.sentence().endswith("2022-12-26), all of them usual holidays")


@pytest.mark.parametrize("lost", ["2022-03-09", "2022-06-14", "2022-10-21", "2022-08-08"])
def test_a_lost_day_is_named(lost: str) -> None:
    stamps = weekdays("2021-01-04", "2023-12-29", *dates(NEW_YORK), lost)
    seen = closed_days(market(stamps))
    assert seen.doubtful == (lost,)
    day = f"{np.datetime64(lost).item():%A}"
    assert seen.sentence() == f"closed on 28 weekdays, of which 1 is no usual holiday: {day} {lost}"


def test_a_day_on_which_the_market_rests_every_year_is_usual() -> None:
    seen = closed_days(market(weekdays("2021-01-04", "2023-12-29", *dates(TOKYO), "2022-06-14")))
    assert seen.doubtful == ("2022-06-14",)


@pytest.mark.parametrize("opens", [0, 5 * HOUR, 14 * HOUR + HOUR // 2, 21 * HOUR])
def test_a_day_is_named_by_its_own_date_whenever_its_candle_opens(opens: int) -> None:
    stamps = weekdays("2022-01-03", "2022-12-30", *dates(NEW_YORK), "2022-03-09") + opens
    assert closed_days(market(stamps)).doubtful == ("2022-03-09",)


def test_a_day_that_begins_on_the_evening_before_is_named_by_its_own_date() -> None:
    stamps = weekdays("2022-01-03", "2022-12-30", *dates(NEW_YORK), "2022-03-07") - 2 * HOUR
    assert closed_days(market(stamps)).doubtful == ("2022-03-07",)


@pytest.mark.parametrize(("opens", "hours"), [(14, 7), (1, 6), (22, 8)])
def test_a_lost_day_of_sessions_is_named(opens: int, hours: int) -> None:
    days = weekdays("2022-01-03", "2022-12-30", *dates(NEW_YORK), "2022-03-09")
    if opens + hours > 24:
        days = days - DAY  # the session of a Monday begins on Sunday evening
    stamps = (days[:, None] + (opens + np.arange(hours)) * HOUR).ravel()
    assert closed_days(market(stamps, "1h")).doubtful == ("2022-03-09",)


def test_a_lost_monday_of_a_week_without_nights_is_named() -> None:
    days = weekdays("2022-01-03", "2022-12-30", "2022-12-26", "2022-03-07")
    stamps = (days[:, None] + np.arange(24) * HOUR).ravel()
    assert closed_days(market(stamps, "1h")) == ClosedDays(("2022-03-07", "2022-12-26"), ("2022-03-07",))


def test_sunday_evenings_are_no_trading_days() -> None:
    days = weekdays("2022-01-03", "2022-06-30")
    stamps = (days[:, None] + (np.arange(24) - 2) * HOUR).ravel()
    assert closed_days(market(stamps, "1h")).closed == ()


def test_a_market_that_never_rests_has_no_holidays() -> None:
    assert closed_days(synthetic_market("noise", 5, 2_000)) == ClosedDays()


def test_a_holiday_that_is_new_is_usual_from_its_first_year_on() -> None:
    kept = tuple(f"{year}-03-23" for year in range(2015, 2024))
    assert closed_days(market(weekdays("2000-01-03", "2023-12-29", *kept))).doubtful == ()


def test_describe_dates_lost_days_and_backtest_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    app = typer.Typer()
    backtest.register(app)
    data.register(app)
    path = tmp_path / "SPY.csv"
    stamps = weekdays("2022-01-03", "2022-12-30", *dates(NEW_YORK), "2022-03-09")
    shown = np.datetime_as_string(stamps.astype("datetime64[ns]").astype("datetime64[D]"))
    rows = [f"{day},10,11,9,10" for day in shown]
    path.write_text("date,open,high,low,close\n" + "\n".join(rows))
    described = CliRunner().invoke(app, ["data", "describe", str(path), "--json"])
    closures = json.loads(described.stdout)["closures"]
    assert (len(closures["closed"]), closures["doubtful"]) == (10, ["2022-03-09"])
    words = ("backtest", "--data", str(path), "--strategy", "sma_trend_filter", "--gene", "period=10")
    assert "no usual holiday: Wednesday 2022-03-09: see whether the file lost" in (
        CliRunner().invoke(app, words).stderr
    )
