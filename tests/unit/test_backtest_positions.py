"""Where a backtest starts and stops: numbers and dates are read where they are certain, else it asks."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.usecases.backtest_positions import chosen_span

_HOUR = 3_600_000_000_000
_FIRST = 1_498_867_200_000_000_000  # 2017-07-01


def hours(count: int, first: int = _FIRST) -> Candles:
    stamps, price = first + _HOUR * np.arange(count), np.ones(count)
    return Candles("W", "1h", stamps, price, price, price, price)


MARKET = hours(20_000)


def refusal(candles: Candles, start: str, stop: str = "") -> str:
    with pytest.raises(ConfigError) as caught:
        chosen_span(candles, start, stop)
    return str(caught.value)


def test_a_year_within_the_candles_is_asked_about_and_each_remedy_works() -> None:
    sentence = refusal(MARKET, "2018")
    assert "may be the year or candle 2,018 (which opens at 2017-09-23T02:00:00Z)" in sentence
    year, candle = re.findall(r"--start ([0-9T:Z-]+) for", sentence)
    assert chosen_span(MARKET, year, "")[0][0] == 184 * 24
    assert chosen_span(MARKET, candle, "")[0][0] == 2_018


def test_so_is_a_year_to_stop_at() -> None:
    sentence = refusal(MARKET, "", "2019")
    year, candle = re.findall(r"--stop ([0-9T:Z-]+) for", sentence)
    assert timestamp(int(MARKET.stamps[chosen_span(MARKET, "", year)[0][1]])) == "2019-01-01T00:00:00Z"
    assert chosen_span(MARKET, "", candle)[0][1] == 2_019


def test_only_remedies_that_work_are_offered() -> None:
    assert "for the year" not in refusal(MARKET, "", "2017")
    few = refusal(hours(1_000), "2017")
    assert "for that candle" not in few
    assert "--start 2017-01-01 for the year" in few


@pytest.mark.parametrize("year", ["2016", "1999", "2030"])
def test_a_year_outside_the_candles_is_a_number_and_that_is_said(year: str) -> None:
    span, said = chosen_span(MARKET, "", year)
    assert span == (0, int(year))
    assert said[0].startswith(f"--stop {year} is candle {int(year):,}, which opens at 2017-09-2")


def test_a_number_that_nobody_takes_for_a_year_is_taken_silently() -> None:
    assert chosen_span(MARKET, "1500", "2500") == ((1_500, 2_500), ())


@pytest.mark.parametrize("text", ["2016", "1999", "2030", "201", "20180"])
def test_a_number_that_is_no_year_of_the_candles_is_a_number(text: str) -> None:
    if int(text) < len(MARKET):
        assert chosen_span(MARKET, text, "")[0][0] == int(text)
    else:
        assert f"--start {text} lies after the last candle" in refusal(MARKET, text)


@pytest.mark.parametrize(
    "text", ["2018-01-01", "20180101", "2018-01", "2018-01-01T00:00:00Z", " 2018-01-01 "]
)
def test_dates_are_read_in_every_form_that_is_certain(text: str) -> None:
    assert chosen_span(MARKET, text, "") == ((184 * 24, 20_000), ())


@pytest.mark.parametrize("text", ["2018-13-01", "01.02.2018", "soon", "-5", "1e3", "20181301"])
def test_what_is_neither_is_refused(text: str) -> None:
    assert f"--start {text} is not understood" in refusal(MARKET, text)


def test_the_first_candle_is_the_one_at_or_after_the_moment() -> None:
    assert chosen_span(MARKET, "2017-07-01T05:00:00.5", "")[0][0] == 6
    assert chosen_span(MARKET, "2017-07-01T05:00:00+05:00", "")[0][0] == 0
    assert chosen_span(MARKET, "2017-07-01T05:00:00", "2017-07-01T06:30")[0] == (5, 7)


def test_a_date_outside_the_candles_is_said() -> None:
    span, said = chosen_span(MARKET, "2001-01-01", "9999-12-31")
    assert span == (0, 20_000)
    assert "--start 2001-01-01 lies before the first candle, 2017-07-01T00:00:00Z" in said[0]
    assert "--stop 9999-12-31 lies after the last candle" in said[1]


def test_a_date_at_their_ends_is_not() -> None:
    end = timestamp(int(MARKET.stamps[-1]) + _HOUR)
    assert chosen_span(MARKET, "2017-07-01", end) == ((0, 20_000), ())


@pytest.mark.parametrize(
    ("start", "stop", "sentence"),
    [
        ("500", "100", "--stop 100 does not lie after --start 500"),
        ("500", "500", "--stop 500 does not lie after --start 500"),
        ("2018-02-01", "2018-01-01", "--stop 2018-01-01 does not lie after --start 2018-02-01"),
        ("2030-01-01", "", "--start 2030-01-01 lies after the last candle: there are candles 0 to 19,999"),
        ("", "20001", "--stop 20001 lies after the last candle"),
        ("", "0", "--stop 0 leaves nothing to trade"),
        ("", "2001-01-01", "--stop 2001-01-01 leaves nothing to trade"),
    ],
)
def test_a_span_without_a_candle_is_refused(start: str, stop: str, sentence: str) -> None:
    assert sentence in refusal(MARKET, start, stop)


@given(st.integers(0, 19_999))
def test_the_opening_time_of_a_candle_is_that_candle(number: int) -> None:
    assert chosen_span(MARKET, timestamp(int(MARKET.stamps[number])), "")[0][0] == number


@given(st.text(max_size=20))
def test_no_text_is_answered_by_anything_but_a_span_or_a_sentence(text: str) -> None:
    try:
        (start, stop), _ = chosen_span(MARKET, text, "")
    except ConfigError:
        return
    assert 0 <= start < stop <= len(MARKET)
