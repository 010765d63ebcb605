"""1M is a month and never a minute: as a name, in the store, from an exchange."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from typing_extensions import override

from genepool.adapters.exchange.ccxt_client import Connection
from genepool.adapters.exchange.download import DownloadRequest, download
from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.adapters.files.candle_store import save, store_folder
from genepool.adapters.files.catalogue import find_data
from genepool.errors import ConfigError
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles
from genepool.market.provenance import DataSet, Provenance
from genepool.market.timeframes import (
    DAY,
    MONTH,
    SECOND,
    file_timeframe,
    is_months,
    longest_step,
    plain_timeframe,
    shortest_step,
    timeframe_name,
    timeframe_nanoseconds,
)

MINUTE = 60 * SECOND


@pytest.mark.parametrize(
    ("name", "length", "plain"),
    [
        ("1M", MONTH, "1M"), ("3M", 3 * MONTH, "3M"), ("1mo", MONTH, "1M"), ("1Mo", MONTH, "1M"),
        ("1m", MINUTE, "1m"), ("60m", 60 * MINUTE, "1h"), ("1H", 60 * MINUTE, "1h"), ("1D", DAY, "1d"),
        ("1W", 7 * DAY, "1w"), ("30d", 30 * DAY, "30d"),
    ],
)  # fmt: skip
def test_the_capital_decides_between_month_and_minute_and_nothing_else(
    name: str, length: int, plain: str
) -> None:
    assert timeframe_nanoseconds(name) == length
    assert plain_timeframe(name) == plain
    assert timeframe_name(length) == plain
    assert is_months(length) == plain.endswith("M")


def test_a_month_lasts_from_28_to_31_days() -> None:
    assert (shortest_step(MONTH), longest_step(2 * MONTH)) == (28 * DAY, 62 * DAY)
    assert shortest_step(DAY) == longest_step(DAY) == DAY


def candles(timeframe: str, close: float) -> Candles:
    months = np.arange("2015-01", "2020-01", dtype="datetime64[M]").astype("datetime64[ns]").astype(np.int64)
    stamps = months if timeframe == "1M" else MINUTE * np.arange(60)
    prices = np.full(60, close)
    return Candles("BTC", timeframe, stamps, prices, prices, prices, prices)


@pytest.mark.parametrize("name", ["BTC_1M", "BTC_1mo", "btc_1MO"])
def test_months_and_minutes_lie_beside_each_other_whatever_the_capitals_of_a_file(
    name: str, tmp_path: Path
) -> None:
    for held in (candles("1m", 1.0), candles("1M", 2.0)):
        save(DataSet(held, Provenance("test")), store_folder(tmp_path))
    names = sorted(path.stem for path in store_folder(tmp_path).iterdir())
    assert names == ["BTC_1m", "BTC_1mo"]
    assert find_data(name, tmp_path).candles.timeframe == "1M"
    assert find_data("BTC_1m", tmp_path).candles.timeframe == "1m"
    assert file_timeframe("1h") == "1h"


class Months(Connection):
    """An exchange that has months, and knows what it was asked for."""

    def __init__(self, *offered: str) -> None:
        self.name, self.offered, self.asked = "months", list(offered), set[str]()
        self.held = candles("1M", 7.0)

    @property
    @override
    def timeframes(self) -> list[str]:
        return self.offered

    @override
    def offers(self, method: str) -> bool:
        return False

    @override
    def ask(self, method: str, *arguments: object) -> Any:
        if method == "load_markets":
            return {"BTC/USD": {"symbol": "BTC/USD", "base": "BTC", "quote": "USD"}}
        timeframe, start = str(arguments[1]), cast("int", arguments[2])
        self.asked.add(timeframe)
        stamps = [stamp // 10**6 for stamp in self.held.stamps.tolist()]
        # One at a time: whatever step is taken after a February, no month may be passed over.
        return [[stamp, 7.0, 7.0, 7.0, 7.0, 1.0] for stamp in stamps if stamp >= start][:1]


@pytest.mark.parametrize("asked", ["1M", "1mo"])
def test_a_download_of_months_asks_for_months_and_passes_none_over(asked: str, tmp_path: Path) -> None:
    now = int(np.datetime64("2020-01-05", "ns").astype(np.int64))
    exchange = Months("1m", "1M")
    request = DownloadRequest("BTC", asked, 48, CandleRules(), now)
    came = download(exchange, request, DownloadedPages.of(tmp_path, "months"), lambda *_: None)
    assert exchange.asked == {"1M"}
    assert came.candles.timeframe == "1M"
    assert np.array_equal(came.candles.stamps, exchange.held.stamps[-48:])


def test_an_exchange_without_months_says_so_and_minutes_are_not_taken(tmp_path: Path) -> None:
    exchange = Months("1m", "1h")
    with pytest.raises(ConfigError, match="months has no 1M candles: choose from 1m, 1h"):
        download(
            exchange,
            DownloadRequest("BTC", "1M", 48, CandleRules(), 10**18),
            DownloadedPages.of(tmp_path, "x"),
            lambda *_: None,
        )
    assert not exchange.asked
