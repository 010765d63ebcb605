"""What a look over candles counts."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.market.survey import survey
from genepool.market.synthetic import VOLATILITY, synthetic_market
from genepool.market.timeframes import timeframe_name, timeframe_nanoseconds, utc

NOISE = synthetic_market("noise", 5, 20_000)


def with_cells(**cells: np.ndarray) -> Candles:
    return replace(NOISE, **cells)  # type: ignore[arg-type] # arrays for array fields


def test_a_clean_market_has_nothing_to_show() -> None:
    seen = survey(NOISE)
    assert (seen.gaps, seen.missing, seen.zero_volume, seen.repeated, seen.jumps) == (0, 0, 0, 0, 0)
    assert seen.funding_paid is None
    assert seen.lowest == NOISE.low.min()
    assert seen.highest == NOISE.high.max()


def test_volatility_is_annualised_with_the_real_candles_a_year() -> None:
    assert survey(NOISE).volatility == pytest.approx(VOLATILITY * 8_760**0.5, rel=0.03)


def test_volatility_divides_by_one_less_than_the_returns() -> None:
    seen = survey(NOISE.slice(0, 3))
    first, second = np.diff(NOISE.close[:3]) / NOISE.close[:2]
    assert seen.volatility == pytest.approx(abs(first - second) / 2**0.5 * 8_760**0.5)


def test_gaps_are_counted() -> None:
    kept = np.delete(np.arange(20_000), [100, 101, 500])
    names = ("stamps", "open", "high", "low", "close", "volume")
    seen = survey(replace(NOISE, **{name: getattr(NOISE, name)[kept] for name in names}))
    assert (seen.gaps, seen.missing, seen.longest_gap, seen.unexpected_gaps) == (2, 3, 2, 2)


def test_candles_that_repeat_earlier_ones_are_counted() -> None:
    cells = {name: getattr(NOISE, name).copy() for name in ("open", "high", "low", "close", "volume")}
    for column in cells.values():
        column[205:210] = column[200:205]
    assert survey(with_cells(**cells)).repeated == 5


def test_quiet_candles_are_no_repeats() -> None:
    flat = np.full(100, 7.0)
    quiet = Candles("Q", "1h", NOISE.stamps[:100], flat, flat, flat, flat, volume=np.zeros(100))
    seen = survey(quiet)
    assert (seen.repeated, seen.jumps, seen.zero_volume, seen.volatility) == (0, 0, 100, 0.0)


def test_a_bad_tick_is_two_jumps() -> None:
    close = NOISE.close.copy()
    close[77] *= 3
    assert survey(with_cells(close=close)).jumps == 2


def test_funding_is_summed() -> None:
    assert survey(with_cells(funding=np.full(20_000, 2.0**-20))).funding_paid == 20_000 * 2.0**-20


@pytest.mark.parametrize(
    ("name", "seconds", "plain"),
    [
        ("1h", 3_600, "1h"),
        ("60m", 3_600, "1h"),
        ("4H", 14_400, "4h"),
        ("7d", 604_800, "1w"),
        ("90s", 90, "90s"),
    ],
)
def test_timeframes_have_one_plain_name(name: str, seconds: int, plain: str) -> None:
    assert timeframe_nanoseconds(name) == seconds * 10**9
    assert timeframe_name(seconds * 10**9) == plain


@pytest.mark.parametrize("name", ["", "h", "0h", "1y", "1.5h", "-1h", "1 hour"])
def test_other_timeframes_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is not understood"):
        timeframe_nanoseconds(name)


@pytest.mark.parametrize("nanoseconds", [0, -1, 1_500_000_000])
def test_no_duration_but_whole_seconds_is_a_timeframe(nanoseconds: int) -> None:
    with pytest.raises(ConfigError, match="is no timeframe"):
        timeframe_name(nanoseconds)


def test_stamps_are_written_in_utc_with_seconds_where_they_matter() -> None:
    assert utc(1_571_302_800 * 10**9) == "2019-10-17 09:00 UTC"
    assert utc(1_571_302_805 * 10**9) == "2019-10-17 09:00:05 UTC"
