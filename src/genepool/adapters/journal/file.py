"""The journal on disk: entries are acknowledged when they stand there, checksummed and synchronised."""

import shutil
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from genepool.adapters.journal import frames
from genepool.adapters.journal.disk import FolderLock, HeldFile, write_new
from genepool.adapters.journal.frames import JournalFrame
from genepool.adapters.journal.marks import FIRST_FRAME, PROLOGUE, Mark, newer_mark
from genepool.errors import StoreError

NAME = "journal"
LOCK = "lock"


class Journal:
    """An append-only file of entries; not safe for use by several threads, ``body`` excepted.

    Parameters
    ----------
    folder
        Where it is; made when it is missing. One process at a time may use it.

    Attributes
    ----------
    pending
        Entries that are not known to be in the history, oldest first.

    Raises
    ------
    StoreError
        When another process uses the folder, or it cannot be written, or what is there is no journal.
    """

    def __init__(self, folder: Path) -> None:
        self.pending: deque[JournalFrame] = deque()
        self.path = folder / NAME
        self._open: list[FolderLock | HeldFile] = []
        try:
            self._file = self._opened(folder)
            self._mark = self._read_mark()
            self._digest = self._load()
        except OSError as error:
            self.close()
            raise StoreError(
                f"the journal {folder} cannot be used ({error.strerror}): give this user write access to it, "
                "and free some space when its disk is full"
            ) from error
        except BaseException:
            self.close()
            raise

    @property
    def end(self) -> int:
        """Length of the file, in bytes."""
        return self._mark.end

    def append(self, kind: int, run: str, body: bytes) -> None:
        """Write an entry; it is on disk when this returns.

        Raises
        ------
        OSError
            When there is no room, or the disk fails; the journal is as it was before.
        """
        frame = frames.written(self._digest, kind, run, body)
        start, end = self._mark.end, self._mark.end + len(frame)
        carried = self.pending[0].start if self.pending else start
        try:
            self._file.write(frame, start)
            self._set_mark(Mark(self._mark.turn + 1, end, carried))
        except OSError:
            with suppress(OSError):
                self._file.cut(start)
            raise
        self._digest = frames.checksum(frame)
        at = end - len(self._digest) - len(body)
        self.pending.append(JournalFrame(kind, run, (at, len(body)), start, end, self._digest))

    def body(self, frame: JournalFrame) -> bytes:
        """Return the body of an entry."""
        offset, length = frame.body
        return self._file.read(offset, length)

    def save_carried(self) -> None:
        """Put on disk which entries are carried: a process that is killed leaves no other ones behind.

        Raises
        ------
        OSError
            When the disk fails.
        """
        carried = self.pending[0].start if self.pending else self._mark.end
        if carried != self._mark.carried:
            self._set_mark(Mark(self._mark.turn + 1, self._mark.end, carried))

    def empty(self) -> None:
        """Give the disk back what carried entries took; nothing may be pending.

        Raises
        ------
        OSError
            When the disk fails.
        """
        # Cut off before the file is: entries that come back are carried again, which changes nothing.
        self._set_mark(Mark(self._mark.turn + 1, FIRST_FRAME, FIRST_FRAME))
        self._file.cut(FIRST_FRAME)
        self._digest = frames.START

    def keep_aside(self) -> Path:
        """Copy the file, so that an operator can examine it; return where to.

        Raises
        ------
        StoreError
            When there is no room for the copy.
        """
        number = 1
        while (copy := self.path.with_name(f"{NAME}.refused-{number}")).exists():
            number += 1
        try:
            shutil.copyfile(self.path, copy)
        except OSError as error:
            copy.unlink(missing_ok=True)
            raise StoreError(
                f"the journal {self.path} must be kept aside, which fails ({error.strerror}): free some space"
            ) from error
        return copy

    def drop(self, unwanted: Callable[[JournalFrame], bool]) -> None:
        """Carry some of the pending entries no further."""
        self.pending = deque(frame for frame in self.pending if not unwanted(frame))

    def close(self) -> None:
        """Let go of the file and of the folder; may be called twice."""
        while self._open:
            self._open.pop().close()

    def _opened(self, folder: Path) -> HeldFile:
        folder.mkdir(parents=True, exist_ok=True)
        self._open.append(_locked(folder))
        if not self.path.exists():
            _create(self.path)
        file = HeldFile(self.path)
        self._open.append(file)
        return file

    def _read_mark(self) -> Mark:
        head = self._file.read(0, FIRST_FRAME)
        if not head.startswith(PROLOGUE):
            raise StoreError(
                f"{self.path} is no journal of this version of genepool: carry it to the history with the "
                "version that wrote it, or move it away"
            )
        mark = newer_mark(head)
        if mark is None:
            raise StoreError(
                f"the head of the journal {self.path} is damaged, and nothing behind it can be trusted: "
                "move it away and resume the run, which computes again what was not yet in the history"
            )
        return mark

    def _load(self) -> bytes:
        """Read what an earlier process left behind; return the checksum of the last good entry."""
        size, offset, digest = self._file.size, FIRST_FRAME, frames.START
        while frame := frames.found(self._file.read, offset, digest, size):
            offset, digest = frame.end, frame.digest
            if frame.start >= self._mark.carried:
                self.pending.append(frame)
        if offset < self._mark.end:
            self._refuse(offset)
        elif offset < size:
            structlog.get_logger().warning("journal_torn_tail_cut", path=str(self.path), bytes=size - offset)
        if (offset, offset) != (self._mark.end, size):
            carried = min(self._mark.carried, offset)
            self._set_mark(Mark(self._mark.turn + 1, offset, carried))
            self._file.cut(offset)
        return digest

    def _refuse(self, offset: int) -> None:
        structlog.get_logger().error(
            "journal_damaged",
            reason=f"the journal {self.path} is damaged at byte {offset}: everything from there on is "
            "refused and computed again, and the damaged file is kept aside",
            kept=str(self.keep_aside()),
            bytes=self._mark.end - offset,
        )

    def _set_mark(self, mark: Mark) -> None:
        self._file.write(mark.written(), mark.place)
        self._mark = mark


def _locked(folder: Path) -> FolderLock:
    try:
        return FolderLock(folder / LOCK)
    except BlockingIOError as error:
        raise StoreError(
            f"the journal {folder} is used by another process: end it, or give this one another folder "
            "(GENEPOOL_JOURNAL)"
        ) from error


def _create(path: Path) -> None:
    mark = Mark(0, FIRST_FRAME, FIRST_FRAME)
    head = bytearray(FIRST_FRAME)
    head[: len(PROLOGUE)] = PROLOGUE
    head[mark.place : mark.place + len(mark.written())] = mark.written()
    write_new(path, bytes(head))
