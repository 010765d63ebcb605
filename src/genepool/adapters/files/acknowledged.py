"""The log of acknowledged generations and ends: what an outside checker compares the history with."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from genepool.errors import StoreError
from genepool.ports import Event, GenerationFinished

# In bytes; names of runs are short.
_LONGEST_LINE = 4_096


class AcknowledgedLog:
    """``Watcher`` that appends one line a generation, on disk before other watchers hear of it.

    Of a run that is finished, ``finished`` appends a line too.

    Parameters
    ----------
    path
        The file; its folder is made.

    Raises
    ------
    StoreError
        When it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Runs that are bred at once have a thread each.
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as file:
                _cut_torn_line(file)
        except OSError as error:
            raise StoreError(
                f"cannot write the log of acknowledged generations {path}: {error.strerror}"
            ) from error

    def __call__(self, event: Event) -> None:
        """Append a line on a generation; a full disk costs the line, never the run."""
        match event:
            case GenerationFinished(spec, record):
                self._append(spec.run, generation=record.population.generation, digest=record.digest)

    def finished(self, run: str, digest: str, epoch: int) -> None:
        """Append a line on a run that the history has as finished.

        Parameters
        ----------
        run
            Its name.
        digest
            Its run digest.
        epoch
            What the claim counted under which it was finished.
        """
        self._append(run, finished=digest, epoch=epoch)

    def _append(self, run: str, **said: object) -> None:
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "run": run, **said}
        try:
            with self._lock, self._path.open("ab+") as file:
                # What a full disk or a kill left of an earlier line would spoil this one.
                _cut_torn_line(file)
                file.write(json.dumps(line).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            return


def _cut_torn_line(file: BinaryIO) -> None:
    """Cut off a last line that was not written to its end: its generation was never reported."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _LONGEST_LINE)
    file.seek(start)
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(start + tail.rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
