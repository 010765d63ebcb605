"""Find candles by what a user calls them: a sample, an import, a synthetic market or a file."""

import re
from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.candle_store import SUFFIX, Label, is_stored, load, read_label, store_folder
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.adapters.files.limits import check_regular
from genepool.adapters.files.shipped import samples_folder
from genepool.errors import DataError, InvalidCandles
from genepool.market.candles import Candles
from genepool.market.kinds import MarketKind
from genepool.market.provenance import DataSet, Provenance
from genepool.market.synthetic import synthetic_market
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.names import composed

SYNTHETIC = "synthetic:"
# Months are kept as BTC_1mo: BTC_1M, in any capitals, would be the minutes.
_MONTHS = re.compile(r"(_\d+)M$")
_KINDS = ("regimes", "noise", "planted")
_DEFAULTS = {"seed": "0", "candles": "10000"}
_PLANTED_EDGE = "0.1"


@dataclass(frozen=True, slots=True)
class DataEntry:
    """One data set that can be named; ``label`` is None and ``problem`` says why when it is damaged."""

    name: str
    kind: str
    label: Label | None
    problem: str = ""


def find_candles(data: str, home: Path) -> Candles:
    """Return the candles that a name stands for.

    Parameters
    ----------
    data
        A sample or import such as ``btcusd_1h``, ``synthetic:regimes:seed=1,candles=5000``, or a path.
    home
        Folder of the imports.

    Raises
    ------
    DataError
        When there is nothing of that name; the message lists what there is.
    InvalidCandles, HistoryTooShort
        When a file breaks a rule.
    """
    return find_data(data, home).candles


def find_data(data: str, home: Path, options: ImportOptions | None = None) -> DataSet:
    """Return candles and their provenance by name; the options are for files that are not stored ones.

    Raises
    ------
    DataError
        As ``find_candles``.
    """
    asked = options.rules.timeframe if options else None
    if data.startswith(SYNTHETIC):
        return _of_timeframe(_synthetic(data), data, asked)
    path = stored_path(data, home)
    if path is not None:
        return _of_timeframe(load(path), data, asked)
    if not _is_there(data):
        names = ", ".join(entry.name for entry in list_data(home))
        kinds = ", ".join(f"{SYNTHETIC}{kind}" for kind in _KINDS)
        raise DataError(
            f"there is no file and no data set {data!r}: choose from {names}, {kinds}, or give a path"
        )
    check_regular(Path(data))
    if is_stored(Path(data)):
        return _of_timeframe(load(Path(data)), data, asked)
    return import_file(Path(data), options or ImportOptions())


def is_kept(data: str, home: Path) -> bool:
    """Say whether a name stands for candles that were checked before: nothing is read from a user's file."""
    if data.startswith(SYNTHETIC) or stored_path(data, home) is not None:
        return True
    return _is_there(data) and Path(data).is_file() and is_stored(Path(data))


def _of_timeframe(held: DataSet, data: str, asked: str | None) -> DataSet:
    """Return the data set; refuse it when its candles last longer or shorter than asked."""
    timeframe = held.candles.timeframe
    if asked is not None and timeframe_nanoseconds(asked) != timeframe_nanoseconds(timeframe):
        raise InvalidCandles(
            f"{data} holds {timeframe} candles and not {asked}: leave --timeframe out, or choose other data"
        )
    return held


def list_data(home: Path) -> list[DataEntry]:
    """Return every data set that has a name: samples first, then imports, each sorted."""
    return [
        *(_entry(path, "sample") for path in sorted(samples_folder().glob(f"*{SUFFIX}"))),
        *(_entry(path, "imported") for path in sorted(store_folder(home).glob(f"*{SUFFIX}"))),
    ]


def stored_path(name: str, home: Path) -> Path | None:
    """Return the file of a sample or import; an exact name goes first, then imports in any capitals."""
    folders = (store_folder(home), samples_folder())
    paths = [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))]
    # A file system may hand a name back in another form than it was given.
    by_name = {path: composed(path.stem) for path in paths}
    wanted = composed(_MONTHS.sub(r"\1mo", name))
    exact = (path for path, stem in by_name.items() if stem == wanted)
    alike = (path for path, stem in by_name.items() if stem.casefold() == wanted.casefold())
    return next(exact, None) or next(alike, None)


def _is_there(data: str) -> bool:
    """Say whether there is something to read; a folder is none, and named like a data set more often."""
    try:
        return Path(data).exists() and not Path(data).is_dir()
    except OSError:
        return False


def _entry(path: Path, kind: str) -> DataEntry:
    try:
        return DataEntry(composed(path.stem), kind, read_label(path))
    except DataError as error:
        return DataEntry(composed(path.stem), kind, None, str(error))


def synthetic_terms(data: str) -> tuple[str, int, int, float]:
    """Return kind, seed, number of candles and edge of a synthetic market.

    Raises
    ------
    DataError
        When its name is not understood.
    """
    kind, _, rest = data.removeprefix(SYNTHETIC).partition(":")
    if kind not in _KINDS:
        raise DataError(f"there is no synthetic market {kind!r}: choose from {', '.join(_KINDS)}")
    chosen = {**_DEFAULTS, "edge": _PLANTED_EDGE if kind == "planted" else "0"}
    for pair in filter(None, rest.split(",")):
        name, _, value = pair.partition("=")
        if name not in chosen:
            raise DataError(f"{data!r} sets {name!r}: a synthetic market takes {', '.join(chosen)}")
        chosen[name] = value
    try:
        return kind, int(chosen["seed"]), int(chosen["candles"]), float(chosen["edge"])
    except ValueError as error:
        raise DataError(
            f"{data!r} is not understood: seed and candles are whole numbers, edge is one"
        ) from error


def _synthetic(data: str) -> DataSet:
    candles = synthetic_market(*synthetic_terms(data))
    source = f"generated by genepool: {data}"
    return DataSet(candles, Provenance(source=source, licence="none needed", market=MarketKind.CRYPTO))
