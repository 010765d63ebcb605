"""Parquet and feather, freqtrade's layout among them, and files that hold many markets."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genepool.adapters.files.importing import FundingOptions, ImportOptions, import_file
from genepool.adapters.files.options import ReadingOptions
from genepool.errors import InvalidCandles

TIMES = pd.date_range("2025-03-08", periods=48, freq="h", tz="UTC")


def frame(level: float = 100.0) -> pd.DataFrame:
    close = level + np.arange(48) % 5
    return pd.DataFrame(
        {"date": TIMES, "open": close, "high": close + 1, "low": close - 1, "close": close, "volume": 5.0}
    )


@pytest.mark.parametrize("kind", ["parquet", "feather"])
@pytest.mark.parametrize("unit", ["ns", "us", "ms"])
def test_time_columns_of_any_unit_are_read(tmp_path: Path, kind: str, unit: str) -> None:
    path = tmp_path / f"prices.{kind}"
    held = frame()
    held["date"] = held["date"].dt.as_unit(unit)
    getattr(held, f"to_{kind}")(path)
    candles = import_file(path, ImportOptions()).candles
    assert candles.stamps.tolist() == TIMES.as_unit("ns").astype(np.int64).tolist()
    assert candles.close.tolist() == held["close"].tolist()


def test_times_of_another_zone_become_utc(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    held = frame()
    held["date"] = held["date"].dt.tz_convert("America/New_York")
    held.to_parquet(path)
    assert import_file(path, ImportOptions()).candles.stamps[0] == TIMES[0].value


def test_times_without_a_zone_are_utc_and_an_index_is_a_column(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    held = frame()
    held["date"] = held["date"].dt.tz_localize(None)
    held.set_index("date").to_parquet(path)
    assert import_file(path, ImportOptions()).candles.stamps[0] == TIMES[0].value


def test_epochs_and_whole_numbers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    held = frame()
    held["date"] = held["date"].dt.as_unit("ms").astype(np.int64)
    held["volume"] = held["volume"].astype(np.int32)
    held.to_parquet(path)
    candles = import_file(path, ImportOptions()).candles
    assert candles.stamps[0] == TIMES[0].value
    assert candles.volume is not None
    assert candles.volume.dtype == np.float64


def test_freqtrades_layout_with_its_funding_file_is_read(tmp_path: Path) -> None:
    candle_file = tmp_path / "BTC_USDC_USDC-1h-futures.feather"
    funding_file = tmp_path / "BTC_USDC_USDC-1h-funding_rate.feather"
    frame().to_feather(candle_file)
    rates = pd.DataFrame({"date": TIMES, "open": 1e-5 * np.arange(48)})
    rates[["high", "low", "close", "volume"]] = 0.0
    rates.to_feather(funding_file)
    data = import_file(candle_file, ImportOptions(funding=FundingOptions(funding_file)))
    assert data.candles.symbol == "BTC_USDC_USDC"
    assert data.candles.funding is not None
    assert data.candles.funding.tolist() == rates["open"].tolist()
    assert data.provenance.funding is not None
    assert (data.provenance.funding.period, data.provenance.funding.missing) == ("1h", 0)


def test_one_market_of_many_is_read(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    many = [frame(level).assign(venue=venue, coin="BTC") for level, venue in ((100, "bybit"), (200, "okx"))]
    pd.concat(many).sort_values("date").to_parquet(path)
    with pytest.raises(InvalidCandles, match=r"several markets .venue: bybit, okx.: choose one with --where"):
        import_file(path, ImportOptions())
    data = import_file(path, ImportOptions(reading=ReadingOptions(where={"venue": "okx"})))
    assert data.candles.low.min() == 199
    assert data.candles.symbol == "BTC"


def test_a_cell_that_is_no_number_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    held = frame().astype({"close": str})
    held.loc[7, "close"] = "n/a"
    held.to_parquet(path)
    with pytest.raises(InvalidCandles, match=r"prices\.parquet, row 8: close is missing: .* --repair"):
        import_file(path, ImportOptions())


def test_an_empty_cell_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "prices.feather"
    held = frame()
    held.loc[7, "close"] = np.nan
    held.to_feather(path)
    with pytest.raises(InvalidCandles, match=r"prices\.feather, row 8: close is missing"):
        import_file(path, ImportOptions())


def test_a_time_that_is_missing_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    held = frame()
    held.loc[7, "date"] = pd.NaT
    held.to_parquet(path)
    with pytest.raises(InvalidCandles, match=r"row 8: .* cannot be read as a time"):
        import_file(path, ImportOptions())


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    frame().drop(columns="low").to_parquet(path)
    with pytest.raises(
        InvalidCandles, match=r"no column for low among date, open, .*: name it with --column low="
    ):
        import_file(path, ImportOptions())


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_file_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"prices.{kind}"
    getattr(frame(), f"to_{kind}")(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InvalidCandles, match="is damaged or cut short"):
        import_file(path, ImportOptions())


def rate_file(folder: Path, hours: list[int]) -> Path:
    path = folder / "rates.csv"
    path.write_text(
        "time,rate\n" + "".join(f"{TIMES[0].value // 10**9 + 3600 * hour},0.0001\n" for hour in hours)
    )
    return path


def test_funding_that_begins_late_is_refused_trimmed_or_counted(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    frame().to_parquet(path)
    rates = rate_file(tmp_path, list(range(8, 60)))
    with pytest.raises(InvalidCandles, match=r"rates\.csv lacks 8 funding rates .*--trim-to-funding"):
        import_file(path, ImportOptions(funding=FundingOptions(rates)))
    trimmed = import_file(path, ImportOptions(funding=FundingOptions(rates, trim=True)))
    assert len(trimmed.candles) == 40
    assert trimmed.provenance.repairs == ("candles without funding rates that were left out: 8",)
    counted = import_file(path, ImportOptions(funding=FundingOptions(rates, max_gap=8)))
    assert len(counted.candles) == 48
    assert counted.provenance.funding is not None
    assert (counted.provenance.funding.missing, counted.provenance.funding.longest_gap) == (8, 8)


def test_trimming_keeps_candles_until_the_next_rate_is_due(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    frame().to_parquet(path)
    rates = rate_file(tmp_path, [0, 8, 16, 24])
    data = import_file(path, ImportOptions(funding=FundingOptions(rates, trim=True)))
    assert data.candles.stamps[-1] == TIMES[31].value
    assert data.provenance.funding is not None
    assert data.provenance.funding.missing == 0


def test_funding_of_another_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    frame().to_parquet(path)
    rates = rate_file(tmp_path, list(range(500, 600)))
    for trim in (True, False):
        with pytest.raises(InvalidCandles, match="none of them during the candles"):
            import_file(path, ImportOptions(funding=FundingOptions(rates, trim=trim, max_gap=10**6)))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    held = pa.Table.from_pandas(frame(), preserve_index=False)
    pq.write_table(held.append_column("close", held.column("open")), tmp_path / "prices.parquet")
    with pytest.raises(InvalidCandles, match="two columns named 'close'"):
        import_file(tmp_path / "prices.parquet", ImportOptions())


def test_impossible_times_of_day_are_refused(tmp_path: Path) -> None:
    held = pa.Table.from_pandas(frame(), preserve_index=False)
    hours = pa.array([hour * 3_600 * 10**9 for hour in range(48)], pa.time64("ns"))
    pq.write_table(held.set_column(0, "time", hours), tmp_path / "prices.parquet")
    with pytest.raises(InvalidCandles, match="is damaged or cut short"):
        import_file(tmp_path / "prices.parquet", ImportOptions())
