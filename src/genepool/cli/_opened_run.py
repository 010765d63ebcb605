"""A past run that a command was told of by its name."""

from collections.abc import Iterator
from contextlib import contextmanager

from genepool.bootstrap.stores import open_store
from genepool.cli._file_data import FileCandles
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun


@contextmanager
def open_past_run(name: str) -> Iterator[PastRun]:
    """Yield the run that goes by this name, by the only name that begins so, or the newest (``latest``).

    Raises
    ------
    RunNotFound
        When there is none, or there are several that begin so.
    """
    settings = load_settings()
    store = open_store(settings)
    try:
        summary = find_run(name, store.summaries(), program())
        yield PastRun(summary, store, FileCandles(settings.home))
    finally:
        store.close()
