"""A backup holds candles and reports as well, and bringing them back clobbers nothing unasked."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "stack" / "files.sh"


def files(root: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    words = {"GENEPOOL_POOL_TAR": "tar", "GENEPOOL_POOL_ROOT": str(root)}
    return subprocess.run(
        [SCRIPT, *map(str, arguments)],
        env={**os.environ, **words},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    root = tmp_path / "pool"
    (root / "data" / "candles").mkdir(parents=True)
    (root / "results").mkdir()
    (root / "data" / "candles" / "BTC_1h.parquet").write_text("candles")
    (root / "results" / "first.html").write_text("report")
    return root


@pytest.fixture
def dump(pool: Path, tmp_path: Path) -> Path:
    dump = tmp_path / "genepool-20260101T000000Z.dump"
    done = files(pool, "save", dump)
    assert done.returncode == 0, done.stderr
    assert "candles and reports, " in done.stdout
    return dump


def elsewhere(tmp_path: Path) -> Path:
    root = tmp_path / "other"
    for name in ("data/candles", "results"):
        (root / name).mkdir(parents=True)
    return root


def test_what_is_saved_comes_back(dump: Path, tmp_path: Path) -> None:
    root = elsewhere(tmp_path)
    assert files(root, "load", dump).returncode == 0
    assert (root / "data/candles/BTC_1h.parquet").read_text() == "candles"
    assert (root / "results/first.html").read_text() == "report"


@pytest.mark.parametrize(
    ("flags", "kept"), [((), "mine"), (("--force",), "candles")], ids=["plain", "forced"]
)
def test_what_is_there_stays_unless_forced(
    dump: Path, tmp_path: Path, flags: tuple[str, ...], kept: str
) -> None:
    root = elsewhere(tmp_path)
    (root / "data/candles/BTC_1h.parquet").write_text("mine")
    assert files(root, "load", *flags, dump).returncode == 0
    assert (root / "data/candles/BTC_1h.parquet").read_text() == kept


def test_a_damaged_archive_is_not_unpacked(dump: Path, tmp_path: Path) -> None:
    archive = dump.with_name("genepool-20260101T000000Z.files.tar.gz")
    archive.write_bytes(archive.read_bytes()[:-1])
    root = elsewhere(tmp_path)
    done = files(root, "load", dump)
    assert done.returncode == 4
    assert "is not what its checksum says" in done.stderr
    assert not list(root.rglob("*.parquet"))


def test_a_backup_without_files_says_so(tmp_path: Path) -> None:
    done = files(elsewhere(tmp_path), "load", tmp_path / "older.dump")
    assert done.returncode == 0
    assert "holds no candles and reports" in done.stdout


def test_folders_that_cannot_be_read_leave_no_archive(tmp_path: Path) -> None:
    done = files(tmp_path / "nowhere", "save", tmp_path / "a.dump")
    assert done.returncode == 4
    assert "candles and reports are not" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == []
