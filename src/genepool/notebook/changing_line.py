"""One line that is written over, in a terminal and beneath a cell."""

import sys
from typing import TextIO


class ChangingLine:
    """A line of text that changes.

    Parameters
    ----------
    stream
        Where it is written; standard error where none is given.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._width = 0

    def show(self, text: str) -> None:
        """Write a text over the one before."""
        self._stream.write(f"\r{text.ljust(self._width)}")
        self._stream.flush()
        self._width = len(text)

    def end(self) -> None:
        """Leave the text there, and begin another line."""
        self._stream.write("\n")
        self._width = 0
