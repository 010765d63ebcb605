"""Which header of a file means which column."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from genepool.adapters.files.header_names import MARKET_NAMES, NAMES, listed
from genepool.errors import ConfigError, InvalidCandles
from genepool.remedies import by_flag

CANDLE_ROLES = ("time", "open", "high", "low", "close")
FUNDING_ROLES = ("time", "funding")
ROLES = ("time", "open", "high", "low", "close", "volume", "funding", "splits")

# What a price or a time is in: ``open (USD)``, ``Time [UTC]``, and yuan or shares in Chinese.
_UNIT = re.compile(r"\s*[(\[\uff08](?P<unit>[A-Za-z]{2,5}|[\u4e00-\u9fff\uac00-\ud7a3]{1,3})[)\]\uff09]\s*$")
_HAS_NO_NAME = re.compile(r"column \d+")
_LETTERS = ("o", "h", "l", "c")
# Volumes of something else than the candle: averages, changes, other spans.
_DERIVED = frozenset(
    listed(
        "ma sma ema avg average mean median change chg pct percent delta ratio profile weighted osc "
        "oscillator zscore score norm normalized rank obv sum std trend signal spike 24h 24hr"
    )
)
_VOLUME_WORDS = frozenset(
    listed(
        "volume volumes volumen volumefrom volumeto vol tickvol tickvolume basevolume quotevolume turnover "
        "amount qty quantity wolumen"
    )
)
# Words that may mean the volume where no other column does.
_COUNTED = frozenset(listed("shares contracts lots lot size sizes ticks trades deals deal traded"))


# A file of many columns asks for each header several times a role.
@lru_cache(maxsize=4096)
def plain_header(header: str) -> str:
    """Return a header in its plain form: ``<TICKVOL>`` is ``tickvol``, ``1. open`` is ``open``."""
    # Accents are left out: what a spreadsheet calls Eröffnung, a program calls Eroffnung.
    spelled = unicodedata.normalize("NFKD", header.strip().lower())
    bare = "".join(sign for sign in spelled if not unicodedata.combining(sign)).replace("ł", "l")
    text = re.sub(r"[\W_]+", "_", bare).strip("_")
    return re.sub(r"^\d+_(?=[a-z])", "", text)


def folded(header: str) -> str:
    """Return what two headers share that mean the same: ``openTime`` and ``Open time`` are ``opentime``."""
    return plain_header(header).replace("_", "")


def words(header: str) -> list[str]:
    """Return a header's words: ``VolumeBTC``, ``volume_btc``, ``Volume BTC`` are ``volume`` and ``btc``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header.strip())
    return [word for word in plain_header(parted).split("_") if word]


