"""Labels of a time axis: hours, days, months or years, whichever fit."""

from datetime import UTC, datetime, timedelta

_SECOND = 1_000_000_000
# Windows knows no timestamps before it, so moments are counted from there.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_HOUR_STEPS = (1, 3, 6, 12, 24, 48, 120, 240)
_DAYS_OF_MONTHS = 100


def moment(stamp: float) -> datetime:
    """Return the UTC time of a stamp in nanoseconds."""
    return _EPOCH + timedelta(seconds=stamp / _SECOND)


def day(stamp: float) -> str:
    """Return a date as people write it, such as 3 Mar 2024."""
    time = moment(stamp)
    return f"{time.day} {time:%b %Y}"


def minute(stamp: float) -> str:
    """Return date and time to the minute, in UTC."""
    time = moment(stamp)
    return f"{time.day} {time:%b %Y %H:%M}"


def time_ticks(low: float, high: float, count: int = 9) -> list[tuple[float, str]]:
    """Return stamps within a range with their labels, at most so many.

    Parameters
    ----------
    low, high
        Nanoseconds since 1970 in UTC.
    count
        Labels at most.
    """
    start, stop = moment(low), moment(high)
    if (stop - start).days > _DAYS_OF_MONTHS:
        return _months(start, stop, count)
    return _hours(start, stop, count)


def _months(start: datetime, stop: datetime, count: int) -> list[tuple[float, str]]:
    first, last = start.year * 12 + start.month, stop.year * 12 + stop.month - 1
    step = next((s for s in _MONTH_STEPS if (last - first) // s + 1 <= count), _MONTH_STEPS[-1])
    ticks: list[tuple[float, str]] = []
    for month in range(-(-first // step) * step, last + 1, step):
        time = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        year_shown = month % 12 == 0 or not ticks
        text = f"{time:%Y}" if step % 12 == 0 else f"{time:%b %Y}" if year_shown else f"{time:%b}"
        ticks.append((time.timestamp() * _SECOND, text))
    return ticks


def _hours(start: datetime, stop: datetime, count: int) -> list[tuple[float, str]]:
    hours = (stop - start).total_seconds() / 3_600
    step = next((s for s in _HOUR_STEPS if hours / s <= count), _HOUR_STEPS[-1])
    time = start.replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = []
    while time <= stop:
        if time >= start:
            midnight = time.hour == 0
            ticks.append(
                (time.timestamp() * _SECOND, f"{time.day} {time:%b}" if midnight else f"{time:%H:%M}")
            )
        time += timedelta(hours=step)
    return ticks
