"""Downloads from a local server that speaks Hyperliquid's answers."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from genepool.adapters.exchange.ccxt_client import Connection, RetryPolicy
from genepool.adapters.exchange.download import Downloaded, DownloadRequest, download
from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.adapters.exchange.market import Market
from genepool.errors import ConfigError, InvalidCandles, ServiceUnavailable
from genepool.market.candle_rules import CandleRules
from tests.fakes.hyperliquid import HOUR, RATE_LIMITED, Hyperliquid, milliseconds, price, rate, serving
from tests.fakes.programs import start

# Looked for only: to import it takes each test process a second.
pytestmark = pytest.mark.skipif(find_spec("ccxt") is None, reason="downloads need the extra 'exchange'")

# 2026-03-05 12:34:56 UTC.
NOW = 1_772_714_096_000
HASTY = RetryPolicy(attempts=3, first_wait=0.0, between_requests=1)
WANTED = DownloadRequest("BTC", "1h", 2_500, CandleRules(), NOW * 1_000_000)


@pytest.fixture
def exchange() -> Iterator[Hyperliquid]:
    with serving(Hyperliquid(NOW)) as server:
        yield server


@pytest.fixture
def pages(tmp_path: Path) -> DownloadedPages:
    return DownloadedPages.of(tmp_path, "hyperliquid", "BTC", "1h")


def fetch(exchange: Hyperliquid, pages: DownloadedPages, request: DownloadRequest = WANTED) -> Downloaded:
    connection = Connection("hyperliquid", exchange.url, HASTY)
    return download(connection, request, pages, lambda _kind, _done, _total: None)


def test_the_newest_complete_candles_come_with_their_prices(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    came = fetch(exchange, pages)
    hours = came.candles.stamps // (HOUR * 1_000_000)
    assert came.market == "BTC/USDC:USDC"
    assert hours.tolist() == list(range(NOW // HOUR - 2_500, NOW // HOUR))
    np.testing.assert_array_equal(came.candles.open, [price(int(hour)) for hour in hours])
    np.testing.assert_array_equal(came.candles.close, [price(int(hour) + 1) for hour in hours])
    assert set(came.candles.volume if came.candles.volume is not None else ()) == {1.5}
    assert not came.candles.synthetic


def test_funding_is_charged_to_the_candle_at_whose_open_it_was_stamped(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    came = fetch(exchange, pages)
    hours = came.candles.stamps // (HOUR * 1_000_000)
    assert came.candles.funding is not None
    np.testing.assert_allclose(came.candles.funding, [rate(int(hour)) for hour in hours], atol=1e-15)
    assert came.coverage is not None
    assert (came.coverage.used, came.coverage.missing) == (2_500, 0)


def test_an_exchange_that_forgot_older_candles_gives_what_it_has(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    came = fetch(exchange, pages, replace(WANTED, candles=20_000))
    # The running candle is one of those 5,000 that it keeps.
    assert len(came.candles) == 4_999


def test_each_window_is_asked_for_once_and_counted(exchange: Hyperliquid, pages: DownloadedPages) -> None:
    told: list[tuple[str, int, int]] = []
    connection = Connection("hyperliquid", exchange.url, HASTY)
    download(connection, WANTED, pages, lambda kind, done, total: told.append((kind, done, total)))
    windows = {"candles": exchange.count("candleSnapshot"), "funding": exchange.count("fundingHistory")}
    assert told == [(kind, done, count) for kind, count in windows.items() for done in range(1, count + 1)]
    # 2,500 hours touch at most 4 windows of 1,000 candles and 6 of 500 rates.
    assert windows["candles"] <= 4
    assert windows["funding"] <= 6


def test_no_rates_are_asked_for_before_the_first_candle(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    fetch(exchange, pages, replace(WANTED, candles=20_000))
    assert exchange.count("fundingHistory") <= 11


def test_a_download_that_was_cut_off_continues_and_ends_in_the_same_candles(
    exchange: Hyperliquid, pages: DownloadedPages, tmp_path: Path
) -> None:
    exchange.misbehave = lambda number, _body: (503, "gone") if number >= 5 else None
    with pytest.raises(ServiceUnavailable, match="the same command resumes where this one stopped"):
        fetch(exchange, pages)
    kept = len(pages)
    assert kept >= 2
    exchange.misbehave = lambda _number, _body: None
    exchange.asked.clear()
    resumed = fetch(exchange, pages)
    asked = exchange.count("candleSnapshot") + exchange.count("fundingHistory")
    exchange.asked.clear()
    whole = fetch(exchange, DownloadedPages.of(tmp_path, "another"))
    assert resumed.candles.digest == whole.candles.digest
    assert asked == exchange.count("candleSnapshot") + exchange.count("fundingHistory") - kept


def test_a_window_that_still_runs_is_asked_for_again(exchange: Hyperliquid, pages: DownloadedPages) -> None:
    fetch(exchange, pages)
    exchange.now += HOUR
    exchange.asked.clear()
    later = fetch(exchange, pages, replace(WANTED, now=exchange.now * 1_000_000))
    assert later.candles.stamps[-1] // (HOUR * 1_000_000) == exchange.now // HOUR - 1
    assert exchange.count("candleSnapshot") == 1
    assert exchange.count("fundingHistory") == 1


def test_a_damaged_page_is_asked_for_again(
    exchange: Hyperliquid, pages: DownloadedPages, tmp_path: Path
) -> None:
    whole = fetch(exchange, pages)
    for page in tmp_path.rglob("*.parquet"):
        page.write_bytes(page.read_bytes()[:40])
    assert fetch(exchange, pages).candles.digest == whole.candles.digest


def test_cleared_pages_are_gone(exchange: Hyperliquid, pages: DownloadedPages) -> None:
    fetch(exchange, pages)
    assert len(pages) > 0
    pages.clear()
    assert len(pages) == 0


def test_a_rate_limit_is_waited_out(exchange: Hyperliquid, pages: DownloadedPages) -> None:
    exchange.misbehave = lambda number, _body: RATE_LIMITED if number in {3, 4} else None
    assert len(fetch(exchange, pages).candles) == 2_500


@pytest.mark.parametrize(
    ("status", "text"),
    [(429, "null"), (500, "oops"), (200, "<html>maintenance</html>"), (200, "{}"), (200, '{"x": 1}')],
)
@pytest.mark.parametrize("kind", ["metaAndAssetCtxs", "candleSnapshot", "fundingHistory"])
def test_an_exchange_that_only_talks_rubbish_is_given_up_and_never_read_as_empty(
    exchange: Hyperliquid, pages: DownloadedPages, kind: str, status: int, text: str
) -> None:
    exchange.misbehave = lambda _number, body: (status, text) if body["type"] == kind else None
    with pytest.raises(ServiceUnavailable, match=r"hyperliquid gave no usable answer in 3 attempts"):
        fetch(exchange, pages)
    assert exchange.count(kind) == HASTY.attempts


def test_candles_without_numbers_are_refused_with_their_row(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    holed = [
        {"t": (NOW // HOUR - k) * HOUR, "o": "1", "h": "1", "l": "1", "c": None, "v": "1"} for k in (3, 2)
    ]
    exchange.misbehave = lambda _number, body: (
        (200, json.dumps(holed)) if body["type"] == "candleSnapshot" else None
    )
    with pytest.raises(InvalidCandles, match=r"hyperliquid BTC/USDC:USDC, row 1: close is missing"):
        fetch(exchange, pages)


def test_a_gap_is_refused_and_filled_on_request_without_asking_again(
    exchange: Hyperliquid, pages: DownloadedPages
) -> None:
    exchange.missing = frozenset({NOW // HOUR - 1_500})
    with pytest.raises(InvalidCandles, match="missing between"):
        fetch(exchange, pages)
    exchange.asked.clear()
    came = fetch(exchange, pages, replace(WANTED, rules=CandleRules(repair=True, fill=2)))
    assert "filled" in came.repairs[0]
    assert exchange.count("candleSnapshot") == 1


def test_a_refused_connection_is_said_plainly(pages: DownloadedPages) -> None:
    with pytest.raises(ServiceUnavailable, match="no usable answer"):
        fetch(Hyperliquid(NOW, url="http://127.0.0.1:9"), pages)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"symbol": "GOLD"}, "no market 'GOLD'"),
        ({"timeframe": "7h"}, "no 7h candles: choose from 1m"),
        ({"candles": 1}, "1 candles cannot be downloaded"),
    ],
)
def test_the_impossible_is_refused(
    exchange: Hyperliquid, pages: DownloadedPages, change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        fetch(exchange, pages, replace(WANTED, **change))


def test_an_unknown_exchange_is_refused() -> None:
    with pytest.raises(ConfigError, match="ccxt knows no exchange 'superliquid'"):
        Connection("superliquid")


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(ConfigError, match=r"pip install 'genepool\[exchange\]'"):
        Connection("hyperliquid")


class FixedMarkets(Connection):
    """An exchange that lists given markets and offers no funding rates."""

    def __init__(self, markets: list[dict[str, Any]]) -> None:
        self.name = "fixed"
        self._markets = markets

    @property
    @override
    def timeframes(self) -> list[str]:
        return ["1h"]

    @override
    def offers(self, method: str) -> bool:
        return method == "fetchFundingRateHistory"

    @override
    def ask(self, method: str, *arguments: object) -> dict[str, Any]:
        assert (method, arguments) == ("load_markets", ())
        return {market["symbol"]: market for market in self._markets}


def listed(symbol: str, **kind: object) -> dict[str, Any]:
    base, quote = symbol.split(":", maxsplit=1)[0].split("/")
    return {"symbol": symbol, "base": base, "quote": quote, **kind}


SPOT = listed("BTC/USDT", swap=False)
TETHER_PERPETUAL = listed("BTC/USDT:USDT", swap=True, linear=True)
COIN_PERPETUAL = listed("BTC/USD:BTC", swap=True, linear=False)


@pytest.mark.parametrize(
    ("symbol", "chosen", "funding"),
    [("btc", "BTC/USDT:USDT", True), ("BTC/USDT", "BTC/USDT", False), ("BTC/USD:BTC", "BTC/USD:BTC", True)],
)
def test_a_coin_means_its_dollar_perpetual_and_a_full_symbol_itself(
    symbol: str, chosen: str, funding: bool
) -> None:
    market = Market(FixedMarkets([SPOT, COIN_PERPETUAL, TETHER_PERPETUAL]), symbol, "1h", HOUR)
    assert (market.symbol, market.has_funding) == (chosen, funding)


@pytest.mark.slow
@pytest.mark.chaos
def test_the_command_survives_kill_9_and_says_how_many_candles_came(tmp_path: Path) -> None:
    with serving(Hyperliquid(milliseconds(), retained=1_800)) as exchange:
        words = ("data", "download", "--base-url", exchange.url, "--json", "--symbol", "BTC")
        killed = start(tmp_path, *words, "--candles", "2500")
        while exchange.count("candleSnapshot") < 3 and killed.returncode is None:
            time.sleep(0.02)
        killed.kill()
        killed.communicate(timeout=60)
        finished = start(tmp_path, *words, "--candles", "2500")
        out, err = finished.communicate(timeout=120)
    assert finished.returncode == 0, err
    document = json.loads(out)
    assert document["candles_asked"] == 2_500
    assert document["candles"] in {1_799, 1_800}
    assert document["columns"][-1] == "funding"
    assert "Continuing from" in err
    assert "of the 2,500 candles asked for came" in err
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["BTC_1h.parquet"]
