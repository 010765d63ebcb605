"""What is not read from a short span, and what is only known to lie beyond a bound."""

from dataclasses import fields, replace

import pytest

from genepool.backtest.caveats import (
    OF_A_YEAR,
    Shown,
    caveats,
    caveats_by_span,
    reading_of,
    too_short,
    unread,
)
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
    assert reason == "a year is not read from 34 hours of candles: it takes 91.25 days"
    assert "from 91.2 days of candles: it takes 91.25" in str(
        too_short(replace(USUAL, candles=HOURS / 4 - 1), HOURS)
    )


def test_days_are_those_of_the_markets_own_year() -> None:
    # A quarter of 252 sessions is a quarter of a year, however many of its days had no session.
    assert too_short(replace(USUAL, candles=63), 252.0) is None
    assert too_short(replace(USUAL, candles=62), 252.0) is not None


def test_a_usual_span_has_no_caveat() -> None:
    assert caveats(USUAL, HOURS) == {}


def test_everything_of_a_year_carries_the_reason() -> None:
    assert list(caveats(replace(USUAL, candles=34), HOURS)) == list(OF_A_YEAR)


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
        ("annual_return", 45.4, "+4,540%"),
        ("turnover", 1_000.0, "1,000"),
        ("trades", 1_000.0, "1,000"),
        ("total_return", -0.031, "-3.1%"),
        ("max_drawdown", 0.031, "3.1%"),
        ("fees_paid", 0.0123, "1.23%"),
        ("sharpe", -0.001, "0.00"),
    ],
)
def test_a_measure_is_written_in_one_way(name: str, value: float, shown: str) -> None:
    assert reading_of(name, replace(USUAL, **{name: value}), HOURS).text == shown


def test_only_a_bound_is_known_of_a_capped_ratio_and_of_no_other() -> None:
    assert reading_of("calmar", replace(USUAL, calmar=RATIO_CAP), HOURS).shown is Shown.BOUND
    assert reading_of("turnover", replace(USUAL, turnover=5_000.0), HOURS).shown is Shown.NUMBER


@pytest.mark.parametrize("field", [field.name for field in fields(Measures)])
def test_what_is_annualised_is_a_dash_with_a_reason_on_a_short_span_and_nothing_else_is(field: str) -> None:
    reading = reading_of(field, replace(USUAL, candles=34), HOURS)
    annual = field in {"annual_return", "volatility", "sharpe", "sortino", "calmar", "turnover"}
    assert (reading.text == "\N{EN DASH}") is annual
    assert bool(reading.reason) is annual
    assert reading.value == getattr(replace(USUAL, candles=34), field)


def test_spans_that_are_too_short_are_named() -> None:
    spans = {"in-sample": USUAL, "walk-forward": replace(USUAL, candles=34)}
    assert list(unread(spans, HOURS)) == ["walk-forward"]
    found = caveats_by_span(spans, HOURS)
    assert found["in_sample"] == {}
    assert list(found["walk_forward"]) == list(OF_A_YEAR)
