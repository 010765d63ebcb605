"""Cells measured on a Ray cluster: each is a task of one CPU, and any of its nodes takes it."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import ray

from benchmarks.calibration.cells import Cell
from benchmarks.calibration.errand import makings, measured_there
from benchmarks.calibration.lines import Line
from benchmarks.calibration.measuring import Source
from benchmarks.calibration.scales import Setup
from genepool.adapters.ray.cluster import Cluster
from genepool.errors import ConfigError, ShortfallError
from genepool.scheduling.threads import LIBRARY_THREADS

# What a line says of where it was measured: nodes come and go, so that no number of CPUs would be true of it.
MACHINE = "a Ray cluster"
# Tasks beyond the CPUs, so that none idles while a line is written. No more: what is begun is waited for.
_AHEAD = 2
# So often the CPUs are counted anew while nothing ends.
_LOOK_SECONDS = 1.0
# A cell does the same wherever it is repeated. One that ends its process each time is told of in the end.
_RETRIES = 5
# Nodes hold the package without its benchmarks; these are sent with the program. One CPU is one thread.
RUNTIME_ENV: Mapping[str, Any] = {
    "py_modules": [str(Path(__file__).parents[1])],
    "excludes": ["/peers", "/bench_*.py"],
    "env_vars": dict.fromkeys(LIBRARY_THREADS, "1"),
}


def measured_on(
    address: str,
    cells: Sequence[Cell],
    setup: Setup,
    sources: Mapping[str, Source],
    late: Callable[[], bool] = lambda: False,
) -> Generator[Line]:
    """Yield a line of each cell as it ends, in any order; lines are those of ``measured_by``.

    Without a worker node it waits for one. Whatever ends the iteration cancels what was begun.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of the cluster, or the address of its head.
    cells
        In the order in which they are begun.
    setup
        What is searched and compared.
    sources
        Real candles by kind of market, or by name of the data set; each is sent once.
    late
        Tells whether no further cell is to be begun.

    Raises
    ------
    ConfigError
        When there is no address: Ray would start a cluster of its own.
    ServiceUnavailable
        When the cluster does not answer.
    ShortfallError
        When a cell cannot be measured there.
    """
    if not cells:
        return
    if not address:
        raise ConfigError(
            "no cluster is configured: give --cluster `auto` beside a node of it or the address of its head, "
            "or set GENEPOOL_RAY_ADDRESS"
        )
    with closing(Cluster(address, RUNTIME_ENV)) as cluster:
        begin = _begin(setup, sources)
        waiting, begun = iter(cells), set[Any]()
        try:
            while True:
                while len(begun) < cluster.cpus + _AHEAD and not late() and (cell := next(waiting, None)):
                    begun.add(begin(cell))
                if not begun:
                    return
                ended, _ = ray.wait(list(begun), num_returns=1, timeout=_LOOK_SECONDS)
                begun.difference_update(ended)
                yield from map(_result, ended)
        finally:
            for task in begun:
                ray.cancel(task, force=True)


def _begin(setup: Setup, sources: Mapping[str, Source]) -> Callable[[Cell], Any]:
    task = ray.remote(num_cpus=1, max_retries=_RETRIES)(measured_there)
    wanted = makings()
    held: Mapping[str, Any] = {name: ray.put(source) for name, source in sources.items()}
    return lambda cell: task.remote(cell, setup, held.get(cell.kind), wanted)


def _result(ended: Any) -> Line:  # noqa: ANN401 - Ray's references have no type of their own
    try:
        line: Line = ray.get(ended)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    except ray.exceptions.RayError as error:
        reason = str(error).strip().splitlines()[0]
        raise ShortfallError(
            f"the cluster could not measure a cell ({reason}): what was measured is kept, and the same "
            "command continues"
        ) from error
    return line
