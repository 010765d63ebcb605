"""Which header of a file means which column."""

import re
from collections.abc import Mapping, Sequence

from genepool.errors import ConfigError

CANDLE_ROLES = ("time", "open", "high", "low", "close")
FUNDING_ROLES = ("time", "funding")
ROLES = ("time", "open", "high", "low", "close", "volume", "funding", "splits")

# In order of preference: the first name that a file has is taken.
_NAMES: dict[str, tuple[str, ...]] = {
    "time": (
        *(
            "open_time",
            "opentime",
            "time_open",
            "timeopen",
            "kline_open_time",
            "candle_begin_time",
            "start_time",
            "timestamp",
            "unix",
        ),
        *(
            "unix_timestamp",
            "timestamp_ms",
            "timestamp_utc",
            "unix_time",
            "datetime",
            "date_time",
            "datetime_utc",
        ),
        *(
            "date",
            "gmt_time",
            "utc_time",
            "time_utc",
            "date_utc",
            "time",
            "local_time",
            "ts",
            "start",
            "stamps",
        ),
        *("t", "index", "index_level_0"),
    ),
    "open": (
        "open",
        "o",
        "open_price",
        "opening_price",
        "px_open",
        "ask_open",
        "bid_open",
        "openask",
        "openbid",
    ),
    "high": ("high", "h", "high_price", "max", "px_high", "ask_high", "bid_high", "highask", "highbid"),
    "low": ("low", "l", "low_price", "min", "px_low", "ask_low", "bid_low", "lowask", "lowbid"),
    "close": (
        *("close", "c", "close_price", "closing_price", "last", "px_last"),
        *("ask_close", "bid_close", "closeask", "closebid"),
    ),
    # MetaTrader's "vol" is 0 for currencies while its "tickvol" is not, hence the order.
    "volume": ("volume", "v", "tick_volume", "tickvol", "vol", "base_volume", "volume_base", "quantity"),
    "funding": ("funding_rate", "fundingrate", "funding", "rate", "last_funding_rate", "open"),
}
_MARKET_NAMES = ("symbol", "coin", "venue", "exchange", "ticker", "pair", "market", "instrument")


def plain(header: str) -> str:
    """Return a header in its plain form: ``<TICKVOL>`` is ``tickvol``, ``1. open`` is ``open``."""
    text = re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")
    return re.sub(r"^\d+_(?=[a-z])", "", text)


def roles_of(headers: Sequence[str], roles: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Return the position of the column for each role that a header fits, chosen ones first.

    Parameters
    ----------
    headers
        A file's headers, in order.
    roles
        What to look for, of ``ROLES``.
    chosen
        Header by role, as the user named them; capitals and punctuation do not matter.
    """
    names = [plain(header) for header in headers]
    found = {}
    for role in roles:
        wanted = (plain(chosen[role]),) if role in chosen else _NAMES[role]
        position = next((names.index(name) for name in wanted if name in names), None)
        if position is None and role == "volume" and role not in chosen:
            position = next((i for i, name in enumerate(names) if name.startswith("volume_")), None)
        if position is not None:
            found[role] = position
    return found


def clock_column(headers: Sequence[str], found: Mapping[str, int], chosen: Mapping[str, str]) -> int | None:
    """Return the position of the time of day where date and time stand in two columns."""
    names = [plain(header) for header in headers]
    split = "time" in found and names[found["time"]] == "date" and "time" in names
    return names.index("time") if split and "time" not in chosen else None


def market_columns(headers: Sequence[str]) -> list[int]:
    """Return the positions of columns that tell markets apart."""
    return [i for i, header in enumerate(headers) if plain(header) in _MARKET_NAMES]


def checked_choice(pairs: Sequence[str], flag: str, allowed: Sequence[str] | None = None) -> dict[str, str]:
    """Return ``name=value`` flags as a mapping.

    Raises
    ------
    ConfigError
        When a pair has no equals sign or names something that is not allowed.
    """
    choice = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise ConfigError(f"{flag} {pair!r} is not understood: give NAME=VALUE")
        if allowed is not None and name not in allowed:
            raise ConfigError(f"{flag} {pair!r} names no known column: choose from {', '.join(allowed)}")
        choice[name] = value
    return choice
