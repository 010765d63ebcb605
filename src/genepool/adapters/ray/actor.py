"""What runs in a worker process of the cluster: the problems asked for last, with warm indicator banks.

This module must stay free of heavy imports: the numeric libraries read how many threads they may use
when they are loaded, and that is set first.
"""

import os
import socket
import sys
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from genepool.crews.reply import Reply
from genepool.scheduling.threads import LIBRARY_THREADS, cpu_share, threads_asked

if TYPE_CHECKING:
    from genepool.backtest.scorer import Scores
    from genepool.crews.encoding import SentGenome


@dataclass(frozen=True, slots=True)
class Introduction:
    """Who a worker is.

    Parameters
    ----------
    node
        Name of its machine.
    process
        Its process id there.
    fingerprint
        What the numeric probe gave.
    capped
        Whether the numeric libraries were capped before they were loaded.
    share
        How much of its machine may work while nobody wishes for another share.
    """

    node: str
    process: int
    fingerprint: str
    capped: bool
    share: float = 1.0


class EvaluationActor:
    """Scores batches, one after the other, each for a problem of its own.

    Parameters
    ----------
    memory_limit
        Bytes of memory of its own; None for no limit.
    """

    def __init__(self, memory_limit: int | None = None) -> None:
        if memory_limit is not None:
            cap_memory(memory_limit)
        self._capped = cap_threads(os.environ, loaded="numpy" in sys.modules)
        from genepool.crews.scoring import BatchScorer  # noqa: PLC0415 - as all imports here: after the caps

        self._scorer = BatchScorer()

    def introduce(self) -> Introduction:
        """Run the numeric probe and say who this is."""
        from genepool.adapters.ray.probe import numeric_fingerprint  # noqa: PLC0415

        node = os.environ.get("GENEPOOL_NODE_NAME") or socket.gethostname()
        share = cpu_share(os.environ)
        return Introduction(node, os.getpid(), numeric_fingerprint(), self._capped, share)

    def evaluate(self, problem: str, held: Sequence[Any], sent: "list[SentGenome]") -> Reply:
        """Score one batch.

        Parameters
        ----------
        problem
            Digest of what its genomes are scored against.
        held
            Reference to the problem and to how its genomes are scored, in a list: it is fetched once.
        sent
            The genomes.
        """
        reply = self._scorer.evaluate(problem, lambda: _fetched(held), sent)
        return replace(reply, threads=threads_here())


def _fetched(held: Sequence[Any]) -> "Scores":
    import ray  # noqa: PLC0415 - as above

    problem, make_scorer = ray.get(held[0])
    return cast("Scores", make_scorer(problem))


def cap_threads(environment: MutableMapping[str, str], *, loaded: bool) -> bool:
    """Give every numeric library one thread; tell whether that comes in time.

    Ray grants each worker one CPU, whatever the variables of its container say.

    Parameters
    ----------
    environment
        What to write to.
    loaded
        Whether the libraries have read it already.
    """
    in_time = not loaded or all(threads_asked(environment, name) == 1 for name in LIBRARY_THREADS)
    environment.update(dict.fromkeys(LIBRARY_THREADS, "1"))
    return in_time


def cap_memory(limit: int) -> None:
    """Let this process have so many bytes of its own: beyond them it gets a ``MemoryError``, its node lives.

    What Ray shares between processes is not counted, nor are files and reserved addresses, of which a
    worker has a gigabyte and more. The stacks of its threads are, with some 0.3 GB that are never touched.
    """
    if sys.platform == "win32":
        return  # which has no such limit; nor does a node of the cluster run it
    import resource  # noqa: PLC0415 - Windows has none

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    bearable = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (bearable, most))


def threads_here() -> int:
    """Return how many threads this process has, Ray's own among them; 0 where there is no ``/proc``."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return 0
