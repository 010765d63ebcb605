"""Opens a recorded run that a user names, with its history and its candles."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from genepool.bootstrap.stores import open_store
from genepool.pool.commands import PROGRAM
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun


@contextmanager
def open_past_run(
    name: str, settings: Settings, tell: Callable[[str], object], program: str = PROGRAM
) -> Iterator[PastRun]:
    """Yield a recorded run, and close the history afterwards.

    Parameters
    ----------
    name
        Its name, a unique beginning of it, or ``latest``.
    settings
        They name the history and the folder of the imports.
    tell
        Told what is doubtful of its candles, a sentence each.
    program
        How the user calls the program.

    Raises
    ------
    RunNotFound
        When there is none, or there are several that begin so.
    """
    with closing(open_store(settings)) as store:
        summary = find_run(name, store.summaries(), program)
        yield PastRun(summary, store, FileCandles(settings.home, tell))
