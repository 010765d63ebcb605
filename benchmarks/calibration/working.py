"""Cells measured by several processes, one cell each at a time."""

import signal
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import partial
from multiprocessing import get_context

from benchmarks.calibration.cells import Cell
from benchmarks.calibration.lines import Line
from benchmarks.calibration.measuring import Source, measured
from benchmarks.calibration.scales import Setup
from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.errors import ShortfallError

# Ctrl-C ends worker processes without a word: the cells that they had begun are measured again.
_ENDING_AT_ONCE = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)


def measured_here(cell: Cell, setup: Setup, source: Source | None) -> Line:
    """Measure a cell in this process."""
    with closing(LocalEvaluator(1)) as evaluator:
        return measured(cell, setup, source, evaluator)


def measured_by(
    workers: int,
    cells: Sequence[Cell],
    setup: Setup,
    sources: Mapping[str, Source],
    late: Callable[[], bool] = lambda: False,
) -> Generator[Line]:
    """Yield a line of each cell as it ends; the lines are equal for any number of workers, but for seconds.

    Parameters
    ----------
    workers
        Processes.
    cells
        In the order in which they are begun.
    setup
        What is searched and compared.
    sources
        Real candles by kind of market, or by name of the data set.
    late
        Tells whether no further cell is to be begun.

    Raises
    ------
    ShortfallError
        When a process died.
    """
    if workers == 1:
        here = (measured_here(cell, setup, sources.get(cell.kind)) for cell in cells)
        while not late() and (line := next(here, None)) is not None:
            yield line
        return
    waiting = iter(cells)
    # A process that has threads, as numba's and numpy's have, must not be forked.
    with ProcessPoolExecutor(workers, get_context("spawn"), _ENDING_AT_ONCE) as pool:
        begun: set[Future[Line]] = set()
        while True:
            while len(begun) < workers and not late() and (cell := next(waiting, None)) is not None:
                begun.add(pool.submit(measured_here, cell, setup, sources.get(cell.kind)))
            if not begun:
                return
            ended, begun = wait(begun, return_when=FIRST_COMPLETED)
            yield from map(_result, ended)


def _result(ended: Future[Line]) -> Line:
    try:
        return ended.result()
    except BrokenProcessPool as error:
        raise ShortfallError(
            "a process that measured a cell died, perhaps for want of memory: what was measured is kept, and "
            "the same command continues, with fewer --workers if it dies again"
        ) from error


def ending_after(minutes: float | None) -> Callable[[], bool]:
    """Return what tells whether so many minutes are over; never without a number."""
    begun = time.monotonic()
    return lambda: minutes is not None and time.monotonic() - begun > 60 * minutes
