"""Every research data set is imported with documented flags and no editing by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genepool.adapters.files.catalogue import find_candles
from genepool.adapters.files.importing import FundingOptions, ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.provenance import DataSet
from genepool.market.survey import survey

pytestmark = pytest.mark.real_data

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
COINBASE = "btcusd_1h_coinbase/Coinbase_BTCUSD_1h.csv"
EURUSD = "eurusd_1h_awkward_csv/FOREX_EURUSD_1H_ASK.csv"
PERPS = "perps_7venues_1h/candles.parquet"
RATES = "perps_7venues_1h/funding_rates.parquet"
COINS = ("BTC", "ETH", "SOL", "DOGE", "HYPE")

# Candles of each venue; the longest gap in candles; the funding period; the longest funding gap inside.
VENUES = {
    "binance": (8_736, 0, "8h", 0),
    "bybit": (8_736, 0, "8h", 0),
    "dydx": (1_000, 0, "1h", 0),
    "hyperliquid": (1_000, 10, "1h", 0),
    "kraken": (2_000, 0, "1h", 1),
    "lighter": (1_000, 110, "1h", 143),
    "okx": (2_160, 0, "8h", 0),
}


def source(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the research data sets are not beside the checkout")
    return path


def stamp(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


def perps(venue: str, coin: str, funding_from: str | None = None, max_funding_gap: int = 0) -> DataSet:
    path = source(PERPS)
    funding = FundingOptions(
        source(RATES),
        ReadingOptions(where={"venue": funding_from or venue, "coin": coin}),
        max_gap=max_funding_gap,
        trim=True,
    )
    return import_file(
        path,
        ImportOptions(
            reading=ReadingOptions(where={"venue": venue, "coin": coin}),
            rules=CandleRules(timeframe="1h", max_gap=VENUES[venue][1], allow_zero_volume=True),
            funding=funding if funding_from else None,
        ),
    )


def test_coinbase_is_newest_first_with_ten_rows_out_of_order() -> None:
    path = source(COINBASE)
    with pytest.raises(InvalidCandles, match=r"row 2853: volume is 0 \(and 27 more such rows\)"):
        find_candles(str(path), SHARED)
    with pytest.raises(
        InvalidCandles, match=r"row 16\d\d\d: .*2017-11-1\d .*out of order .*\(5 such places\).*--repair"
    ):
        import_file(path, ImportOptions(rules=CandleRules(allow_zero_volume=True)))
    data = import_file(path, ImportOptions(rules=CandleRules(allow_zero_volume=True, repair=True)))
    candles = data.candles
    assert len(candles) == 20_111
    assert candles.symbol == "BTCUSD"
    assert (candles.stamps[0], candles.stamps[-1]) == (stamp("2017-07-01T11:00"), stamp("2019-10-17T09:00"))
    assert (candles.open[-1], candles.high[-1], candles.low[-1], candles.close[-1]) == (
        *(8051, 8056.83, 8021.23),
        8035.88,
    )
    assert data.provenance.repairs == (
        "the file is newest first and was read backwards",
        "rows out of order that were sorted: 10",
    )
    seen = survey(candles)
    assert (seen.gaps, seen.zero_volume) == (0, 28)
    assert seen.repeated == 5


def test_the_awkward_eurusd_file_needs_no_flag() -> None:
    candles = find_candles(str(source(EURUSD)), SHARED)
    assert len(candles) == 6_225
    assert candles.stamps[0] == stamp("2017-01-01T22:00")
    assert candles.stamps[-1] == stamp("2017-12-29T21:00")
    assert candles.volume is not None
    assert candles.volume[0] == 143_539_993.3
    assert 6_100 < candles.candles_per_year < 6_300


@pytest.mark.parametrize(
    ("name", "timeframe", "scale", "max_gap", "count", "last_close"),
    [
        ("GBPUSDh1", "1h", 100_000, 2, 57_600, 1.32331),
        ("USDJPYh1", "1h", 1_000, 1, 57_600, 114.854),
        ("XAUUSDh1", "1h", 100, 29, 57_600, 1_969.74),
        ("EURUSDh4", "4h", 100_000, 0, 14_400, 1.09305),
        ("EURUSDd1", "1d", 100_000, 0, 2_400, 1.09305),
    ],
)
def test_forex_in_whole_points_is_imported(
    name: str, timeframe: str, scale: int, max_gap: int, count: int, last_close: float
) -> None:
    data = import_file(
        source(f"forex_ejtrader/{name}.csv"),
        ImportOptions(
            reading=ReadingOptions(price_scale=scale), rules=CandleRules(timeframe=timeframe, max_gap=max_gap)
        ),
    )
    assert len(data.candles) == count
    assert data.candles.close[-1] == pytest.approx(last_close, abs=1e-9)
    assert data.provenance.calendar == "weekdays"
    assert data.provenance.repairs == ()


@pytest.mark.parametrize("coin", COINS)
@pytest.mark.parametrize("venue", VENUES)
def test_every_venue_and_coin_is_imported_without_funding(venue: str, coin: str) -> None:
    candles = perps(venue, coin).candles
    assert len(candles) == (6_698 if (venue, coin) == ("binance", "HYPE") else VENUES[venue][0])
    assert candles.symbol == coin
    assert candles.funding is None


@pytest.mark.parametrize("coin", COINS)
@pytest.mark.parametrize("venue", VENUES)
def test_every_venue_and_coin_is_imported_with_its_funding(venue: str, coin: str) -> None:
    _, _, period, gap = VENUES[venue]
    data = perps(venue, coin, venue, gap)
    note, candles = data.provenance.funding, data.candles
    assert note is not None
    assert candles.funding is not None
    assert note.period == ("4h" if coin == "HYPE" and venue in {"binance", "okx"} else period)
    assert note.longest_gap == gap
    first, last = candles.stamps[0] - 3_600 * 10**9, candles.stamps[-1]
    rows = pd.read_parquet(source(RATES))
    rows = rows[(rows["venue"] == venue) & (rows["coin"] == coin)]
    at = rows["timestamp"].dt.round("min").dt.as_unit("ns").astype(np.int64)
    assert candles.funding.sum() == pytest.approx(rows["funding_rate"][(at > first) & (at <= last)].sum())
    if gap:
        with pytest.raises(InvalidCandles, match=f"{gap} in a row after .*--max-funding-gap {gap}"):
            perps(venue, coin, venue, gap - 1)


def test_bybit_candles_with_hyperliquid_funding_overlap_as_published() -> None:
    data = perps("bybit", "BTC", "hyperliquid")
    assert len(data.candles) == 8_690
    assert data.candles.funding is not None
    # About 8.8 % a year were paid by longs.
    assert data.candles.funding.mean() == pytest.approx(1.0e-5, rel=0.05)


def test_a_file_of_many_markets_asks_which() -> None:
    with pytest.raises(
        InvalidCandles, match=r"several markets \(venue: binance, bybit, .*--where venue=NAME"
    ):
        find_candles(str(source(PERPS)), SHARED)
