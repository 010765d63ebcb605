"""Which candles a client of a service may name: those that have a name, and no path of its file system."""

from dataclasses import dataclass
from pathlib import Path

from genepool.adapters.files.candle_store import store_folder
from genepool.adapters.files.catalogue import SYNTHETIC, list_data, stored_path, synthetic_terms
from genepool.adapters.files.shipped import samples_folder
from genepool.errors import ConfigError, DataError, DatasetNotFound
from genepool.market.provenance import DataSet
from genepool.ports.candles import CandleSource

_LONGEST = 200
_SHOWN = 60


def client_data(word: str, home: Path) -> str:
    """Return the word of a client that names candles: a sample, an import or a synthetic market.

    What a client says is compared with the names that there are, and never opened as a path.

    Parameters
    ----------
    word
        What the client says.
    home
        Folder of the imports.

    Raises
    ------
    DatasetNotFound
        When it names none of these; the message says what to do.
    ConfigError
        When a synthetic market is not understood.
    """
    if not word or len(word) > _LONGEST or not word.isprintable():
        raise DatasetNotFound(f"{_short(word)} names no data set: {_choice(home)}")
    if word.startswith(SYNTHETIC):
        return _synthetic(word)
    kept = stored_path(word, home)
    if kept is None or not _is_ours(kept, home):
        raise DatasetNotFound(
            f"there is no data set {_short(word)}: {_choice(home)}, or upload the file first"
        )
    return kept.stem


@dataclass(frozen=True, slots=True)
class OfferedCandles:
    """``CandleSource`` of what clients may name, which opens nothing else.

    Parameters
    ----------
    source
        Reads them.
    home
        Folder of the imports.
    """

    source: CandleSource
    home: Path

    def read(
        self, data: str, reading: tuple[str, ...] = (), *, symbol: str = "", timeframe: str = ""
    ) -> DataSet:
        """Return candles by a name that ``client_data`` lets through."""
        named = client_data(data, self.home)
        return self.source.read(named, reading, symbol=symbol, timeframe=timeframe)


def _synthetic(word: str) -> str:
    try:
        synthetic_terms(word)
    except DataError as error:
        raise ConfigError(str(error)) from error
    return word


def _is_ours(kept: Path, home: Path) -> bool:
    """Say whether a file lies in a folder of candles and is no link to one elsewhere."""
    folders = (store_folder(home).resolve(), samples_folder().resolve())
    return kept.resolve().parent in folders


def _choice(home: Path) -> str:
    return f"choose from {', '.join(entry.name for entry in list_data(home))} or {SYNTHETIC}regimes"


def _short(word: str) -> str:
    shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}..."
    return repr(shown)
