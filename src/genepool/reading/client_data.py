"""Which candles a client of a service may name: those that have a name, and no path of its file system."""

from pathlib import Path

from genepool.adapters.files.candle_store import store_folder
from genepool.adapters.files.catalogue import SYNTHETIC, list_data, stored_path, synthetic_terms
from genepool.adapters.files.shipped import samples_folder
from genepool.errors import ConfigError, DataError

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
    ConfigError
        When it names none of these; the message says what to do.
    """
    if not word or len(word) > _LONGEST or not word.isprintable():
        raise ConfigError(f"{_short(word)} names no data set: {_choice(home)}")
    if word.startswith(SYNTHETIC):
        return _synthetic(word)
    kept = stored_path(word, home)
    if kept is None or not _is_ours(kept, home):
        raise ConfigError(f"there is no data set {_short(word)}: {_choice(home)}, or upload the file first")
    return kept.stem


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
