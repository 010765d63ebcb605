"""Files that clients send: read from a folder of their own, and gone afterwards, whatever became of them."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from genepool.api.upload_form import SentFile, no_room
from genepool.errors import ServiceUnavailable
from genepool.usecases.datasets import UploadedFile

# A file of candles is read within the memory of a few times its size.
READ_AT_ONCE = 2
_WAIT_SECONDS = 60.0
_LEFT_SECONDS = 3_600.0


class Inbox:
    """The folder that files lie in while they are read.

    Parameters
    ----------
    folder
        Made when the first file comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seats = threading.BoundedSemaphore(READ_AT_ONCE)

    @contextmanager
    def holding(self, sent: SentFile) -> Iterator[UploadedFile]:
        """Yield a file that was sent, on disk while the context lasts.

        Raises
        ------
        ServiceUnavailable
            When there is no room for it, or others are read for too long.
        """
        if not self._seats.acquire(timeout=_WAIT_SECONDS):
            raise ServiceUnavailable("other files are being read: send this one again in a minute")
        try:
            with self._written(sent) as path:
                called = sent.upload.filename or "upload"
                yield UploadedFile(str(path), called, sent.reading, sent.source, sent.licence)
        finally:
            self._seats.release()

    @contextmanager
    def _written(self, sent: SentFile) -> Iterator[Path]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            held = TemporaryDirectory(dir=self._folder)
        except OSError as error:
            raise no_room(error) from error
        with held as folder:
            # What its user calls it becomes no path.
            path = Path(folder) / "upload"
            try:
                with path.open("wb") as file:
                    shutil.copyfileobj(sent.upload.file, file)
            except OSError as error:
                raise no_room(error) from error
            yield path

    def _sweep(self) -> None:
        """Delete what a process left that was killed over it."""
        for left in self._folder.iterdir():
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                    shutil.rmtree(left)
