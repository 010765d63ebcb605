"""What the journal acknowledged comes back whole, or what is missing is named; never anything wrong."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from genepool.adapters.journal.disk import HeldFile
from genepool.adapters.journal.file import Journal
from genepool.adapters.journal.marks import FIRST_FRAME, PLACES, PROLOGUE, SIZE
from genepool.errors import StoreError

BODIES = [b"one", b"two", b"", b"four " * 4]
# Name of the format, and both marks.
WRITTEN_HEAD = {*range(len(PROLOGUE)), *(start + k for start in PLACES for k in range(SIZE))}
# Most of the head is empty: some of those bytes stand for all.
EMPTY_HEAD = set(range(0, FIRST_FRAME, 16)) - WRITTEN_HEAD


@contextmanager
def opened(folder: Path) -> Iterator[Journal]:
    journal = Journal(folder)
    try:
        yield journal
    finally:
        journal.close()


def filled(folder: Path, bodies: list[bytes] = BODIES) -> bytes:
    """Return the file that a process leaves behind which acknowledged these."""
    with opened(folder) as journal:
        for body in bodies:
            journal.append(1, "first", body)
    return (folder / "journal").read_bytes()


def pending(folder: Path) -> list[bytes]:
    with opened(folder) as journal:
        return [journal.body(frame) for frame in journal.pending]


def reread(folder: Path, content: bytes) -> tuple[list[bytes] | None, list[str]]:
    """Return what a journal with this content holds, None when it is refused, and what was logged."""
    for stale in folder.glob("journal*"):
        stale.unlink()
    (folder / "journal").write_bytes(content)
    with capture_logs() as log:
        try:
            return pending(folder), [entry["event"] for entry in log]
        except StoreError:
            return None, [entry["event"] for entry in log]


def test_what_was_appended_comes_back_in_order(tmp_path: Path) -> None:
    filled(tmp_path)
    with opened(tmp_path) as journal:
        assert [(frame.kind, frame.run) for frame in journal.pending] == [(1, "first")] * 4
        assert [journal.body(frame) for frame in journal.pending] == BODIES


def test_a_reopened_journal_continues(tmp_path: Path) -> None:
    filled(tmp_path, BODIES[:2])
    filled(tmp_path, BODIES[2:])
    assert pending(tmp_path) == BODIES


def test_carried_entries_do_not_come_back_after_the_next_acknowledgement(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for body in BODIES:
            journal.append(1, "first", body)
            journal.pending.popleft() if len(journal.pending) > 2 else None
    assert pending(tmp_path) == BODIES[1:]


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for the disk: thousands of files are written, and no power is cut."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.usefixtures("quick_disk")
@pytest.mark.parametrize("place", ["head", "entries"])
@pytest.mark.slow
def test_no_single_flipped_bit_is_missed(tmp_path: Path, place: str) -> None:
    content = filled(tmp_path)
    span = WRITTEN_HEAD | EMPTY_HEAD if place == "head" else range(FIRST_FRAME, len(content))
    silent = []
    for byte in span:
        for bit in (0,) if byte in EMPTY_HEAD else range(8):
            flipped = bytearray(content)
            flipped[byte] ^= 1 << bit
            held, said = reread(tmp_path, bytes(flipped))
            # A part of it, in order, is allowed only when the user is told; anything else never is.
            told = held is None or (held == BODIES[: len(held)] and said == ["journal_damaged"])
            if held != BODIES and not told:
                silent.append((byte, bit))
    assert silent == []


@pytest.mark.usefixtures("quick_disk")
def test_no_truncation_is_missed(tmp_path: Path) -> None:
    content = filled(tmp_path)
    for size in sorted(WRITTEN_HEAD | EMPTY_HEAD) + list(range(FIRST_FRAME - 1, len(content))):
        held, said = reread(tmp_path, content[:size])
        assert held is None or (held == BODIES[: len(held)] and said == ["journal_damaged"]), size


def test_what_is_refused_is_kept_aside_and_what_came_before_is_not_lost(tmp_path: Path) -> None:
    content = bytearray(filled(tmp_path))
    content[content.index(b"two")] ^= 1
    held, said = reread(tmp_path, bytes(content))
    assert (held, said) == ([b"one"], ["journal_damaged"])
    assert (tmp_path / "journal.refused-1").read_bytes() == content
    assert pending(tmp_path) == [b"one"]


def test_the_sentence_names_file_place_and_copy(tmp_path: Path) -> None:
    content = filled(tmp_path)
    (tmp_path / "journal").write_bytes(content[:-1])
    with capture_logs() as log:
        assert pending(tmp_path) == BODIES[:3]
    assert f"the journal {tmp_path / 'journal'} is damaged at byte" in log[0]["reason"]
    assert log[0]["kept"] == str(tmp_path / "journal.refused-1")


def test_an_entry_that_was_torn_while_it_was_written_is_cut_and_counted(tmp_path: Path) -> None:
    before = filled(tmp_path, BODIES[:3])
    # As the disk is when the process dies after the entry and before the mark.
    whole = filled(tmp_path, BODIES[3:])[len(before) :]
    for size in range(1, len(whole)):
        assert reread(tmp_path, before + whole[:size]) == (BODIES[:3], ["journal_torn_tail_cut"])
    # An entry that stands there whole was about to be acknowledged: keeping it is safe.
    assert reread(tmp_path, before + whole) == (BODIES, [])


def test_after_a_torn_entry_the_journal_continues(tmp_path: Path) -> None:
    before = filled(tmp_path, BODIES[:1])
    (tmp_path / "journal").write_bytes(before + b"GJ\x01\x01torn")
    filled(tmp_path, BODIES[1:])
    assert pending(tmp_path) == BODIES


def test_a_mark_that_was_torn_leaves_the_one_before_it(tmp_path: Path) -> None:
    content = bytearray(filled(tmp_path))
    for place in (512, 1_024):
        torn = content.copy()
        torn[place : place + 20] = bytes(20)
        assert reread(tmp_path, bytes(torn)) == (BODIES, [])


def test_entries_cannot_be_swapped_or_left_out(tmp_path: Path) -> None:
    content = filled(tmp_path, [b"aaa", b"bbb", b"ccc"])
    head, rest = content[:FIRST_FRAME], content[FIRST_FRAME:]
    size = len(rest) // 3
    one, two, three = rest[:size], rest[size : 2 * size], rest[2 * size :]
    assert reread(tmp_path, head + two + one + three) == ([], ["journal_damaged"])
    assert reread(tmp_path, head + one + three) == ([b"aaa"], ["journal_damaged"])
    assert reread(tmp_path, head + one + one + three) == ([b"aaa"], ["journal_damaged"])


def test_what_is_no_journal_or_one_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    content = filled(tmp_path)
    for strange in (b"", b"something else entirely", content.replace(b"JOURNAL-1", b"JOURNAL-2", 1)):
        (tmp_path / "journal").write_bytes(strange)
        with pytest.raises(StoreError, match="is no journal of this version of genepool"):
            Journal(tmp_path)
        assert (tmp_path / "journal").read_bytes() == strange


def test_an_emptied_journal_is_small_and_continues(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        for body in BODIES:
            journal.append(1, "first", body)
        journal.pending.clear()
        journal.empty()
        journal.append(1, "first", b"five")
    assert pending(tmp_path) == [b"five"]
    assert (tmp_path / "journal").stat().st_size < FIRST_FRAME + 100


def test_a_crash_while_it_is_emptied_brings_entries_back_and_loses_none(tmp_path: Path) -> None:
    content = filled(tmp_path)
    with opened(tmp_path) as journal:
        journal.pending.clear()
        journal.empty()
    emptied = (tmp_path / "journal").read_bytes()
    assert reread(tmp_path, emptied + content[FIRST_FRAME:]) == (BODIES, [])


@pytest.mark.slow
def test_a_second_process_is_refused_in_a_sentence(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from genepool.adapters.journal.file import Journal\n"
        "journal = Journal(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="is used by another process: end it, or give this one another"):
            Journal(tmp_path)
        holder.kill()
    # A killed owner never stands in the way.
    assert pending(tmp_path) == []


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"the journal .* cannot be used \(Not a directory\)"):
        Journal(tmp_path / "file" / "journal")


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process can grow beyond 4 KiB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_disk")
def test_an_entry_that_finds_no_room_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.append(1, "first", b"one")
        for _ in range(3):
            with pytest.raises(OSError, match="too large"):
                journal.append(1, "first", os.urandom(8_000))
        journal.append(1, "first", b"two")
    assert pending(tmp_path) == [b"one", b"two"]


def test_a_full_disk_at_any_write_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = HeldFile._write_some, [0]

    def write_some(file: HeldFile, data: memoryview, offset: int) -> int:
        left[0] -= 1
        if left[0] == 0:
            # Half of it fits, and the next call finds the disk full.
            return write(file, data[: len(data) // 2], offset)
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return write(file, data, offset)

    monkeypatch.setattr(HeldFile, "_write_some", write_some)
    for room in range(3):
        folder = tmp_path / str(room)
        left[0] = 100
        with opened(folder) as journal:
            journal.append(1, "first", b"one")
            left[0] = room
            with pytest.raises(OSError, match="No space left"):
                journal.append(1, "first", b"lost")
            left[0] = 100
            journal.append(1, "first", b"two")
        assert pending(folder) == [b"one", b"two"]
