"""Rows without prices, a tick beyond high or low, volume that is none, hours that are closed."""

from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import FloatArray
from genepool.market.closed_hours import closed_candles
from genepool.market.price_rows import tick
from genepool.market.provenance import DataSet
from genepool.market.raw_columns import BoolArray, RawColumns
from genepool.market.validation import checked

CASES = Path(__file__).parents[2] / "data" / "cases"
HOUR = 3_600 * 1_000_000_000
MONDAY = int(np.datetime64("2024-01-08T00:00", "ns").astype(np.int64))


def read(name: str, **rules: object) -> DataSet:
    return import_file(CASES / name, ImportOptions(rules=CandleRules(max_gap=5, **rules)))  # type: ignore[arg-type] # any rule


def refusal(name: str, **rules: object) -> str:
    with pytest.raises(InvalidCandles) as caught:
        read(name, **rules)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def columns(close: FloatArray, volume: FloatArray | None = None) -> RawColumns:
    count = len(close)
    return RawColumns(
        stamps=MONDAY + HOUR * np.arange(count),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=volume,
        funding=None,
        rows=np.arange(2, count + 2),
    )


def test_yahoo_null_rows() -> None:
    assert "row 12: open is missing: leave out rows without prices with --repair" in refusal(
        "yahoo_null_rows.csv"
    )
    data = read("yahoo_null_rows.csv", repair=True, fill=0)
    assert len(data.candles) == 40
    assert data.provenance.repairs == ("rows without prices, left out: 1",)


def test_yfinance_nan_last_row() -> None:
    assert "row 31: open is missing" in refusal("yfinance_nan_last_row.csv", allow_zero_volume=True)
    data = read("yfinance_nan_last_row.csv", allow_zero_volume=True, repair=True, fill=0)
    assert data.candles.close[-1] == 1293.4000244140625
    assert data.provenance.repairs == ("rows without prices, left out: 1",)


def test_kaggle_nan_rows(tmp_path: Path) -> None:
    head, *rows = (CASES / "kaggle_nan_rows.csv").read_text().splitlines()
    # Minutes since 1970, as seconds: what the times are is another page's matter.
    seconds = [f"{int(row.split(',')[0]) * 60},{row.split(',', 1)[1]}" for row in rows]
    path = tmp_path / "kaggle_nan_rows.csv"
    path.write_text("\n".join([head, *seconds]))
    data = import_file(path, ImportOptions(rules=CandleRules(repair=True, fill=0, max_gap=1)))
    lacking = sum("NaN" in row for row in rows)
    assert lacking == 8
    assert len(data.candles) == len(rows) - lacking
    assert data.provenance.repairs == (f"rows without prices, left out: {lacking}",)


def test_close_a_cent_above_high() -> None:
    said = refusal("close_a_cent_above_high.csv")
    assert "row 41: close 5921.53 lies outside low 5890.25 to high 5921.52" in said
    assert "by at most one tick, 0.01, with --repair" in said
    data = read("close_a_cent_above_high.csv", repair=True, fill=0)
    assert data.candles.high.max() == 5995.77
    assert (data.candles.high == 5921.53).sum() == 1
    assert data.provenance.repairs == ("candles of a wider high or low, by at most 0.01: 1",)


def test_two_cents_are_no_rounding(tmp_path: Path) -> None:
    path = tmp_path / "NDX.csv"
    path.write_text((CASES / "close_a_cent_above_high.csv").read_text().replace("5921.53", "5921.54"))
    with pytest.raises(
        InvalidCandles, match=r"row 41: close 5921\.54 lies outside .*: correct or delete the row"
    ):
        import_file(path, ImportOptions(rules=CandleRules(repair=True, max_gap=5)))


@pytest.mark.parametrize(
    ("prices", "step"),
    [
        ([100.25, 100.5], 0.01),
        ([10_000.0, 9_999.0], 1.0),
        ([1.07215, 1.0721], 0.00001),
        ([149.123, 149.1], 0.001),
        ([0.00001234, 0.00001], 1e-8),
        ([1800.997802734375, 1924.7607083648295], 2.0**-13),
    ],
)
def test_a_tick_is_the_smallest_step_that_prices_are_written_in(prices: list[float], step: float) -> None:
    assert tick(columns(np.array(prices))) == pytest.approx(step, rel=1e-12)


