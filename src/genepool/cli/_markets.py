"""Which markets a user names by ``--data`` and ``--universe``: one, several, a pattern, or a file's lines."""

import re
from collections.abc import Iterator
from fnmatch import filter as matching
from glob import glob
from pathlib import Path

from genepool.adapters.files.catalogue import SYNTHETIC, is_kept, list_data, stored_path
from genepool.errors import ConfigError, DataError
from genepool.reading.file_candles import refuse_unused
from genepool.reading.flags import FileFlags
from genepool.small_files import Unfit, read_small

_SETTING = re.compile(r"\w+=")
_PATTERN = re.compile(r"[*?\[]")
_MOST_BYTES = 1_000_000


def markets_of(data: str, home: Path) -> list[str]:
    """Return the markets that a user named, parted by commas; a pattern stands for all that it fits.

    A file whose name holds a comma or a sign of a pattern is that file.

    Parameters
    ----------
    data
        What ``--data`` says.
    home
        Folder of the imports.

    Raises
    ------
    ConfigError
        When one is named twice, or none is.
    DataError
        When a pattern fits nothing, or, of several, one names nothing; all of these are named.
    """
    if _is_there(data, home):
        return [data]
    found = [market for part in _parted(data) for market in _fitting(part, home)]
    if not found:
        raise ConfigError(f"--data {data!r} names no market: give a name or a path")
    return _checked(found, home)


def markets_in(universe: Path, home: Path) -> list[str]:
    """Return the markets that a file names, one a line; what follows a ``#`` is a comment.

    Raises
    ------
    ConfigError
        When the file cannot be read, names none, or one twice.
    DataError
        As ``markets_of``.
    """
    try:
        lines = read_small(universe, _MOST_BYTES).splitlines()
    except OSError as error:
        raise ConfigError(
            f"--universe {universe} cannot be read: {error.strerror}; give another file"
        ) from error
    except (UnicodeError, Unfit) as error:
        why = str(error) if isinstance(error, Unfit) else "is no text"
        raise ConfigError(f"--universe {universe} {why}: give one name or path a line") from error
    named = [line.partition("#")[0].strip() for line in lines]
    found = _checked([name for name in named if name], home)
    if not found:
        raise ConfigError(f"--universe {universe} names no market: give one name or path a line")
    return found


def lasting(data: str, home: Path, flags: FileFlags) -> str:
    """Return what stands for the same candles wherever a worker was started.

    Raises
    ------
    ConfigError
        When flags say how a file is read where none is.
    """
    refuse_unused(data, home, flags)
    return data if is_kept(data, home) else str(Path(data).resolve())


def _parted(data: str) -> list[str]:
    found: list[str] = []
    for part in filter(None, (part.strip() for part in data.split(","))):
        # A synthetic market's own settings are parted by commas too.
        if found and found[-1].startswith(SYNTHETIC) and _SETTING.match(part):
            found[-1] += f",{part}"
        else:
            found.append(part)
    return found


def _fitting(part: str, home: Path) -> list[str]:
    if _is_there(part, home) or not _PATTERN.search(part):
        return [part]
    found = glob(part, recursive=True)  # noqa: PTH207 - a pattern may begin at the root
    files = sorted(path for path in found if Path(path).is_file())
    fitting = files or matching([entry.name for entry in list_data(home)], part)
    if not fitting:
        raise DataError(f"nothing fits {part!r}, no file and no data set: give another pattern, in quotes")
    return fitting


def _checked(markets: list[str], home: Path) -> list[str]:
    unknown = [market for market in markets if not _is_there(market, home)]
    if unknown and len(markets) > 1:
        names = ", ".join(entry.name for entry in list_data(home))
        named = ", ".join(map(repr, unknown))
        raise DataError(f"there is no file and no data set {named}: choose from {names}, or give a path")
    seen: dict[str, str] = {}
    for market, same in zip(markets, _identities(markets, home), strict=True):
        if same in seen:
            names = market if seen[same] == market else f"{seen[same]}, as {market} again,"
            raise ConfigError(f"{names} is named twice: leave one of them out")
        seen[same] = market
    return markets


def _identities(markets: list[str], home: Path) -> Iterator[str]:
    for market in markets:
        kept = None if market.startswith(SYNTHETIC) else stored_path(market, home)
        yield market if market.startswith(SYNTHETIC) else str((kept or Path(market)).resolve())


def _is_there(data: str, home: Path) -> bool:
    """Say whether one name stands for one market: a synthetic one in commas may be followed by another."""
    if data.startswith(SYNTHETIC):
        return len(_parted(data)) == 1
    try:
        return stored_path(data, home) is not None or Path(data).is_file()
    except (OSError, ValueError):
        return False
