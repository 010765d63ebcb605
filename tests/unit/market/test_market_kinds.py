"""Which kind of market a symbol, or else its hours, stand for."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.market.candles import Candles
from genepool.market.hours import keeps_exchange_hours, rests_at_weekends
from genepool.market.kinds import MarketKind, kind_of_symbol, market_kind

SYMBOLS = {
    MarketKind.FOREX: (
        "EURUSD usdjpy EUR/USD EURUSD.m EURUSDpro EURUSDm EURUSDc EURUSD# EURUSD+ EURUSD.raw EURUSD-ECN "
        "EURUSD=X C:EURUSD OANDA:EUR_USD FOREX_EURUSD_1H_ASK EURUSDd1 EURUSDh4 EURUSD60 EURUSD_i frxEURUSD "
        "mEURUSD EURUSD.ecn.pro GBPJPY.a XAUUSD XAUUSDh1 XAUUSD.i .EURUSD"
    ),
    MarketKind.CRYPTO: (
        "BTCUSD BTC BTC/USDT BTC-USD ETHUSDC XBTUSD_60 XXBTZUSD tBTCUSD Coinbase_BTCUSD_1h 1000PEPEUSDT HYPE "
        "BTCEUR ETHBTC BTCUSDT_1h EURUSDT EURUSDC"
    ),
    MarketKind.PERPETUAL: (
        "BTC/USDC:USDC BTCUSDT.P BTC-PERP BTCUSDTPERP BTC-USDT-SWAP BTC_USDC_USDC PF_XBTUSD BTC-PERPETUAL"
    ),
    MarketKind.SHARE: "AAPL GOOG SPY_h1 NASDAQ:AAPL VOD.L BRK.B BRK-B AAPL.US 7203.T spy",
    MarketKind.INDEX: (
        "^GSPC NDX US30 SP500 GER40 I:SPX SPX500_USD US500.cash NAS100 SP500_NOV2019_IDayRVol .DJI "
        "US500m US30m GER40pro"
    ),
    MarketKind.FUTURE: "ES=F CL=F NQ1! ESZ24 ESZ4 @ES /ES NQ MES BTC/USDT:USDT-240329 BTC-29MAR24 6EH25 FDAX",
    None: "FOO SLIDE LED W week1 prices FOOUSD GOLD CL ES wheat eurusdc SYNTHETIC-NOISE USD",
}
CASES = [(symbol, kind) for kind, symbols in SYMBOLS.items() for symbol in symbols.split()]


@pytest.mark.parametrize(("symbol", "kind"), [*CASES, ("", None)])
def test_a_symbol_tells_its_kind_or_none(symbol: str, kind: MarketKind | None) -> None:
    assert kind_of_symbol(symbol) == kind


def market(symbol: str, timeframe: str, stamps: list[str] | np.ndarray) -> Candles:
    opens = np.asarray(stamps, dtype="datetime64[ns]").astype(np.int64)
    ones = np.ones(len(opens))
    return Candles(symbol, timeframe, opens, ones, ones, ones, ones)


def hourly(symbol: str, hours: range, weekdays: range = range(7), days: int = 60) -> Candles:
    day = np.arange(np.datetime64("2024-01-02"), np.datetime64("2024-01-02") + days)
    day = day[np.isin((day.astype(np.int64) + 3) % 7, list(weekdays))]
    opens = day.astype("datetime64[h]")[:, None] + np.asarray(list(hours))[None, :]
    return market(symbol, "1h", opens.ravel())


def daily(symbol: str, holidays: list[str]) -> Candles:
    day = np.arange(np.datetime64("2023-01-03"), np.datetime64("2024-01-03"))
    weekday = day[(day.astype(np.int64) + 3) % 7 < 5]
    return market(symbol, "1d", np.setdiff1d(weekday, np.array(holidays, dtype="datetime64[D]")))


def test_a_market_that_is_closed_at_night_is_a_share_whatever_it_is_called() -> None:
    assert market_kind(hourly("stock_sessions", range(14, 21), range(5))) is MarketKind.SHARE
    assert market_kind(hourly("LINK", range(14, 21), range(5))) is MarketKind.SHARE
    assert market_kind(hourly("four", range(14, 21), range(5), days=6)) is MarketKind.SHARE


def test_a_market_that_rests_only_at_weekends_is_asked_for() -> None:
    assert market_kind(hourly("foo", range(24), range(5))) is None
    assert market_kind(hourly("FOO", range(24), range(5))) is None
    assert market_kind(hourly("foo", range(23), range(5))) is None


def test_a_coin_that_rests_at_weekends_is_no_coin() -> None:
    assert market_kind(hourly("LINK", range(24))) is MarketKind.CRYPTO
    assert market_kind(hourly("LINK", range(24), range(5))) is None


def test_a_market_of_all_hours_and_an_unknown_name_is_asked_for() -> None:
    assert market_kind(hourly("FOO", range(24))) is None


def test_daily_candles_that_lack_the_holidays_of_an_exchange_are_a_share() -> None:
    closed = ["2023-01-16", "2023-02-20", "2023-04-07", "2023-05-29", "2023-06-19", "2023-07-04"]
    assert market_kind(daily("prices", closed)) is MarketKind.SHARE
    assert market_kind(daily("prices", ["2023-12-25", "2024-01-01"])) is None
    assert market_kind(daily("ABNB", ["2023-07-04"])) is MarketKind.SHARE
    assert market_kind(daily("GOLD", closed)) is None


def test_only_perpetuals_pay_funding() -> None:
    candles = hourly("BTC", range(24))
    assert market_kind(replace(candles, funding=candles.open * 1e-5)) is MarketKind.PERPETUAL
    assert market_kind(replace(candles, symbol="FOO", funding=candles.open * 1e-5)) is MarketKind.PERPETUAL


def test_weekly_candles_tell_nothing_of_hours() -> None:
    week = market("BTC", "1w", np.datetime64("2024-01-01") + 7 * np.arange(60))
    assert not rests_at_weekends(week.stamps, "1w")
    assert not keeps_exchange_hours(week.stamps, "1w")
    assert market_kind(week) is MarketKind.CRYPTO
