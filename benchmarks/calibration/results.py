"""The results: one line of JSON a cell, appended as it ends, so that what was stopped continues."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from benchmarks.calibration.lines import Line
from genepool.errors import ConfigError


class Results:
    """A file of results.

    Parameters
    ----------
    path
        The file; its folder is made when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Line]:
        """Return all lines by the name of their cell; a last line without its end is not there.

        Raises
        ------
        ConfigError
            When another line cannot be read.
        """
        if not self.path.exists():
            return {}
        whole, _, _ = self.path.read_bytes().rpartition(b"\n")
        lines = (self._line(number, text) for number, text in enumerate(whole.splitlines(), 1))
        return {line["key"]: line for line in lines}

    def of(self, sources: Mapping[str, str]) -> dict[str, Line]:
        """Return the lines whose real candles are today's, and those that are made of none.

        Parameters
        ----------
        sources
            Digest of the real candles, by kind of market or name of the data set.
        """
        return {key: line for key, line in self.read().items() if line["source"] == sources.get(line["kind"])}

    def repair(self) -> None:
        """Cut off a last line that a killed process did not end; its cell is measured again."""
        if not self.path.exists():
            return
        whole, end, torn = self.path.read_bytes().rpartition(b"\n")
        if torn:
            os.truncate(self.path, len(whole) + len(end))

    def append(self, line: Line) -> None:
        """Write a line by one call, and have the disk hold it before this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(line).encode() + b"\n")
            os.fsync(file.fileno())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process write at a time.

        Raises
        ------
        ConfigError
            When another process writes.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self.path}.lock", timeout=0):
                self.repair()
                yield
        except Timeout as error:
            raise ConfigError(
                f"another process writes to {self.path}: wait for it, or give another --seed-base"
            ) from error

    def _line(self, number: int, text: bytes) -> Line:
        try:
            line = json.loads(text)
            line["key"]
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"line {number} of {self.path} is no result: delete that line, and its cell is measured again"
            ) from error
        found: Line = line
        return found
