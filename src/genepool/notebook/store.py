"""The history that a notebook records its runs in."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from genepool.adapters.store import SqlStore
from genepool.bootstrap.stores import open_store
from genepool.settings import Settings, load_settings

MEMORY = ":memory:"


class Folder:
    """A folder that goes when no object holds it any more, or when the program ends."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="genepool-"))
        finalize(self, rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class HistoryPlace:
    """A history, and the settings that name it.

    Parameters
    ----------
    settings
        They name it.
    folder
        A history of one result, which goes when that does; None for one that stays.
    """

    settings: Settings
    folder: Folder | None = None

    @contextmanager
    def opened(self) -> Iterator[SqlStore]:
        """Yield the history, and close it afterwards.

        Raises
        ------
        StoreError
            When it cannot be opened.
        """
        with closing(open_store(self.settings)) as store:
            yield store


def place_of(store: str | Path | None) -> HistoryPlace:
    """Return the history that a user names.

    Parameters
    ----------
    store
        None for that of the settings, where the command line records its runs; a file or the URL of a
        database; ``":memory:"`` for one that is forgotten with its result.
    """
    settings = load_settings()
    if store is None:
        return HistoryPlace(settings)
    folder = Folder() if store == MEMORY else None
    file = folder.path / "history.sqlite" if folder else store
    url = str(file) if "://" in str(file) else f"sqlite:///{file}"
    return HistoryPlace(settings.model_copy(update={"database_url": url}), folder)
