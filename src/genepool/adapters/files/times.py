"""Stamps in any form that a file has, as nanoseconds since 1970."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from genepool.adapters.files.cell_bytes import byte_grid, distinct_cells, texts_of
from genepool.adapters.files.cell_text import numbers_of, text_of
from genepool.adapters.files.headers import plain_header
from genepool.adapters.files.stamp_numbers import (
    NAMED,
    NumberForm,
    fitting_forms,
    likely_form,
    named_form,
)
from genepool.adapters.files.steadiness import UNREADABLE, steadiest
from genepool.adapters.files.tables import shown
from genepool.adapters.files.time_formats import ZONED, fitting, formats_of
from genepool.adapters.files.written_times import written_times
from genepool.adapters.files.zone_names import ZoneNames
from genepool.adapters.files.zones import Offsets
from genepool.errors import ConfigError, InvalidCandles
from genepool.market.candles import IntArray
from genepool.remedies import by_flag, by_hand, to_fill_in

_SAMPLE, _DATE = 200, len("2019-10-17")
_FORMAT = "--time-format"
_COUNTERS = ("", "index", "level_0", "index_level_0", "unnamed_0", "id", "no", "nr", "row", "number")


class StampReader:
    """Reads one file's stamps; what form they have is decided once, on the first chunk of them.

    Parameters
    ----------
    source
        Name of the file, for messages.
    pattern
        A strptime format or one of ``NAMED``; empty to find it out.
    header
        Of the column, which may be that of a row counter.
    """

    def __init__(self, source: str, pattern: str = "", header: str = "time") -> None:
        self.source = source
        self.pattern = "" if pattern in NAMED else pattern
        self.form: NumberForm | None = named_form(pattern) if pattern in NAMED else None
        self.header = header
        self.offsets = Offsets()
        self.names = ZoneNames(source)
        self.instants = False

    def read(self, cells: pd.Series) -> IntArray:
        """Return a chunk of stamps as nanoseconds since 1970; the index holds their rows.

        They are in UTC where ``instants`` is true afterwards, and else what a wall clock showed.

        Raises
        ------
        InvalidCandles
            When a cell cannot be read as a time, or the form is ambiguous.
        ConfigError
            When the pattern is no strptime format.
        """
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            return self._typed(cells)
        cells = self.names.without(cells)
        if not self.pattern and self.form is None:
            self._decide(cells, text_of(cells))
        if self.form is not None:
            return self._from_numbers(cells, self.form)
        return self._from_text(cells, text_of(cells))

    def _typed(self, cells: pd.Series) -> IntArray:
        self.instants = isinstance(cells.dtype, pd.DatetimeTZDtype)
        times = pd.DatetimeIndex(pd.to_datetime(cells, utc=True))
        if isinstance(cells.dtype, pd.DatetimeTZDtype):
            self.offsets.note_zone(cells.dtype.tz)
        return self._nanoseconds(times, cells)

    def _decide(self, cells: pd.Series, text: pd.Series) -> None:
        written = text[text != ""]
        if not len(written):
            raise self._unreadable(cells, 0)
        sample = written.iloc[:_SAMPLE]
        if 2 * pd.to_numeric(sample, errors="coerce").notna().sum() < len(sample):
            self.pattern = self._text_format(sample, cells, written)
        else:
            self.form = self._number_form(cells, written)

    def _number_form(self, cells: pd.Series, written: pd.Series) -> NumberForm:
        numbers = numbers_of(cells[written.index])
        numbers = numbers[np.isfinite(numbers.to_numpy(np.float64))]
        if not len(numbers):
            raise self._unreadable(cells, 0)
        text = written[numbers.index]
        fits = fitting_forms(text, numbers)
        if len(fits) > 1:
            fits = {form: fits[form] for form in steadiest(fits)}
        if not fits or (next(iter(fits)).name == "days" and plain_header(self.header) in _COUNTERS):
            raise self._no_time(text, likely_form(text, numbers) if not fits else "a row counter")
        self._check_single([form.name for form in fits], text)
        return next(iter(fits))

    def _text_format(self, sample: pd.Series, cells: pd.Series, written: pd.Series) -> str:
        iso = pd.to_datetime(sample, format="ISO8601", errors="coerce", utc=True).notna().sum()
        if 2 * iso >= len(sample):
            self.instants = bool(ZONED.search(sample.iloc[0]))
            return "ISO8601"
        texts = sample.tolist()
        counts = {pattern: fitting(texts, pattern) for pattern in formats_of(texts[len(texts) // 2])}
        best = max(counts.values(), default=0)
        if 2 * best < len(texts):
            raise self._unreadable(cells, 0)
        fits = [pattern for pattern, count in counts.items() if count == best]
        if len(fits) > 1:
            fits = self._untangled(fits, written)
        self._check_single(fits, written)
        return fits[0]

    def _untangled(self, patterns: list[str], written: pd.Series) -> list[str]:
        """Return the formats that read most of the chunk and spread its stamps evenly."""
        read = {}
        for pattern in patterns:
            times = pd.DatetimeIndex(pd.to_datetime(written, format=pattern, errors="coerce", utc=True))
            read[pattern] = np.asarray(times.as_unit("ns").asi8)
        counts = {pattern: np.count_nonzero(stamps != UNREADABLE) for pattern, stamps in read.items()}
        most = max(counts.values())
        return steadiest({pattern: read[pattern] for pattern in patterns if counts[pattern] == most})

    def _check_single(self, fits: Sequence[str], written: pd.Series) -> None:
        if len(fits) > 1:
            named = [name.replace("epoch", "seconds") for name in fits]
            raise InvalidCandles(
                f"{self.source}, row {written.index[0]}: the stamp {shown(written.iloc[0])} fits "
                f"{' and '.join(named)}, and both space the stamps evenly",
                *(by_flag("say which with", _FORMAT, name) for name in named),
            )

    def _from_numbers(self, cells: pd.Series, form: NumberForm) -> IntArray:
        self.instants = form.instants
        numbers = numbers_of(cells)
        finite = np.isfinite(numbers.to_numpy(np.float64))
        if not finite.all():
            raise self._unreadable(cells, int(np.argmin(finite)))
        stamps = form.read(cells, numbers)
        wrong = np.flatnonzero(stamps == UNREADABLE)
        if len(wrong):
            raise self._unreadable(cells, int(wrong[0]), "seconds")
        return stamps

    def zone(self) -> str:
        """Return the zone that the stamps name, or that all of their offsets belong to."""
        return self.names.name or self.offsets.zone()

    def notes(self) -> tuple[str, ...]:
        """Return one sentence where numbers were read in a form that is not the usual one."""
        if self.form is None or self.form.name.startswith(("epoch", "%Y")):
            return ()
        return (f"numbers read as times by --time-format {self.form.name!r}",)

    def _from_text(self, cells: pd.Series, text: pd.Series) -> IntArray:
        try:
            times = written_times(text, self.pattern)
        except ValueError as error:
            raise ConfigError(
                f"--time-format {self.pattern!r} is not understood: give one such as '%d.%m.%Y %H:%M', or "
                f"{', '.join(NAMED)}"
            ) from error
        stamps = self._nanoseconds(pd.DatetimeIndex(times), cells)
        self._check_zones(text, stamps)
        return stamps

    def _check_zones(self, text: pd.Series, stamps: IntArray) -> None:
        """Note the offsets; stamps with and without a zone in one column cannot both be right."""
        if self.pattern != "ISO8601":
            self.instants = self.pattern.endswith(("%z", "Z", " UTC", " GMT"))
        elif self.instants:
            ends = _ends(text)
            if not (zoned := ends.str.contains(ZONED)).all():
                raise self._mixed_zones(text, text.index.get_loc(zoned.idxmin()))
        elif text.str.len().max() > len("2019-10-17 09:00Z"):
            ends = _ends(text)
            if (zoned := ends.str.contains(ZONED)).any():
                raise self._mixed_zones(text, text.index.get_loc(zoned.idxmax()))
        if self.instants:
            self.offsets.note(text, stamps)

    def _mixed_zones(self, text: pd.Series, i: int) -> InvalidCandles:
        return InvalidCandles(
            f"{self.source}, row {text.index[i]}: of {shown(text.iloc[i])} and the stamps before it, some "
            "name a zone and some do not: give all of them one, or none"
        )

    def _nanoseconds(self, times: pd.DatetimeIndex, cells: pd.Series) -> IntArray:
        missing = np.flatnonzero(times.isna())
        if len(missing):
            raise self._unreadable(cells, int(missing[0]))
        try:
            return np.asarray(times.as_unit("ns").asi8, dtype=np.int64)
        except ValueError as error:
            raise InvalidCandles(
                f"{self.source}: the stamps reach beyond the years 1678 to 2261",
                to_fill_in("name their format with", _FORMAT),
            ) from error

    def _no_time(self, text: pd.Series, likely: str) -> InvalidCandles:
        return InvalidCandles(
            f"{self.source}, row {text.index[0]}: the numbers below {self.header!r}, such as "
            f"{shown(text.iloc[0])}, are no times since 1990; they look like {likely}",
            to_fill_in("name the column of times with", "--column", "time=HEADER"),
            to_fill_in("name their form with", _FORMAT, why=f", such as '%Y%m%d%H%M', {', '.join(NAMED)}"),
        )

    def _unreadable(self, cells: pd.Series, i: int, example: str = "%d.%m.%Y %H:%M") -> InvalidCandles:
        remedies = [by_hand("write one"), by_hand("delete the row")]
        if text_of(cells.iloc[i : i + 1]).iloc[0]:
            remedies[0] = by_hand("correct it")
            remedies.append(to_fill_in("name the format with", _FORMAT, why=f", such as {example!r}"))
        return InvalidCandles(
            f"{self.source}, row {cells.index[i]}: {shown(cells.iloc[i])} cannot be read as a time", *remedies
        )


def _ends(text: pd.Series) -> pd.Series:
    """Return what follows a date, once each, where all cells are of one length; else all of them."""
    compact = text.iloc[0].find("T")
    date = min(_DATE, compact) if compact > 0 else _DATE
    grid = byte_grid(texts_of(text))
    if grid is not None and grid.shape[1] > date:
        ends = distinct_cells(grid[:, date:])[1]
        return ends.set_axis(text.index[ends.index])
    lengths = text.str.len()
    return text.str.slice(date).drop_duplicates() if (lengths == lengths.iloc[0]).all() else text
