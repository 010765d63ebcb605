"""The log of what was acknowledged of runs and jobs: an outside checker compares the history with it."""

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from genepool.errors import StoreError
from genepool.ports import Event, GenerationFinished, JobEnd

# In bytes; names of runs are short.
_LONGEST_LINE = 4_096


class AcknowledgedLog:
    """``Watcher`` that appends one line a generation, on disk before other watchers hear of it.

    What else was acknowledged of runs and jobs, its other methods append.

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

    def run_renamed(self, run: str, name: str) -> None:
        """Append a line on a run that its user calls otherwise from now on."""
        self._append(run, renamed=name)

    def run_deleted(self, run: str) -> None:
        """Append a line on a run that its user has thrown away."""
        self._append(run, deleted=True)

    def job_queued(self, job: int) -> None:
        """Append a line on a job of which its user will be told that it is queued."""
        self._write({"job": job, "queued": True})

    def job_retried(self, job: int, epoch: int) -> None:
        """Append a line on a job that its user has queued again, after the end under this claim."""
        self._write({"job": job, "retried": True, "epoch": epoch})

    def job_ended(self, job: int, end: JobEnd, epoch: int) -> None:
        """Append a line on a job that the table has as ended, and under which claim."""
        self._write({"job": job, "ended": end, "epoch": epoch})

    def _append(self, run: str, **said: object) -> None:
        self._write({"run": run, **said})

    def _write(self, said: Mapping[str, object]) -> None:
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **said}
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
