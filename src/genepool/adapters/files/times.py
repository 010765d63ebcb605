"""Stamps in whatever form a file has them, as UTC nanoseconds."""

import re
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from genepool.adapters.files.tables import shown
from genepool.adapters.files.written_times import written_times
from genepool.errors import ConfigError, InvalidCandles
from genepool.market.candles import FloatArray, IntArray

# The unit of an epoch number is read from its size: each bound is the year 5138 in that unit.
_EPOCH_UNITS = ((1e11, 1_000_000_000), (1e14, 1_000_000), (1e17, 1_000), (np.inf, 1))
_COMPACT = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
_EARLIEST, _LATEST = 1900, 2100
# What each part of a written time looks like, and the formats that read it.
_DATES = {
    r"\d{1,2}\.\d{1,2}\.\d{4}": ("%d.%m.%Y",),
    r"\d{1,2}/\d{1,2}/\d{4}": ("%d/%m/%Y", "%m/%d/%Y"),
    r"\d{1,2}-\d{1,2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{4}-\d{1,2}-\d{1,2}": ("%Y-%m-%d",),
    r"\d{4}\.\d{1,2}\.\d{1,2}": ("%Y.%m.%d",),
    r"\d{4}/\d{1,2}/\d{1,2}": ("%Y/%m/%d",),
    r"\d{8}": ("%Y%m%d",),
    r"\d{1,2}-[A-Za-z]{3}-\d{4}": ("%d-%b-%Y",),
    r"\d{1,2} [A-Za-z]{3} \d{4}": ("%d %b %Y",),
    r"[A-Za-z]{3} \d{1,2}, \d{4}": ("%b %d, %Y",),
    r"\d{1,2}\.\d{1,2}\.\d{2}(?!\d)": ("%d.%m.%y",),
    r"\d{1,2}/\d{1,2}/\d{2}(?!\d)": ("%d/%m/%y", "%m/%d/%y"),
}
_CLOCKS = {
    r"\d{1,2}:\d{2}": "%H:%M",
    r"\d{1,2}:\d{2}:\d{2}": "%H:%M:%S",
    r"\d{1,2}:\d{2}:\d{2}\.\d{1,6}": "%H:%M:%S.%f",
    r"\d{1,2}-[AaPp][Mm]": "%I-%p",
    r"\d{1,2}:\d{2} [AaPp][Mm]": "%I:%M %p",
    r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]": "%I:%M:%S %p",
    r"\d{6}": "%H%M%S",
    r"\d{4}": "%H%M",
}
_ZONES = {
    r"": "",
    r"Z": "Z",
    r" UTC": " UTC",
    r" GMT": " GMT",
    r"[+-]\d{2}:?\d{2}": "%z",
    r" [+-]\d{2}:?\d{2}": " %z",
    r" GMT[+-]\d{4}": " GMT%z",
}
_SAMPLE = 200


