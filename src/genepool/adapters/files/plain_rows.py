"""Rows of text without remarks, blanks or quotes within cells, as nearly every file has, parsed by Arrow.

The first row that is not as plain, and all after it, are left to pandas: it is slower and accepts more.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from genepool.adapters.files.bounded_text import BoundedText
from genepool.adapters.files.limits import TextLimits

# In characters: some 70,000 candles, so that what is done once a block hardly counts.
_BLOCK = 4_000_000
_LINE_END, _QUOTE = ord("\n"), ord('"')
# These end a line for some readers and not for others.
_NOT_PLAIN = ("\0", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


class PlainRows:
    """The plain rows at the beginning of a text; what follows them can be read from it as from a file.

    Parameters
    ----------
    text
        From its first line on.
    delimiter, width
        What parts cells, and how many a row has.
    header_line
        Where the header stands, counted from 1; rows follow it.
    limits
        A longer cell is left to the code that refuses it.
    """

    def __init__(
        self, text: BoundedText, delimiter: str, width: int, header_line: int, limits: TextLimits
    ) -> None:
        self._text = text
        self._delimiter = delimiter
        self._width = width
        self._longest = limits.cell
        self._block = max(1, min(_BLOCK, limits.at_once // 2))
        self._unread = ""
        self.lines_read = 0
        self.lines_above = header_line

    def chunks(self, positions: Sequence[int]) -> Iterator[pd.DataFrame]:
        """Yield the columns at these positions until the text ends or a row is not plain."""
        if self._delimiter == " " or not self._pass_header():
            return
        while block := self._next_block():
            frame = self._parsed(block, positions)
            if frame is None:
                self._unread = block + self._unread
                return
            self.lines_read += len(frame)
            self._text.start_stretch()
            yield frame

    @property
    def ended(self) -> bool:
        """Whether nothing is left to read; what is looked at for this is read later."""
        if not self._unread:
            self._unread = self._text.read(self._block)
        return not self._unread

    def read(self, size: int = -1) -> str:
        """Return the next characters of what is left."""
        if not self._unread:
            return self._text.read(size)
        cut = len(self._unread) if size < 0 else size
        given, self._unread = self._unread[:cut], self._unread[cut:]
        return given

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; pandas takes only what can be iterated for a file."""
        return iter(self.read, "")

    def _pass_header(self) -> bool:
        """Go past the header; say whether the lines above the rows are plain."""
        self._unread = self._text.read(self._block)
        end = 0
        for _ in range(self.lines_above):
            end = self._unread.find("\n", end) + 1
            if end == 0:
                return False
        above = self._unread[:end]
        if not _is_plain(above) or not all(map(self._is_plainly_quoted, above.split("\n"))):
            return False
        self._unread = self._unread[end:]
        self.lines_read, self.lines_above = self.lines_above, 0
        return True

    def _next_block(self) -> str:
        """Return whole lines, the last one with or without its end; empty at the end of the text."""
        parts, held = [self._unread], len(self._unread)
        while held < self._block and (read := self._text.read(self._block)):
            parts.append(read)
            held += len(read)
        whole, self._unread = "".join(parts), ""
        if held < self._block:
            return whole
        cut = whole.rfind("\n") + 1
        self._unread = whole[cut:]
        return whole[:cut]

    def _parsed(self, block: str, positions: Sequence[int]) -> pd.DataFrame | None:
        if not _is_plain(block) or ("#" in block and (block.startswith("#") or "\n#" in block)):
            return None
        held, quoted = block.encode(), '"' in block
        ends = np.count_nonzero(np.frombuffer(held, np.uint8) == _LINE_END)
        # Each row has as many cells as the header, and blank lines by the million are no rows.
        if ends * self._width > len(held) or (
            quoted and ("#" in block or not self._is_plainly_quoted(block))
        ):
            return None
        names = [str(number) for number in range(self._width)]
        kept = [str(position) for position in positions]
        try:
            table = csv.read_csv(
                pa.py_buffer(held),
                csv.ReadOptions(use_threads=False, column_names=names, block_size=2 * len(held) + 1_000),
                csv.ParseOptions(
                    delimiter=self._delimiter, quote_char='"' if quoted else False, ignore_empty_lines=False
                ),
                csv.ConvertOptions(
                    column_types=dict.fromkeys(kept, pa.large_string()),
                    include_columns=kept,
                    check_utf8=False,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        blank = all(column.null_count for column in table.columns)
        # A quote may hold the end of a line.
        if quoted and len(table) != ends + (not block.endswith("\n")):
            return None
        if blank or self._has_long_cells(table) or (" " in block and self._is_indented(table)):
            return None
        first = self.lines_read + 1
        rows = pd.RangeIndex(first, first + len(table))
        # As pandas holds text itself, so that nothing is copied.
        columns = (pd.array(column, dtype="str") for column in table.columns)
        return pd.DataFrame(dict(zip(positions, columns, strict=True)), index=rows, copy=False)

    def _is_plainly_quoted(self, text: str) -> bool:
        """Say whether every quote opens or closes a whole cell, so that none stands within one."""
        signs = np.frombuffer(f"\n{text}\n".encode(), np.uint8)
        quotes = np.flatnonzero(signs == _QUOTE)
        if len(quotes) % 2:
            return False
        edges = np.frombuffer(f"{self._delimiter}\r\n".encode(), np.uint8)
        before, behind = signs[quotes[::2] - 1], signs[quotes[1::2] + 1]
        return all(np.isin(beside, edges).all() for beside in (before, behind))

    def _is_indented(self, table: pa.Table) -> bool:
        return any(pc.any(pc.starts_with(column, " ")).as_py() for column in table.columns)

    def _has_long_cells(self, table: pa.Table) -> bool:
        longest = (pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns)
        return max(longest, default=0) > self._longest


def _is_plain(text: str) -> bool:
    if any(sign in text for sign in _NOT_PLAIN):
        return False
    return "\r" not in text or text.count("\r") == text.count("\r\n")
