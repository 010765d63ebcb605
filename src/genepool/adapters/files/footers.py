"""What stands in a text without being a candle: remarks, and lines below the last one."""

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from genepool.adapters.files.tables import shown

# What a spreadsheet writes where a formula failed begins as a remark does.
REMARK = re.compile(r"#(?!N/A|NA\b|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)")
_NOTHING = re.compile(r"(nan|nat|null|none|nil|n/?a|n\.a\.|#.*|<na>)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words that stand in times: months, days of the week, zones.
_OF_TIME = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|\b(?-i:[A-Z]{3,4})\b"
    r"|[\[\w]+/\w+",
    re.IGNORECASE,
)
# A sum or a count stands in one cell.
_FEWEST_PRICES = 2


class WithoutFooter:
    """The chunks of a table but for the lines below its last candle, such as a total or its provider.

    Parameters
    ----------
    time, prices
        Positions of the times and of the prices.
    """

    def __init__(self, time: int, prices: Sequence[int]) -> None:
        self._time = time
        self._prices = list(prices)
        self._left_out: list[str] = []

    def notes(self) -> tuple[str, ...]:
        """Return one sentence where lines were left out."""
        if not self._left_out:
            return ()
        count, last = len(self._left_out), self._left_out[-1]
        return (f"lines below the last candle that were left out: {count:,}, such as {last}",)

    def of(self, chunks: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Yield the chunks, of the last one only what stands above the footer."""
        held: pd.DataFrame | None = None
        for chunk in chunks:
            if held is not None:
                yield held
            # An empty one may stand at the end; those before it are wanted.
            held = chunk if len(chunk) or held is None else held
        if held is not None:
            yield self._above(held)

    def _above(self, chunk: pd.DataFrame) -> pd.DataFrame:
        last = len(chunk)
        while last and self._is_footer(chunk.iloc[last - 1]):
            last -= 1
        self._left_out = [shown(cell) for cell in chunk[self._time].iloc[last:]] if last else []
        return chunk.iloc[:last] if last else chunk

    def _is_footer(self, row: pd.Series) -> bool:
        """Say whether a row has words where the time stands, and too few prices for a candle."""
        time = row[self._time]
        if not isinstance(time, str) or not time.strip() or _NOTHING.fullmatch(time.strip()):
            return False
        prices = sum(bool(_DIGIT.search(str(row[i]))) for i in self._prices if pd.notna(row[i]))
        if time.strip()[0].isdigit():
            # A number of rows, or the date of the download; the last candle may have been cut short.
            return not prices and bool(_WORD.search(_OF_TIME.sub(" ", time)))
        return prices < min(_FEWEST_PRICES, len(self._prices))
