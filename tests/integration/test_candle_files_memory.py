"""A large CSV is streamed: memory grows with its candles, not with its text."""

import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from genepool.adapters.files import csv_table, reading
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.reading import read_candles
from genepool.errors import InvalidCandles

ROWS = 120_000
# Text that no column needs: a fair part of what exchanges write.
PADDING = "x" * 400


@pytest.fixture(scope="module")
def wide_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wide") / "wide.csv"
    with path.open("w") as file:
        file.write("t,o,h,l,c,v,note\n")
        for i in range(ROWS):
            file.write(f"{1_500_000_000 + 60 * i},1.5,2.5,0.5,{1 + i % 3 / 4},7,{PADDING}\n")
    return path


def test_a_wide_file_is_read_in_less_memory_than_its_text(
    wide_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "CHUNK_ROWS", 2_000)
    size = wide_file.stat().st_size
    tracemalloc.start()
    raw, _ = read_candles(wide_file, ReadingOptions())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(raw) == ROWS
    # 56 bytes a candle, twice at the peak, and what one chunk of text takes.
    assert peak < 2.5 * 56 * ROWS + 8_000_000
    assert peak < size / 2


def test_reading_stops_at_the_limit_and_not_at_the_end(
    wide_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "CHUNK_ROWS", 2_000)
    monkeypatch.setattr(reading, "MOST_CANDLES", 5_000)
    seen: list[int] = []
    chunks = csv_table.CsvTable.chunks

    def counted(table: csv_table.CsvTable, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        for chunk in chunks(table, positions):
            seen.append(len(chunk))
            yield chunk

    monkeypatch.setattr(csv_table.CsvTable, "chunks", counted)
    with pytest.raises(InvalidCandles, match="holds more than 5,000 rows"):
        read_candles(wide_file, ReadingOptions())
    # One piece more: what stands below the last candle is known only when the next piece is there.
    assert sum(seen) == 8_000