def test_oil_april_2020() -> None:
    for repair in (False, True):
        assert "a price must be positive" in refusal("oil_april_2020.csv", repair=repair)


def test_volume_zero_everywhere() -> None:
    data = read("volume_zero_everywhere.csv")
    assert data.candles.volume is None
    assert data.provenance.repairs == ("volume is 0 in every row, which is no volume: it was left out",)


def test_a_missing_volume_is_refused_or_taken_as_0_and_counted() -> None:
    close = np.asarray(100 + np.arange(48) % 7.0, dtype=np.float64)
    volume = np.full(48, 5.0)
    volume[[3, 9]] = np.nan
    with pytest.raises(InvalidCandles, match=r"row 5: volume is missing .*--allow-zero-volume"):
        checked(columns(close, volume), CandleRules(), "f.csv")
    result = checked(columns(close, volume), CandleRules(allow_zero_volume=True), "f.csv")
    assert result.columns.volume is not None
    assert result.columns.volume[3] == 0
    assert result.repairs.sentences() == ["missing volumes that were taken as 0: 2"]


def test_weekend_flats() -> None:
    said = refusal("weekend_flats.csv.gz")
    assert (
        "volume is 0 (and 94 more such rows): leave out flat candles of closed hours with --drop-flat" in said
    )
    data = read("weekend_flats.csv.gz", drop_flat=True)
    assert (len(data.candles), data.provenance.calendar) == (194, "weekdays")
    assert data.provenance.repairs == ("flat candles of closed hours that were left out: 95",)


def weeks(closed: BoolArray) -> RawColumns:
    """Return three weeks of hours that move, but for closed ones."""
    close: FloatArray = np.asarray(100 + np.arange(504) % 7.0, dtype=np.float64)
    volume = np.where(closed, 0.0, 10.0)
    raw = columns(close, volume)
    return RawColumns(
        raw.stamps, close, close + np.where(closed, 0.0, 1.0), close, close, volume, None, raw.rows
    )


HOURS = np.arange(504)


def test_nights_of_a_broker_are_closed_hours() -> None:
    nights = (HOURS % 24 < 9) | (HOURS % 24 >= 18)
    assert closed_candles(weeks(nights), HOUR)[nights].mean() > 0.95


def test_a_holiday_amid_the_week_is_closed_in_a_market_with_weekends() -> None:
    weekends, holiday = HOURS % 168 >= 120, (HOURS >= 216) & (HOURS < 240)
    assert (closed_candles(weeks(weekends | holiday), HOUR) == (weekends | holiday)).all()


def test_a_weekend_that_the_end_of_the_file_cuts_short_is_closed() -> None:
    raw = weeks(HOURS % 168 >= 120).take(slice(124, 460))
    assert closed_candles(raw, HOUR)[[0, -1]].all()


def test_a_quiet_hour_of_a_market_that_never_closes_is_none() -> None:
    rarely = np.random.default_rng(1).random(504) < 0.2
    assert not closed_candles(weeks(rarely), HOUR).any()


def test_an_outage_is_no_closed_hour() -> None:
    outage = (HOURS >= 200) & (HOURS < 230)
    assert not closed_candles(weeks(outage), HOUR).any()


def test_the_remedy_for_zero_volume_names_both_flags_where_both_are_needed() -> None:
    quiet = np.isin(HOURS, [10, 40])
    raw = weeks((HOURS % 168 >= 120) | quiet)
    with pytest.raises(
        InvalidCandles, match=r"leave out the 144 flat ones .*--drop-flat, and accept the others"
    ):
        checked(raw, CandleRules(), "f.csv")
    with pytest.raises(InvalidCandles, match="accept candles without trades with --allow-zero-volume"):
        checked(raw, CandleRules(drop_flat=True), "f.csv")
    assert len(checked(raw, CandleRules(drop_flat=True, allow_zero_volume=True), "f.csv").columns) == 360


def test_volume_of_minus_one_everywhere_is_no_volume(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"2019-10-17 {hour:02d}:00,1.5,2,1,1.75,-1" for hour in range(9, 14)]
    path.write_text("\n".join(["date,open,high,low,close,volume", *rows]))

    data = import_file(path, ImportOptions())

    assert data.candles.volume is None
    assert "volume is -1 wherever it is given" in data.provenance.repairs[0]
