"""Text that is watched while it is read: no line, no stretch and no whole grows beyond its limit."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from genepool.adapters.files.limits import TextLimits
from genepool.adapters.files.packed import is_packed, unpacked
from genepool.errors import InvalidCandles


class BoundedText:
    """An open text that raises as soon as it exceeds a limit, before it is read to its end.

    Parameters
    ----------
    file
        The text.
    source
        Name of the file, for messages.
    limits
        Of its lines and of what is read at once.
    most
        Characters of the whole.
    """

    def __init__(self, file: TextIO, source: str, limits: TextLimits, most: int) -> None:
        self._file = file
        self._source = source
        self._limits = limits
        self._most = most
        self._row = 1
        self._line = 0
        self._whole = 0
        self._at_once = 0

    def read(self, size: int = -1) -> str:
        """Return the next characters, at most as many as a line may have."""
        most = self._limits.line
        text = self._file.read(most if size < 0 else min(size, most))
        self._whole += len(text)
        self._at_once += len(text)
        self._measure_line(text)
        self._check()
        return text

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; pandas takes only what can be iterated for a file."""
        return iter(self._file)

    def start_stretch(self) -> int:
        """Begin to count anew what is read at once; return what that was."""
        read, self._at_once = self._at_once, 0
        return read

    def _measure_line(self, text: str) -> None:
        # A block is no longer than a line may be: only lines that reach over its edges need be looked at.
        starts = [place for place in (text.find("\n"), text.find("\r")) if place >= 0]
        self._line += min(starts, default=len(text))
        if self._line > self._limits.line:
            raise InvalidCandles(
                f"{self._source}, row {self._row}: the line is longer than {self._limits.line:,} characters: "
                "give a file with one candle a line"
            )
        if starts:
            self._line = len(text) - 1 - max(text.rfind("\n"), text.rfind("\r"))
            self._row += text.count("\n") or text.count("\r")

    def _check(self) -> None:
        if self._at_once > self._limits.at_once:
            raise InvalidCandles(
                f"{self._source}, row {self._row}: the rows before it hold more than "
                f"{self._limits.at_once:,} characters that no candle needs: leave out columns without "
                "prices, or close the quote that is open"
            )
        if self._whole > self._most:
            raise InvalidCandles(
                f"{self._source}, row {self._row}: more than {self._most:,} characters stand before it: "
                "leave out what no candle needs, or split the file; a packed one may be unpacked and given so"
            )


@contextmanager
def bounded(path: Path, encoding: str, limits: TextLimits) -> Iterator[BoundedText]:
    """Yield the text of a file, plain or packed, watched."""
    most = limits.most_unpacked(path.stat().st_size) if is_packed(path) else limits.whole
    with unpacked(path) as file, io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        yield BoundedText(text, path.name, limits, most)
