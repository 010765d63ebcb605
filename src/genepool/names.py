"""Names in any script that are safe as names of files on every system."""

import re
import unicodedata

from genepool.errors import ConfigError

# The word that stands for the newest run wherever a run is named.
LATEST = "latest"
LONGEST_NAME = 64
# File systems count bytes, most of them up to 255, and a suffix follows.
_MOST_BYTES = 200
# Windows opens a device where a file of this name, whatever its suffix, is asked for.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
# Letters, the marks that some scripts write vowels with, and digits.
_KEPT = ("L", "M", "N")


def composed(text: str) -> str:
    """Return text in Unicode's composed form: what looks equal is equal, however it was typed."""
    return unicodedata.normalize("NFC", text)


def storable(text: str) -> bool:
    """Say whether every database can hold a text; what is not cannot be the name of anything."""
    return "\0" not in text and not any(unicodedata.category(sign) == "Cs" for sign in text)


def file_stem(text: str) -> str:
    """Return text as a part of a file's name; signs that are neither letter, digit, dot nor hyphen part it.

    Parameters
    ----------
    text
        Such as a market's symbol. ``BTC/USDT`` becomes ``BTC-USDT``; what has no letter and no digit
        becomes the empty text.
    """
    kept = "".join(sign if _is_kept(sign, ".-") else " " for sign in composed(text))
    stem = "-".join(kept.split()).rstrip(".-")
    first = next((place for place, sign in enumerate(stem) if _is_letter_or_digit(sign)), len(stem))
    stem = stem[first:]
    head, _, tail = stem.partition(".")
    return f"{head}-{tail}" if tail and _DEVICE.fullmatch(head) else stem


def file_name(said: str) -> str:
    """Return what a user calls a file as the name of one: its last part, with safe signs alone.

    Examples
    --------
    >>> file_name("../../etc/BTC_1h prices.csv"), file_name("..")
    ('BTC_1h-prices.csv', 'upload')
    """
    last = said.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "_".join(filter(None, (file_stem(part) for part in last.split("_"))))
    stem, dot, suffix = kept.rpartition(".")
    while not fits(kept) and stem:
        stem = stem[:-1]
        kept = f"{stem}{dot}{suffix}"
    return kept if kept and fits(kept) else "upload"


def fits(name: str) -> bool:
    """Say whether a name is short enough for a file of every system."""
    return len(name) <= LONGEST_NAME and len(name.encode()) <= _MOST_BYTES


def checked_run_name(asked: str, remedy: str = "choose another --name") -> str:
    """Return the name of a new run, composed.

    Parameters
    ----------
    asked
        What the user wants to call it.
    remedy
        What the user can do where that is a word of its own.

    Raises
    ------
    ConfigError
        When a run cannot be named so; the message says what names may hold.
    """
    name = composed(asked)
    if name.casefold() == LATEST:
        raise ConfigError(f"a run cannot be named {asked!r}: that word means the newest run; {remedy}")
    if _DEVICE.fullmatch(name.partition(".")[0]):
        raise ConfigError(f"a run cannot be named {asked!r}: Windows has a device of that name; {remedy}")
    if not fits(name) or not _is_well_formed(name):
        raise ConfigError(
            f"a run cannot be named {asked!r}: use up to {LONGEST_NAME} letters and digits, of any script, "
            "with dots, hyphens and underscores after the first and no dot at the end"
        )
    return name


def _is_well_formed(name: str) -> bool:
    return (
        bool(name)
        and _is_letter_or_digit(name[0])
        and not name.endswith(".")
        and all(_is_kept(sign, "._-") for sign in name)
    )


def _is_kept(sign: str, others: str) -> bool:
    return sign in others or unicodedata.category(sign)[0] in _KEPT


def _is_letter_or_digit(sign: str) -> bool:
    return unicodedata.category(sign)[0] in ("L", "N")
