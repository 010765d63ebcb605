"""What is not read from a short span, and what is only known to lie beyond a bound."""

from dataclasses import replace

import pytest

from genepool.backtest.caveats import caveats, stopped_at_bound, too_short
from genepool.cli._measure_text import measure
from genepool.market.measures import RATIO_CAP, Measures

HOURS = 8_760.0
USUAL = Measures(
    *(0.1, 0.2, 0.3, 0.6, 0.9, 1.5, 0.1, 40, 12.0, 7, 0.5, 1.4, 0.8, 0.0, 0.01, 0.1, 3.5, 0.0, 0, HOURS / 4)
)


def test_a_quarter_of_a_year_is_long_enough_and_a_candle_less_is_not() -> None:
    assert too_short(USUAL, HOURS) is None
    assert too_short(replace(USUAL, candles=HOURS / 4 - 1), HOURS) is not None


def test_the_reason_names_the_days_that_there_are_and_the_days_that_it_takes() -> None:
    reason = too_short(replace(USUAL, candles=34), HOURS)
    assert reason == "a year is not read from 1.42 days of candles: it takes 91"


def test_days_are_those_of_the_markets_own_year() -> None:
    # A quarter of 252 sessions is a quarter of a year, however many of its days had no session.
    assert too_short(replace(USUAL, candles=63), 252.0) is None
    assert too_short(replace(USUAL, candles=62), 252.0) is not None


def test_a_usual_span_has_no_caveat() -> None:
    assert caveats(USUAL, HOURS) == {}


def test_everything_of_a_year_carries_the_reason() -> None:
    assert list(caveats(replace(USUAL, candles=34), HOURS)) == ["annual_return", "calmar", "turnover"]


def test_a_bound_is_told_once_and_not_where_nothing_is_shown() -> None:
    found = caveats(replace(USUAL, calmar=RATIO_CAP, profit_factor=RATIO_CAP), HOURS)
    assert found["profit_factor"] == "beyond the bound of 1,000: next to no losing trade"
    assert set(found) == {"calmar", "profit_factor"}
    short = caveats(replace(USUAL, calmar=RATIO_CAP, candles=34), HOURS)
    assert short["calmar"].startswith("a year is not read")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("profit_factor", 1_000.0, "over 1,000"),
        ("profit_factor", 999.99, "999.99"),
        ("sortino", -1_000.0, "under -1,000"),
        ("calmar", 1_000.0, "over 1,000"),
        ("annual_return", 1_000.0, "over 100,000%"),
        ("annual_return", 45.4, "4,540.00%"),
        ("turnover", 1_000.0, "1,000.00"),
        ("trades", 1_000.0, "1,000"),
    ],
)
def test_a_capped_ratio_is_shown_as_beyond_its_bound(name: str, value: float, shown: str) -> None:
    assert measure(name, value) == shown


@pytest.mark.parametrize("name", ["annual_return", "calmar", "turnover"])
def test_what_is_a_years_is_a_dash_on_a_short_span(name: str) -> None:
    assert measure(name, 45.4, too_short=True) == "\N{EN DASH}"


def test_what_needs_no_year_is_shown_on_any_span() -> None:
    assert measure("total_return", 0.015, too_short=True) == "1.50%"
    assert measure("sharpe", 11.58, too_short=True) == "11.58"
    assert not stopped_at_bound("turnover", 5_000.0)
