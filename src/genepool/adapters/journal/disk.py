"""What the journal asks of an operating system, by means that all of them have."""

import os
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout


class HeldFile:
    """An existing file that is read and written at offsets.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    OSError
        When it cannot be opened, here and at each later call when the disk fails.
    """

    def __init__(self, path: Path) -> None:
        # Windows has no calls that read and write at an offset, so each seeks first; threads take turns.
        self._file = path.open("r+b", buffering=0)
        self._turn = Lock()

    @property
    def size(self) -> int:
        """Length of the file, in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def read(self, offset: int, length: int) -> bytes:
        """Return so many bytes, or fewer where the file ends; several threads may read at once."""
        with self._turn:
            self._file.seek(offset)
            return self._file.read(length)

    def write(self, data: bytes, offset: int) -> None:
        """Write all of it; it is on disk when this returns."""
        rest = memoryview(data)
        while rest:
            count = self._write_some(rest, offset)
            rest, offset = rest[count:], offset + count
        os.fsync(self._file.fileno())

    def cut(self, size: int) -> None:
        """Cut off what stands behind so many bytes."""
        self._file.truncate(size)

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._file.close()

    def _write_some(self, data: memoryview, offset: int) -> int:
        with self._turn:
            self._file.seek(offset)
            return self._file.write(data)


class FolderLock:
    """A claim on a folder that ends with its process, however that comes about.

    Parameters
    ----------
    path
        The lock file; made when it is missing, and left there.

    Raises
    ------
    BlockingIOError
        When another process holds the lock.
    OSError
        When the file cannot be opened, or its disk knows no locks.
    """

    def __init__(self, path: Path) -> None:
        # A lock that is only a file with a name would outlive a killed owner: rather none than that one.
        self._lock = FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False)
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise BlockingIOError(f"another process holds {path}") from error

    def close(self) -> None:
        """Let go of the folder; may be called twice."""
        self._lock.release()


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; its content and its name are on disk when this returns.

    Raises
    ------
    OSError
        When there is no room, or the disk fails.
    """
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _synchronise_folder(path.parent)


def _synchronise_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        # Windows opens no folder as a file; its file system writes names before it lets go of them.
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
