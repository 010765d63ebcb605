"""Which column, or pair of columns, holds a file's times: chosen by cells where headers mislead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genepool.adapters.files.cell_kinds import CellKind, cell_kind, may_be_clock
from genepool.adapters.files.date_parts import DateParts
from genepool.adapters.files.headers import plain_header
from genepool.adapters.files.tables import shown
from genepool.errors import InvalidCandles
from genepool.remedies import by_flag

# A time of day in further languages, as headers are compared.
_OTHER_CLOCKS = "|".join(
    f"^{plain_header(word)}$"
    for word in (
        *("tm", "ora", "ore", "heure", "uur", "tijd", "czas", "godzina", "tid", "saat", "время", "jam"),
        *("시간", "시각", "時間", "時刻", "时间"),
    )
)
_TEMPORAL = re.compile(
    r"date|time|stamp|datum|fecha|hora|zeit|^tag$|^dt|_dt$|^ts$|ymd|hhmm|hour|clock|unix|epoch|begin|start|day$|^$"
    rf"|{_OTHER_CLOCKS}"
)
_WHICH = "say which opens the candles with"
_CLOCK = re.compile(rf"time|stamp|hhmm|hour|hora|zeit|clock|^hms$|{_OTHER_CLOCKS}")
# When a candle ended, or when a program wrote the row, is not when it opened.
_OTHER_TIMES = re.compile(
    r"clos|end|last|expir|settl|update|creat|insert|ingest|fetch|download|listing|timeframe|timezone"
)


@dataclass(frozen=True)
class TimeColumns:
    """Position of the times, or of the dates, then of the times of day beside them, or the dates' parts."""

    time: int
    clock: int | None = None
    parts: DateParts | None = None


def temporal(headers: Sequence[str], taken: Sequence[int]) -> list[int]:
    """Return the positions of columns whose header may mean a time of opening, the taken ones left out."""
    names = [plain_header(header) for header in headers]
    return [
        i
        for i, name in enumerate(names)
        if i not in taken and _TEMPORAL.search(name) and not _OTHER_TIMES.search(name)
    ]


class TimeChooser:
    """Judges a sample of the columns that may hold times.

    Parameters
    ----------
    source
        Name of the file, for messages.
    headers
        All of the file's.
    sample
        The first rows of the columns in question, labelled by position.
    """

    def __init__(self, source: str, headers: Sequence[str], sample: pd.DataFrame) -> None:
        self.source = source
        self.headers = headers
        self.sample = sample
        self.kinds = {int(position): self._kind(int(position)) for position in sample}

    def chosen(self, found: TimeColumns, named: bool) -> TimeColumns:
        """Return the strongest columns: no date-like one stands unused while a weaker one is taken.

        Parameters
        ----------
        found
            What the headers suggest.
        named
            Whether the user named the column of times.

        Raises
        ------
        InvalidCandles
            When several columns are as likely.
        """
        kind = self.kinds[found.time]
        if found.clock is not None or kind is CellKind.INSTANT:
            return found
        if kind is CellKind.CLOCK:
            return self._dated(found)
        if kind is CellKind.DATE:
            return self._with_clock(found, named)
        return found if named else self._instead_of(found)

    def _kind(self, position: int) -> CellKind:
        kind = cell_kind(self.sample[position])
        if _CLOCK.search(plain_header(self.headers[position])):
            # 230000 may be a day of a spreadsheet too.
            return CellKind.CLOCK if may_be_clock(self.sample[position]) else kind
        # The numbers of a row counter may be hours and minutes too.
        return kind if kind is not CellKind.CLOCK else CellKind.OTHER

    def _dated(self, found: TimeColumns) -> TimeColumns:
        dates = self._of(CellKind.DATE, found)
        if dates:
            return TimeColumns(self._single(dates), found.time)
        return self._instead_of(found)

    def _with_clock(self, found: TimeColumns, named: bool) -> TimeColumns:
        repeated = self.sample[found.time].duplicated().any()
        clocks = self._of(CellKind.CLOCK, found)
        if clocks and (repeated or not named):
            return TimeColumns(found.time, self._single(clocks))
        instants = self._of(CellKind.INSTANT, found)
        return TimeColumns(self._single(instants)) if repeated and instants and not named else found

    def _instead_of(self, found: TimeColumns) -> TimeColumns:
        for kind in (CellKind.INSTANT, CellKind.DATE):
            stronger = self._of(kind, found)
            if stronger:
                return self._with_clock(TimeColumns(self._single(stronger)), named=False)
        return found

    def _of(self, kind: CellKind, found: TimeColumns) -> list[int]:
        return [i for i, held in self.kinds.items() if held is kind and i != found.time]

    def _single(self, positions: list[int]) -> int:
        first, *others = positions
        for other in others:
            if not self.sample[other].astype(str).equals(self.sample[first].astype(str)):
                named = " and ".join(shown(self.headers[i]) for i in (first, other))
                raise InvalidCandles(
                    f"{self.source}: the columns {named} both hold times",
                    *(by_flag(_WHICH, "--column", f"time={self.headers[i]}") for i in (first, other)),
                )
        return first
