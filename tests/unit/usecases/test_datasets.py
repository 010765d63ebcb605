"""Data sets are listed, drawn and deleted by their names."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genepool.adapters.files.candle_store import save, store_folder
from genepool.adapters.files.catalogue import find_data
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import ConfigError, DatasetNotFound, InvalidCandles
from genepool.jobs import NewJob
from genepool.market.provenance import DataSet, Provenance
from genepool.reading.file_shelf import FileShelf
from genepool.usecases.datasets import (
    UploadedFile,
    delete_dataset,
    describe_dataset,
    list_datasets,
    take_upload,
)
from genepool.usecases.preview_candles import preview_candles
from tests.fakes.histories import a_spec

NOISE = "synthetic:noise:candles=1000"


@pytest.fixture
def shelf(tmp_path: Path) -> FileShelf:
    save(find_data(NOISE, tmp_path), store_folder(tmp_path))
    return FileShelf(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


def names(shelf: FileShelf) -> list[str]:
    return [entry.name for entry in list_datasets(shelf)]


def test_samples_stand_before_imports(shelf: FileShelf) -> None:
    assert names(shelf) == ["btcusd_1h", "eurusd_1h", "SYNTHETIC-NOISE_1h"]
    assert describe_dataset("synthetic-noise_1H", shelf).name == "SYNTHETIC-NOISE_1h"
    assert describe_dataset(NOISE, shelf).name == NOISE


def test_an_import_that_nothing_needs_is_deleted(shelf: FileShelf, store: SqlStore) -> None:
    assert delete_dataset("SYNTHETIC-NOISE_1h", shelf, store, store.jobs).deleted == "SYNTHETIC-NOISE_1h"
    assert names(shelf) == ["btcusd_1h", "eurusd_1h"]
    with pytest.raises(DatasetNotFound, match="no import 'SYNTHETIC-NOISE_1h': none is kept"):
        delete_dataset("SYNTHETIC-NOISE_1h", shelf, store, store.jobs)


def test_a_sample_is_never_deleted(shelf: FileShelf, store: SqlStore) -> None:
    with pytest.raises(ConfigError, match="btcusd_1h is a sample"):
        delete_dataset("btcusd_1h", shelf, store, store.jobs)


def queued(store: SqlStore, data: str) -> None:
    store.create(a_spec("busy", data=data))
    store.submit("busy")


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (lambda store: store.jobs.submit(NewJob("evolve", {"data": "synthetic-noise_1H"})), "job 1"),
        (lambda store: store.jobs.submit(NewJob("batch", {"data": ["a", "SYNTHETIC-NOISE_1h"]})), "job 1"),
        (lambda store: store.jobs.plan(NewJob("evolve", {"data": "SYNTHETIC-NOISE_1h"}), 60), "schedule 1"),
        (lambda store: queued(store, "SYNTHETIC-NOISE_1h"), "run busy"),
    ],
)
def test_an_import_that_is_needed_stays(
    shelf: FileShelf, store: SqlStore, needs: Callable[[SqlStore], object], said: str
) -> None:
    needs(store)
    with pytest.raises(ConfigError, match=f"because {said}"):
        delete_dataset("SYNTHETIC-NOISE_1h", shelf, store, store.jobs)
    assert "SYNTHETIC-NOISE_1h" in names(shelf)


@pytest.mark.parametrize("points", [1, 7, 333, 1000, 5000])
def test_buckets_hold_what_their_candles_hold(shelf: FileShelf, points: int) -> None:
    candles, found = find_data(NOISE, shelf.home).candles, preview_candles(NOISE, points, shelf)
    assert len(found.open) == min(points, 1000)
    assert max(found.high) == candles.high.max()
    assert min(found.low) == candles.low.min()
    assert (found.open[0], found.close[-1]) == (candles.open[0], candles.close[-1])
    assert candles.volume is not None
    assert np.isclose(sum(found.volume or ()), candles.volume.sum())
    assert found.opened[0] == "2020-01-01T00:00:00Z"
    assert not found.gaps


def test_a_gap_is_drawn_from_its_first_missing_candle_to_the_next_that_is_there(shelf: FileShelf) -> None:
    whole = find_data(NOISE, shelf.home).candles
    columns: Any = {
        name: np.delete(getattr(whole, name), [10, 11, 12]) for name in ("stamps", *whole.columns)
    }
    holed = type(whole)("HOLED", "1h", **columns)
    save(DataSet(holed, Provenance("a test")), store_folder(shelf.home))
    (gap,) = preview_candles("HOLED_1h", 50, shelf).gaps
    assert (gap.first, gap.until) == ("2020-01-01T10:00:00Z", "2020-01-01T13:00:00Z")
    assert (gap.missing, gap.expected) == (3, False)


@pytest.mark.parametrize("points", [0, -1, 10_001])
def test_an_impossible_number_of_points_is_refused(shelf: FileShelf, points: int) -> None:
    with pytest.raises(ConfigError, match="points cannot be drawn"):
        preview_candles(NOISE, points, shelf)


def uploaded(folder: Path, close: float) -> str:
    rows = "".join(f"2024-01-01 {hour:02d}:00,10,12,9,{close},5\n" for hour in range(24))
    (folder / "upload").write_text("Date,Open,High,Low,Close,Volume\n" + rows)
    return str(folder / "upload")


def test_other_candles_of_a_name_need_a_word_and_the_old_ones_stay_without_it(
    shelf: FileShelf, tmp_path: Path
) -> None:
    first = take_upload(UploadedFile(uploaded(tmp_path, 10.5), "GOLD.csv"), shelf)
    other = UploadedFile(uploaded(tmp_path, 11.5), "C:\\files\\GOLD.csv")
    with pytest.raises(InvalidCandles, match="GOLD_1h holds"):
        take_upload(other, shelf)
    assert describe_dataset("GOLD_1h", shelf).digest == first.digest
    assert take_upload(other, shelf, replacing=True).digest != first.digest


def test_a_file_of_funding_cannot_be_named_by_who_sends_candles(shelf: FileShelf, tmp_path: Path) -> None:
    sent = UploadedFile(uploaded(tmp_path, 10.5), "GOLD.csv", ("--funding", "/etc/passwd"))
    with pytest.raises(ConfigError, match="--funding names a file of the server"):
        take_upload(sent, shelf)