def roles_of(headers: Sequence[str], roles: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Return the position of the column for each role that a header fits, chosen ones first.

    Parameters
    ----------
    headers
        A file's headers, in order.
    roles
        What to look for, of ``ROLES``.
    chosen
        Header by role, as the user named them: to the letter, else in any capitals and punctuation.

    Raises
    ------
    InvalidCandles
        When two headers fit a role equally.
    """
    found, keys = {}, _by_key(headers)
    for role in roles:
        fitting = _fitting(headers, keys, role, chosen)
        if len(fitting) > 1:
            raise several(headers, role, fitting)
        if fitting:
            found[role] = fitting[0]
    return found


def names_all(headers: Sequence[str], roles: Sequence[str], chosen: Mapping[str, str]) -> bool:
    """Say whether headers name every role; a first column may hold the time of candles under any name."""
    if len(headers) < len(roles):
        return False
    keys = _by_key(headers)
    fitting = {role: _fitting(headers, keys, role, chosen) for role in roles}
    lacking = [role for role in roles if not fitting[role]]
    if lacking != ["time"] or "time" in chosen:
        return not lacking
    # Of the funding alone, any first line with a rate would do.
    return len(roles) > len(FUNDING_ROLES) and all(0 not in places[:1] for places in fitting.values())


def market_columns(headers: Sequence[str]) -> list[int]:
    """Return the positions of columns that tell markets apart."""
    return [i for i, header in enumerate(headers) if plain_header(header) in MARKET_NAMES]


def telling_columns(headers: Sequence[str], used: Sequence[int], has_volume: bool = True) -> tuple[str, ...]:
    """Return the headers that were not used and look like volume, funding or splits."""
    # Where places tell what columns are, any of those behind the close may be the volume.
    unsure = "volume" not in headers
    counted = frozenset[str]() if has_volume else _COUNTED
    return tuple(
        header
        for i, header in enumerate(headers)
        if i not in used and (_tells(header, counted) or (unsure and _HAS_NO_NAME.fullmatch(header)))
    )


def checked_choice(pairs: Sequence[str], flag: str, allowed: Sequence[str] | None = None) -> dict[str, str]:
    """Return ``name=value`` flags as a mapping; the header of a known column may be empty.

    Raises
    ------
    ConfigError
        When a pair has no equals sign or names something that is not allowed.
    """
    choice = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals and (value or allowed)):
            raise ConfigError(f"{flag} {pair!r} is not understood: give NAME=VALUE")
        if allowed is not None and name not in allowed:
            raise ConfigError(f"{flag} {pair!r} names no known column: choose from {', '.join(allowed)}")
        choice[name] = value
    return choice


def several(headers: Sequence[str], role: str, fitting: Sequence[int]) -> InvalidCandles:
    """Return the refusal of headers that fit a role equally; the caller puts the file's name before it."""
    names = list(dict.fromkeys(headers[i] for i in fitting))
    if len(names) == 1:
        return InvalidCandles(f"it has two columns named {names[0]!r}: rename or drop one of them")
    return InvalidCandles(
        f"{' and '.join(map(repr, names))} may both be the column for {role}",
        *(by_flag("say which with", "--column", f"{role}={name}") for name in names),
    )


def _by_key(headers: Sequence[str]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for i, header in enumerate(headers):
        keys.setdefault(folded(header), []).append(i)
    return keys


def _fitting(
    headers: Sequence[str], keys: Mapping[str, list[int]], role: str, chosen: Mapping[str, str]
) -> list[int]:
    """Return the positions that fit a role best: one, none, or several that nothing tells apart."""
    if role in chosen:
        return _named(headers, chosen[role])
    alike = next((keys[folded(name)] for name in NAMES[role] if folded(name) in keys), None)
    alike = alike or _with_unit(headers, role)
    if alike:
        return alike if len(alike) == 1 else _by_case(headers, alike)
    return [i for i, header in enumerate(headers) if _is_a_volume(header)][:1] if role == "volume" else []


def _with_unit(headers: Sequence[str], role: str) -> list[int]:
    """Return the positions of headers that fit a role but for the unit behind them."""
    if role not in {*CANDLE_ROLES, "volume"}:
        return []
    bare = {i: _UNIT.sub("", header) for i, header in enumerate(headers) if _has_unit(header)}
    keys = _by_key([bare.get(i, "") for i in range(len(headers))])
    found = next((keys[folded(name)] for name in NAMES[role] if folded(name) in keys), [])
    return found[:1] if role == "volume" else found


def _has_unit(header: str) -> bool:
    found = _UNIT.search(header)
    return found is not None and found["unit"].lower() not in _DERIVED


def _named(headers: Sequence[str], wanted: str) -> list[int]:
    """Return where a header stands that the user named: as it is written, else in any capitals."""
    exact = [i for i, header in enumerate(headers) if header.strip() == wanted.strip()]
    return exact or [
        i for i, header in enumerate(headers) if plain_header(header) == plain_header(wanted) != ""
    ]


def _by_case(headers: Sequence[str], alike: list[int]) -> list[int]:
    """Return the one of headers that differ in capitals, where the layout tells: t, o, h, l, c."""
    if len(headers[alike[0]].strip()) > 1 or not set(_LETTERS) <= set(headers):
        return alike
    return [i for i in alike if headers[i].islower()] or alike


def _is_a_volume(header: str) -> bool:
    parts = words(header)
    return (
        plain_header(header).startswith("volume") and not (_DERIVED & set(parts)) and not parts[-1].isdigit()
    )


def _tells(header: str, counted: frozenset[str]) -> bool:
    parts = set(words(header)) | {folded(header)}
    volume = bool(parts & (_VOLUME_WORDS | counted)) or plain_header(header).startswith("volume")
    return (volume and "dividend" not in parts) or any(
        part.startswith(("funding", "split")) for part in parts
    )
