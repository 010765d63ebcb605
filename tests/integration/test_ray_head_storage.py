"""What the head does about a storage that its GCS cannot read, with a `ray` that says what Ray says."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

HEAD = Path(__file__).resolve().parents[2] / "docker" / "ray-head.sh"
# As Ray 2.60 with a MANIFEST that was written over.
CORRUPT = (
    "rocksdb_store_client.cc:179: Check failed: open_status.ok() "
    "Failed to open RocksDB at /var/lib/ray-gcs/kv: Corruption: checksum mismatch  "
    "The file /var/lib/ray-gcs/kv/MANIFEST-000005 may be corrupted."
)
FULL = "Failed to open RocksDB at /var/lib/ray-gcs/kv: IO error: No space left on device"
RAY = """#!/bin/bash
trap 'echo stopped >> "$RAY_TMPDIR/notes"; exit 0' TERM
logs=$RAY_TMPDIR/ray/session_1/logs
mkdir -p "$logs"
cat "$RAY_TMPDIR/says" > "$logs/gcs_server.err"
if [ -s "$RAY_TMPDIR/says" ]; then code=1; else code=0; fi
for tick in $(seq "$(cat "$RAY_TMPDIR/ticks")"); do sleep 0.05; done
exit $code
"""


class Head:
    """A storage with something in it, and a `ray` that says a sentence and ends after so many ticks.

    Parameters
    ----------
    folder
        Where all of it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = folder / "storage"
        (self.storage / "kv").mkdir(parents=True)
        (self.storage / "kv" / "CURRENT").write_text("MANIFEST-000005\n")
        (self.storage / "session_name").write_text("session_1")
        (folder / "ray.sh").write_text(RAY)

    def start(self, says: str, ticks: int) -> "subprocess.Popen[str]":
        (self.folder / "says").write_text(says)
        (self.folder / "ticks").write_text(str(ticks))
        places = {"RAY_TMPDIR": str(self.folder), "RAY_gcs_storage_path": str(self.storage)}
        command = ["bash", str(HEAD), "bash", str(self.folder / "ray.sh")]
        return subprocess.Popen(command, env=os.environ | places, stderr=subprocess.PIPE, text=True)

    def held(self) -> list[str]:
        return sorted(path.name for path in self.storage.iterdir())


@pytest.fixture
def head(tmp_path: Path) -> Head:
    return Head(tmp_path)


def test_a_damaged_storage_is_moved_aside_whole_and_one_line_says_where(head: Head) -> None:
    # A quarter of a minute: the head is not waited for once its GCS has said what it cannot read.
    starting = head.start(CORRUPT, ticks=300)
    began = time.monotonic()
    _, told = starting.communicate(timeout=30)
    assert time.monotonic() - began < 10
    (aside,) = head.storage.iterdir()
    assert aside.name.startswith("damaged-")
    assert (aside / "kv" / "CURRENT").read_text() == "MANIFEST-000005\n"
    assert (aside / "session_name").exists()
    assert [line for line in told.splitlines() if str(aside) in line] == told.splitlines()


def test_what_was_moved_aside_before_stays_where_it_is(head: Head) -> None:
    (head.storage / "damaged-20260101T000000Z").mkdir()
    head.start(CORRUPT, ticks=0).communicate(timeout=30)
    assert len(head.held()) == 2
    assert head.held()[0] == "damaged-20260101T000000Z"


@pytest.mark.parametrize(
    "says", [FULL, "address already in use", ""], ids=["full disk", "taken port", "nothing"]
)
def test_a_storage_that_is_not_damaged_stays_and_so_does_the_status(head: Head, says: str) -> None:
    starting = head.start(says, ticks=0)
    starting.communicate(timeout=30)
    assert starting.returncode == (1 if says else 0)
    assert head.held() == ["kv", "session_name"]


def test_a_head_that_is_told_to_stop_is_waited_for(head: Head) -> None:
    starting = head.start("", ticks=600)
    deadline = time.monotonic() + 10
    while not (head.folder / "ray").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    starting.send_signal(signal.SIGTERM)
    starting.communicate(timeout=10)
    assert (head.folder / "notes").read_text() == "stopped\n"
    assert head.held() == ["kv", "session_name"]
