"""What runs in a worker process of the cluster: the problems asked for last, with warm indicator banks.

This module must stay free of heavy imports: the numeric libraries read how many threads they may use
when they are loaded, and that is set first.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from genepool.errors import GenepoolError
from genepool.scheduling.threads import LIBRARY_THREADS, threads_asked

if TYPE_CHECKING:
    from genepool.adapters.ray.encoding import SentEvaluations, SentGenome
    from genepool.backtest.evaluation import Evaluation
    from genepool.backtest.scorer import Scores
    from genepool.genome import Genome


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
    """

    node: str
    process: int
    fingerprint: str
    capped: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a batch.

    Parameters
    ----------
    evaluations
        The results in the order asked; None when scoring raised.
    timed
        Genomes and seconds of computing, by strategy.
    waited
        Seconds since the end of the batch before.
    threads
        Threads that the process has now, as its system counts them; 0 where it does not tell.
    error
        What scoring raised when it was on purpose, and concerns every genome alike.
    """

    evaluations: "SentEvaluations | None"
    timed: Mapping[str, tuple[int, float]]
    waited: float
    threads: int
    error: GenepoolError | None = None


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
        from genepool.backtest.scorer import WarmScorers  # noqa: PLC0415 - as all imports here: after the caps

        self._scorers = WarmScorers()
        self._ended = time.perf_counter()

    def introduce(self) -> Introduction:
        """Run the numeric probe and say who this is."""
        from genepool.adapters.ray.probe import numeric_fingerprint  # noqa: PLC0415

        node = os.environ.get("GENEPOOL_NODE_NAME") or socket.gethostname()
        return Introduction(node, os.getpid(), numeric_fingerprint(), self._capped)

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
        from genepool.adapters.ray.encoding import pack_evaluations, unpack_genomes  # noqa: PLC0415

        waited = time.perf_counter() - self._ended
        timed: dict[str, tuple[int, float]] = {}
        evaluations, raised = None, None
        try:
            scorer = self._scorers.scorer(problem, lambda: _fetched(held))
            evaluations = pack_evaluations(unstarved(_by_strategy(scorer, unpack_genomes(sent), timed)))
        except GenepoolError as error:
            raised = error
        except Exception:  # noqa: BLE001 - the coordinator finds out which genome it was
            # What was kept may be what memory ran short for.
            self._scorers.forget()
        finally:
            self._ended = time.perf_counter()
        return Reply(evaluations, timed, waited, threads_here(), raised)


def _fetched(held: Sequence[Any]) -> "Scores":
    import ray  # noqa: PLC0415 - as above

    problem, make_scorer = ray.get(held[0])
    return cast("Scores", make_scorer(problem))


def _by_strategy(
    scorer: "Scores", genomes: "Sequence[Genome]", timed: dict[str, tuple[int, float]]
) -> "list[Evaluation]":
    """Score genomes strategy by strategy, and enter what each strategy took."""
    found: dict[int, Evaluation] = {}
    order = sorted(range(len(genomes)), key=lambda place: genomes[place].strategy)
    for strategy, group in groupby(order, key=lambda place: genomes[place].strategy):
        places, began = list(group), time.perf_counter()
        found.update(zip(places, scorer.evaluate([genomes[place] for place in places]), strict=True))
        timed[strategy] = (len(places), time.perf_counter() - began)
    return [found[place] for place in range(len(genomes))]


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


def unstarved(evaluations: "list[Evaluation]") -> "list[Evaluation]":
    """Pass evaluations on, unless one failed for want of memory.

    Raises
    ------
    MemoryError
        When one did: that is no trait of its genome, which other runs would take it for.
    """
    if any((one.error or "").endswith("MemoryError") for one in evaluations):
        raise MemoryError
    return evaluations


def threads_here() -> int:
    """Return how many threads this process has, Ray's own among them; 0 where there is no ``/proc``."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return 0
