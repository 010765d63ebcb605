"""Year, month and day in columns of their own are read where they are certain."""

from pathlib import Path

import numpy as np
import pytest

from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles

CASES = {
    "Year,Month,Day": ("2019,3,28", "2019,3,29", "2019-03-28"),
    "Day,Month,Year": ("28,3,2019", "29,3,2019", "2019-03-28"),
    "MM,DD,YYYY": ("03,28,2019", "03,29,2019", "2019-03-28"),
    "YY,MM,DD": ("19,03,28", "19,03,29", "2019-03-28"),
    "yr,mon,dy": ("98,3,28", "98,3,29", "1998-03-28"),
    "Jahr,Monat,Tag": ("2019,3,28", "2019,3,29", "2019-03-28"),
    "Month,Day,Year": ("Mar,28,2019", "March,29,2019", "2019-03-28"),
    "年,月,日": ("2019,3,28", "2019,3,29", "2019-03-28"),
    "year,month,day,hour": ("2019,3,28,9", "2019,3,28,10", "2019-03-28T09"),
    "year,month,day,hour,minute": ("2019,3,28,9,5", "2019,3,28,9,10", "2019-03-28T09:05"),
    "yr,mon,day,hr,min,sec": ("2019,3,28,9,5,0", "2019,3,28,9,5,30", "2019-03-28T09:05"),
    "Year,Month,Day,Time": ("2019,3,28,09:30", "2019,3,28,09:45", "2019-03-28T09:30"),
    "Year,Month,Day,HHMM": ("2019,3,28,930", "2019,3,28,1045", "2019-03-28T09:30"),
    "Date,Hour,Minute": ("2019-03-28,9,5", "2019-03-28,10,5", "2019-03-28T09:05"),
    "Date,Hour,Min,Sec": ("28/03/2019,9,5,30", "28/03/2019,9,6,0", "2019-03-28T09:05:30"),
    "Datum,Stunde,Minute": ("28.03.2019,9,30", "28.03.2019,9,45", "2019-03-28T09:30"),
    # Beside a whole time they say nothing new.
    "datetime,hour,minute": ("2019-03-28 09:05,9,5", "2019-03-28 10:05,10,5", "2019-03-28T09:05"),
    "Date,Year,Month,Day": ("2019-03-28,2019,3,28", "2019-03-29,2019,3,29", "2019-03-28"),
}


@pytest.mark.parametrize("header", CASES)
@pytest.mark.parametrize("prices_first", [False, True])
def test_the_parts_make_a_time(tmp_path: Path, header: str, prices_first: bool) -> None:
    first, second, opens = CASES[header]
    pairs = [(header, "open,high,low,close"), (first, "1.5,2,1,1.75"), (second, "1.75,2,1,1.5")]
    path = tmp_path / "prices.csv"
    path.write_text("".join(",".join(reversed(p) if prices_first else p) + "\n" for p in pairs))

    raw, _ = read_candles(path, ReadingOptions())

    assert raw.stamps[0] == np.datetime64(opens, "ns").astype(np.int64)
    assert raw.stamps[1] > raw.stamps[0]


@pytest.mark.parametrize("row", ["2019,2,30", "2019,13,1", "2019,,1", "2019,3,"])
def test_a_date_that_cannot_be_is_refused_by_its_row(tmp_path: Path, row: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(
        f"Year,Month,Day,open,high,low,close\n2019,2,1,2,2,2,2\n{row},2,2,2,2\n2019,3,4,2,2,2,2\n"
    )

    with pytest.raises(InvalidCandles, match="row 3"):
        read_candles(path, ReadingOptions())
