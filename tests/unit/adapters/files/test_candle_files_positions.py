"""Candles without a header: read by their places where these tell, by the user's word else."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.positions import by_position
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles
from genepool.market.raw_columns import RawColumns

CASES = Path(__file__).parents[3] / "data/cases"
ROW = (10.0, 12.0, 9.0, 11.0)


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "prices.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def read(path: Path, *names: str) -> RawColumns:
    return read_candles(path, ReadingOptions(header=names))[0]


def first_of(raw: RawColumns) -> tuple[str, float, float, float | None]:
    stamp = str(np.datetime64(int(raw.stamps[0]), "ns"))[:16]
    return (
        stamp,
        float(raw.open[0]),
        float(raw.close[0]),
        None if raw.volume is None else float(raw.volume[0]),
    )


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("metatrader4", ("2012-10-12T10:00", 1.29824, 1.29683, 3735.0)),
        ("kraken", ("2019-07-26T14:00", 9786.3, 9789.0, 324.12556351)),
        ("histdata", ("2017-04-19T09:00", 1.0716, 1.07219, 0.0)),
        ("binance_spot", ("2019-09-22T10:00", 10011.74, 10000.0, 85.937217)),
        ("date_and_time_cells", ("2020-01-01T23:00", 1518.768, 1519.758, 0.169010001030983)),
    ],
)
def test_noheader(name: str, first: tuple[str, float, float, float]) -> None:
    raw = read(CASES / f"noheader_{name}.csv")
    assert first_of(raw) == first
    assert (len(raw), raw.rows[0]) == (25, 1)


@pytest.mark.parametrize(
    ("row", "volume"),
    [
        ("2012.10.12,{i:02d}:00,10,12,9,11,5,0,3", 5.0),
        ("2012.10.12\t{i:02d}:00:00\t10\t12\t9\t11\t5\t0\t3", 5.0),
        ("2012.10.12 {i:02d}:00,10,12,9,11", None),
        ("EURUSD,60,20121012,{i:02d}0000,10,12,9,11,5", 5.0),
        ("{i},2012-10-12 {i:02d}:00,10,12,9,11,5", 5.0),
        ("2012-10-12T{i:02d}:00:00Z;10,0;12,0;9,0;11,0;5", 5.0),
        ("2012.10.12 {i:02d}:00 10 12 9 11 5", 5.0),
        ("135000{i}600,10,12,9,11,5,7.5,10.4", 5.0),
    ],
)
def test_other_layouts_without_a_header(tmp_path: Path, row: str, volume: float | None) -> None:
    rows = [row.format(i=i) for i in range(10)]
    assert first_of(read(written(tmp_path, rows)))[1:] == (10.0, 11.0, volume)


def test_a_price_behind_the_close_is_no_volume(tmp_path: Path) -> None:
    rows = [
        f"2012-10-{day},{10 + day},{12 + day},{9 + day},{11 + day},{(11 + day) * 0.98:.2f},500{day}"
        for day in range(10, 30)
    ]
    raw, understood = read_candles(written(tmp_path, rows), ReadingOptions())
    assert raw.volume is None
    assert understood.unused == ("column 6", "column 7")


def test_one_row_that_breaks_the_rule_does_not_hide_the_layout(tmp_path: Path) -> None:
    rows = [f"2012-10-12 {i:02d}:00,10,{12 if i else 9.5},9,11,5" for i in range(8)]
    assert first_of(read(written(tmp_path, rows)))[1:] == (10.0, 11.0, 5.0)


@pytest.mark.parametrize(
    ("order", "proposed"),
    [
        ((0, 3, 1, 2), "time,open,close,high,low,volume"),
        ((2, 1, 0, 3), "time,low,high,open,close,volume"),
        ((0, 2, 1, 3), "time,open,low,high,close,volume"),
    ],
)
def test_another_order_is_asked_for_with_a_remedy_that_works(
    tmp_path: Path, order: tuple[int, ...], proposed: str
) -> None:
    cells = ",".join(str(ROW[i]) for i in order)
    path = written(tmp_path, [f"2012-10-12 {i:02d}:00,{cells},5" for i in range(10)])
    with pytest.raises(InvalidCandles, match=f"--columns {proposed}"):
        read(path)
    assert first_of(read(path, *proposed.split(","))) == ("2012-10-12T00:00", 10.0, 11.0, 5.0)


def test_columns_name_what_no_place_tells(tmp_path: Path) -> None:
    path = written(tmp_path, [f"x,11,10,12,9,7,2012-10-12 {i:02d}:00" for i in range(10)])
    with pytest.raises(InvalidCandles, match="--columns time,open,high,low,close,volume"):
        read(path)
    assert first_of(read(path, "-", "close", "open", "high", "low", "volume", "time")) == (
        "2012-10-12T00:00",
        10.0,
        11.0,
        7.0,
    )


def test_a_header_that_is_there_is_passed_over_where_another_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, ["when,a,b,c,d", *(f"2012-10-12 {i:02d}:00,10,12,9,11" for i in range(5))])
    raw = read(path, "time", "open", "high", "low", "close")
    assert (len(raw), raw.rows[0]) == (5, 2)


def test_more_names_than_columns_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ["2012-10-12,10,12,9,11"] * 3)
    with pytest.raises(InvalidCandles, match=r"no row of at least 6 cells .* correct --columns"):
        read(path, "time", "open", "high", "low", "close", "volume")


def test_a_header_in_an_unknown_tongue_is_not_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, ["a,b,c,d,e", *(f"2012-10-12 {i:02d}:00,10,12,9,11" for i in range(20))])
    with pytest.raises(InvalidCandles, match="no header names time, open, high, low, close"):
        read(path)


@pytest.mark.parametrize(
    "row",
    [
        "2012-10-12 {i:02d}:00:00,1.0716,1.0717,0.75,1.25",
        "{i},2,3,4,5,6",
        "1350{i:02d}0000{i},10.5,1,105,1350000000{i:02d}0,True,True",
    ],
)
def test_ticks_counters_and_trades_are_no_candles(tmp_path: Path, row: str) -> None:
    with pytest.raises(InvalidCandles):
        read(written(tmp_path, [row.format(i=i) for i in range(10)]))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(*[st.floats(1, 1.2) for _ in range(4)]), min_size=5, max_size=30),
    st.permutations(range(4)),
)
def test_prices_are_never_taken_in_an_order_that_their_values_contradict(
    candles: list[tuple[float, ...]], order: list[int]
) -> None:
    rows = []
    for i, (a, b, c, d) in enumerate(candles):
        prices = (a, max(a, b, c, d) + 0.01, min(a, b, c, d) - 0.01, d)
        rows.append([str(1_569_146_400 + 3600 * i), *(repr(prices[k]) for k in order), "5"])
    placed = by_position(rows)
    upright = (order.index(1), order.index(2)) == (1, 2)
    assert bool(placed and placed.headers) == upright