class StampReader:
    """Reads one file's stamps; what form they have is decided once, on the first ones.

    Parameters
    ----------
    source
        Name of the file, for messages.
    pattern
        A strptime format, or empty to find it out.
    """

    def __init__(self, source: str, pattern: str = "") -> None:
        self.source = source
        self.pattern = pattern
        self.epoch_unit: int | None = None

    def read(self, cells: pd.Series) -> IntArray:
        """Return a chunk of stamps as nanoseconds since 1970 in UTC; the index holds their rows.

        Raises
        ------
        InvalidCandles
            When a cell cannot be read as a time, or the form is ambiguous.
        ConfigError
            When the pattern is no strptime format.
        """
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            return self._nanoseconds(pd.to_datetime(cells, utc=True))
        if not self.pattern and self.epoch_unit is None:
            self._decide(cells)
        if self.epoch_unit is not None:
            return self._from_epoch(cells)
        text = cells.astype(str).str.strip()
        try:
            times = written_times(text, self.pattern)
        except ValueError as error:
            raise ConfigError(
                f"--time-format {self.pattern!r} is not understood: give one such as '%d.%m.%Y %H:%M'"
            ) from error
        return self._nanoseconds(times, cells)

    def _decide(self, cells: pd.Series) -> None:
        sample = cells.iloc[:_SAMPLE].astype(str).str.strip()
        numbers = pd.to_numeric(sample, errors="coerce").dropna()
        if 2 * len(numbers) < len(sample):
            self.pattern = self._text_format(sample, cells)
            return
        compact = _COMPACT.get(len(sample.iloc[0]))
        if compact and sample.iloc[0].isdigit() and _EARLIEST <= int(sample.iloc[0][:4]) <= _LATEST:
            self.pattern = compact
        else:
            self.epoch_unit = _unit_of(float(numbers.iloc[0]))

    def _text_format(self, sample: pd.Series, cells: pd.Series) -> str:
        if 2 * pd.to_datetime(sample, format="ISO8601", errors="coerce", utc=True).notna().sum() >= len(
            sample
        ):
            return "ISO8601"
        texts = sample.tolist()
        counts = {pattern: _fitting(texts, pattern) for pattern in _candidates(texts[len(texts) // 2])}
        best = max(counts.values(), default=0)
        if 2 * best < len(texts):
            raise self._unreadable(cells, 0)
        fits = [pattern for pattern, count in counts.items() if count == best]
        return fits[0] if len(fits) == 1 else self._untangled(fits, cells)

    def _untangled(self, patterns: list[str], cells: pd.Series) -> str:
        """Return the one format that makes the stamps rise or fall throughout."""
        text = cells.astype(str).str.strip()
        steady: list[tuple[pd.Timedelta, str]] = []
        for pattern in patterns:
            parsed = pd.to_datetime(text, format=pattern, errors="coerce", utc=True)
            if parsed.is_monotonic_increasing or parsed.is_monotonic_decreasing:
                steady.append((parsed.max() - parsed.min(), pattern))
        # The wrong order of day and month spreads days over months, so the shortest span is the right one.
        steady.sort()
        if not steady or (len(steady) > 1 and steady[0][0] == steady[1][0]):
            raise InvalidCandles(
                f"{self.source}, row {cells.index[0]}: the stamp {shown(text.iloc[0])} fits "
                f"{' and '.join(patterns)}: say which with --time-format {patterns[0]!r}"
            )
        return steady[0][1]

    def _from_epoch(self, cells: pd.Series) -> IntArray:
        numbers = _numbers(cells)
        wrong = np.flatnonzero(~np.isfinite(numbers.to_numpy(np.float64)))
        if len(wrong):
            raise self._unreadable(cells, int(wrong[0]))
        mixed = np.flatnonzero(_units_of(numbers.to_numpy(np.float64)) != self.epoch_unit)
        if len(mixed):
            raise InvalidCandles(
                f"{self.source}, row {cells.index[mixed[0]]}: the stamp {cells.iloc[mixed[0]]} has another "
                "unit than those before: give one unit, or name another column with --column time=HEADER"
            )
        unit = self.epoch_unit or 1
        if pd.api.types.is_integer_dtype(numbers.dtype):
            return np.asarray(numbers, dtype=np.int64) * unit
        # A double holds seconds to the microsecond, not to the nanosecond.
        microseconds = np.round(np.asarray(numbers, dtype=np.float64) * (unit / 1_000))
        return microseconds.astype(np.int64) * 1_000

    def _nanoseconds(self, times: pd.Series, cells: pd.Series | None = None) -> IntArray:
        missing = np.flatnonzero(times.isna().to_numpy())
        if len(missing):
            raise self._unreadable(times if cells is None else cells, int(missing[0]))
        try:
            return np.asarray(times.dt.as_unit("ns").astype(np.int64), dtype=np.int64)
        except ValueError as error:
            raise InvalidCandles(
                f"{self.source}: the stamps reach beyond the years 1678 to 2261: "
                "name their format with --time-format"
            ) from error

    def _unreadable(self, cells: pd.Series, i: int) -> InvalidCandles:
        return InvalidCandles(
            f"{self.source}, row {cells.index[i]}: {shown(cells.iloc[i])} cannot be read as a time: "
            "correct it, or name the format with --time-format, such as '%d.%m.%Y %H:%M'"
        )


def _numbers(cells: pd.Series) -> pd.Series:
    """Return stamps as numbers, NaN for what is none; whole ones keep all of their digits."""
    if not pd.api.types.is_numeric_dtype(cells.dtype):
        try:
            whole = pa.array(cells, type=pa.large_string(), from_pandas=True).cast(pa.int64())
        except pa.ArrowException:
            return pd.to_numeric(cells, errors="coerce")
        if not whole.null_count:
            return pd.Series(whole.to_numpy(), index=cells.index)
    return pd.to_numeric(cells, errors="coerce")


def _unit_of(number: float) -> int:
    return next(unit for bound, unit in _EPOCH_UNITS if abs(number) < bound)


def _units_of(numbers: FloatArray) -> IntArray:
    bounds = np.array([bound for bound, _ in _EPOCH_UNITS])
    units = np.array([unit for _, unit in _EPOCH_UNITS])
    return np.asarray(units[np.searchsorted(bounds, np.abs(numbers), side="right")])


def _candidates(example: str) -> Iterator[str]:
    """Yield the formats that one written time may have."""
    for shape, dates in _DATES.items():
        if found := re.match(shape, example):
            for rest in _clock_and_zone(example[found.end() :]):
                yield from (date + rest for date in dates)


def _clock_and_zone(text: str) -> Iterator[str]:
    """Yield the formats that what follows a date may have."""
    for zone_shape, zone in _ZONES.items():
        found = re.search(f"{zone_shape}$", text)
        clock_text = text[: found.start()] if found else None
        if clock_text == "":
            yield zone
        between = next((mark for mark in (", ", " ", "T") if (clock_text or "").startswith(mark)), None)
        for shape, clock in _CLOCKS.items():
            if clock_text and between and re.fullmatch(shape, clock_text[len(between) :]):
                yield f"{between}{clock}{zone}"


def _fitting(texts: list[str], pattern: str) -> int:
    count = 0
    for text in texts:
        try:
            datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether it fits is asked
        except ValueError:
            continue
        count += 1
    return count
