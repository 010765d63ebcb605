"""A candle's stamp as the text of a moment, and back."""

from datetime import UTC, datetime, timedelta

# Windows knows no timestamps before it, so moments are counted from there.
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(stamp: int) -> str:
    """Return nanoseconds since 1970 as ISO 8601 in UTC, to the second."""
    return f"{_EPOCH + timedelta(seconds=int(stamp) // 1_000_000_000):%Y-%m-%dT%H:%M:%SZ}"


def nanoseconds(moment: str) -> int:
    """Return ISO 8601 as nanoseconds since 1970; what has no zone is UTC.

    Raises
    ------
    ValueError
        When it is not understood.
    """
    read = datetime.fromisoformat(moment)
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1_000
