"""Files made to fill the memory or the day are refused in one sentence, long before their end."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genepool.adapters.files import candle_store
from genepool.adapters.files.arrow_table import open_arrow
from genepool.adapters.files.bounded_text import BoundedText
from genepool.adapters.files.candle_store import load, save
from genepool.adapters.files.catalogue import find_data
from genepool.adapters.files.csv_table import open_csv
from genepool.adapters.files.importing import ImportOptions
from genepool.adapters.files.limits import ArrowLimits, TextLimits
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles, read_funding
from genepool.errors import GenepoolError, InvalidCandles

HEADER = "time,open,high,low,close,volume\n"
ROW = "1571302800,1.5,2,1,1.75,10\n"
SMALL = TextLimits(line=100, cell=40, at_once=3_000, unpacked_freely=20_000, ratio=2, passed_over=500)
# Over what the libraries take.
MOST_MEGABYTES = 150


def rows_at_once(path: Path, limits: TextLimits = SMALL) -> list[int]:
    table = open_csv(path, "", lambda cells: "open" in cells, "open", limits)
    return [len(chunk) for chunk in table.chunks([0, 1])]


def refused(path: Path, limits: TextLimits = SMALL) -> str:
    with pytest.raises(InvalidCandles) as caught:
        rows_at_once(path, limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def written(folder: Path, text: str) -> Path:
    path = folder / "prices.csv"
    path.write_text(HEADER + text)
    return path


def packed(folder: Path, text: str) -> Path:
    path = folder / "prices.csv.gz"
    path.write_bytes(gzip.compress((HEADER + text).encode(), mtime=0))
    return path


def test_what_stays_within_the_limits_is_read(tmp_path: Path) -> None:
    assert sum(rows_at_once(written(tmp_path, ROW * 600))) == 600


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_that_is_too_long_is_named_by_its_row(tmp_path: Path, end: str) -> None:
    assert "row 3: the line is longer than 100 characters" in refused(
        written(tmp_path, f"{ROW}{'1' * 150}{end}")
    )


def test_a_line_as_long_as_allowed_is_read(tmp_path: Path) -> None:
    text = ROW.strip() + " " * (100 - len(ROW.strip())) + "\n"
    assert sum(rows_at_once(written(tmp_path, ROW + text))) == 2


def test_a_cell_that_is_too_long_is_named_by_its_row(tmp_path: Path) -> None:
    assert f"row 3: '{'7' * 50}' is longer than 40 characters" in refused(
        written(tmp_path, f"{ROW}1571306400,{'7' * 50},2,1,1,1\n")
    )


def test_a_quote_that_never_closes_is_not_read_to_the_end_of_the_file(tmp_path: Path) -> None:
    said = refused(written(tmp_path, ROW + '1571306400,"' + ROW * 1_000))
    assert "more than 3,000 characters" in said
    assert "close the quote that is open" in said


@pytest.mark.parametrize("line", ["\n", ",,,,,\n", "# remark\n", "\r\n"])
def test_rows_without_candles_are_read_only_so_long(tmp_path: Path, line: str) -> None:
    said = refused(written(tmp_path, ROW + line * 5_000))
    assert "rows are blank or remarks: delete them" in said


def test_a_packed_file_may_hold_only_so_many_times_its_size(tmp_path: Path) -> None:
    said = refused(packed(tmp_path, ROW * 5_000))
    assert "more than 20,000 characters stand before it" in said
    assert len(ROW) * 5_000 > 20_000


def test_a_file_unpacked_is_read_up_to_the_limit_of_all_files(tmp_path: Path) -> None:
    assert sum(rows_at_once(written(tmp_path, ROW * 5_000))) == 5_000


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("open," + "x," * 20 + "y\n")
    assert "row 1: the header has 22 columns, more than 10" in refused(path, TextLimits(columns=10))


def test_long_rows_are_read_fewer_at_a_time(tmp_path: Path) -> None:
    rows = "".join(f"{1_571_302_800 + i},1.5,2,1,1.75,10,{'x' * 60}\n" for i in range(300))
    path = tmp_path / "prices.csv"
    path.write_text(HEADER.strip() + ",note\n" + rows)
    lengths = rows_at_once(path)
    assert sum(lengths) == 300
    assert max(lengths) < 40


BOMBS = {
    "one cell": [b"1" * 1_000_000] * 200,
    "blank lines": [b"\n" * 1_000_000] * 200,
    "long lines": [b"1571302800,1.5,2,1,1.75,1" + b" " * 900_000 + b"\n"] * 200,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_takes_neither_memory_nor_time(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", 1) as file:
        file.write(HEADER.encode())
        file.writelines(BOMBS[kind])
    measured = (
        "import resource, sys; from pathlib import Path; import pandas\n"
        "from genepool.adapters.files.reading import read_candles, ReadingOptions\n"
        "from genepool.errors import InvalidCandles\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: read_candles(Path(sys.argv[1]), ReadingOptions())\n"
        "except InvalidCandles: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    command = [sys.executable, "-c", measured, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) < MOST_MEGABYTES * 1024


def candles(count: int = 3) -> pd.DataFrame:
    times = pd.date_range("2020-01-01", periods=count, freq="h", tz="UTC")
    return pd.DataFrame({"time": times, "open": 1.0, "high": 1.0, "low": 1.0, "close": 1.0})


def test_a_column_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "zeros.parquet"
    candles(50_000).to_parquet(path)
    table = open_arrow(path, b"PAR1", ArrowLimits(piece_bytes=1_000))
    with pytest.raises(
        InvalidCandles, match=r"row group 1: time unpacks to .* more than 1,000: write it with"
    ):
        next(iter(table.chunks([0, 1])))


def test_a_long_text_that_many_rows_repeat_is_never_written_out(tmp_path: Path) -> None:
    path = tmp_path / "texts.parquet"
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["7" * 1_000_000])
    table = pa.table(
        {"time": repeated, **{name: [1.0] * 20_000 for name in ("open", "high", "low", "close")}}
    )
    # As other writers do, without a word on how the texts are held.
    pq.write_table(table, path, store_schema=False)
    pool = pa.default_memory_pool()
    before = pool.max_memory()
    with pytest.raises(InvalidCandles, match="time is a text of 1,000,000 bytes, more than 4,096"):
        read_candles(path, ReadingOptions())
    assert pool.max_memory() < before + 100_000_000


def test_lists_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    candles().assign(open=[[1.0]] * 3).to_parquet(path)
    with pytest.raises(InvalidCandles, match="open holds lists: name another with --column"):
        read_candles(path, ReadingOptions())


def test_texts_in_parquet_are_still_read(tmp_path: Path) -> None:
    path = tmp_path / "texts.parquet"
    candles().assign(symbol="BTC", time=["2020-01-01", "2020-01-02", None]).iloc[:2].to_parquet(path)
    raw, understood = read_candles(path, ReadingOptions())
    assert len(raw) == 2
    assert understood.market == {"symbol": "BTC"}


def test_a_stored_file_beyond_all_candles_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(find_data("synthetic:noise:candles=50", tmp_path), tmp_path)
    assert len(load(path).candles) == 50
    monkeypatch.setattr(candle_store, "MOST_CANDLES", 49)
    with pytest.raises(InvalidCandles, match="holds more than 49 candles: delete it and import fewer"):
        load(path)


def test_a_stored_file_with_texts_for_prices_is_refused(tmp_path: Path) -> None:
    path = save(find_data("synthetic:noise:candles=50", tmp_path), tmp_path)
    table = pq.read_table(path)
    texts = table.set_column(table.column_names.index("open"), "open", pa.array(["1"] * 50))
    pq.write_table(texts, path)
    with pytest.raises(InvalidCandles, match="is damaged or was not written by genepool"):
        load(path)


def test_no_device_or_pipe_is_opened_for_candles_or_funding(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/zero"), tmp_path / "pipe"):
        for read in (
            lambda path=path: read_funding(path, ReadingOptions()),
            lambda path=path: find_data(str(path), tmp_path, ImportOptions()),
        ):
            with pytest.raises(GenepoolError, match="is a pipe or a device: save it to a file"):
                read()


def test_a_text_without_end_is_given_up_at_the_first_line() -> None:
    class Endless:
        def read(self, size: int) -> str:
            return "0" * size

    text = BoundedText(Endless(), "zeros", SMALL, SMALL.whole)  # type: ignore[arg-type] # it reads as one
    text.read(64)
    with pytest.raises(InvalidCandles, match="row 1: the line is longer than 100"):
        text.read(64)
