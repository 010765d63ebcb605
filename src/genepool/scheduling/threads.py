"""How many worker processes a machine bears, and how many library threads each of them may use."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from genepool.errors import ConfigError

# Every variable by which a numeric library that we use, or that a plug-in may use, counts its threads.
LIBRARY_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
WORKER_MEMORY = 512 * 2**20
_CORES_PER_RESERVED = 8
# How much of a machine may work unless its user says more: others use it too.
USUAL_SHARE = 0.75
_SHARE_VARIABLE = "GENEPOOL_CPU_BUDGET"


@dataclass(frozen=True, slots=True)
class ThreadBudget:
    """What may run at once.

    Parameters
    ----------
    workers
        Worker processes, at least 1.
    threads_per_worker
        Library threads (BLAS, OpenMP, numba) of each worker, at least 1.
    reserved
        Cores left to the system and to the process that leads the workers.
    """

    workers: int
    threads_per_worker: int
    reserved: int


def cpu_share(environment: Mapping[str, str]) -> float:
    """Return how much of a machine may work, above 0 and at most 1, by what its environment says.

    ``GENEPOOL_CPU_BUDGET`` has it in percent; three quarters where it says nothing usable.
    """
    try:
        percent = float(environment.get(_SHARE_VARIABLE, ""))
    except ValueError:
        return USUAL_SHARE
    return percent / 100 if 1 <= percent <= 100 else USUAL_SHARE  # noqa: PLR2004 - percent


def thread_budget(
    cores: int,
    memory: int,
    environment: Mapping[str, str],
    cpu_limit: float | None = None,
    share: float | None = None,
) -> ThreadBudget:
    """Divide a machine into workers; ``workers * threads_per_worker`` never exceeds its cores.

    Parameters
    ----------
    cores
        Cores that this process may be scheduled on, at least 1.
    memory
        Bytes that this process and its workers may use together.
    environment
        ``GENEPOOL_CPU_THREADS`` bounds the workers; the largest of the libraries' own variables
        (``OMP_NUM_THREADS`` and its like) is the number of threads that each worker is counted with.
    cpu_limit
        Quota of the control group, in cores; a fraction is rounded down, but never below 1. None
        when there is none.
    share
        How much of the machine may work, above 0 and at most 1: as many workers as fill it, and no core is
        reserved, since the process that leads them is counted with them. None for all but what is reserved.

    Raises
    ------
    ConfigError
        When ``GENEPOOL_CPU_THREADS`` is no positive whole number.
    """
    usable = cores if cpu_limit is None else max(1, min(cores, int(cpu_limit)))
    reserved = _reserved(usable) if share is None else usable - math.ceil(share * usable)
    free = usable - reserved
    threads = min(free, max(threads_asked(environment, name) or 1 for name in LIBRARY_THREADS))
    workers = min(free // threads, memory // WORKER_MEMORY, _workers_at_most(environment, free))
    return ThreadBudget(max(1, workers), threads, reserved)


def _reserved(usable: int) -> int:
    return max(1, usable // _CORES_PER_RESERVED) if usable > 1 else 0


def threads_asked(environment: Mapping[str, str], name: str) -> int | None:
    """Return how many threads a library's variable asks for, or None when it says nothing usable.

    OpenMP permits a list, one number for each level of nesting: the first counts. Like the
    libraries themselves we pass over what is no positive number.
    """
    first = environment.get(name, "").split(",")[0].strip()
    return int(first) if first.isdecimal() and int(first) > 0 else None


def _workers_at_most(environment: Mapping[str, str], free: int) -> int:
    text = environment.get("GENEPOOL_CPU_THREADS", "").strip()
    if not text:
        return free
    if not text.isdecimal() or int(text) < 1:
        raise ConfigError(f"GENEPOOL_CPU_THREADS is {text!r}: give a whole number of workers, at least 1")
    return int(text)
