"""Times the same genomes on one process and on the cluster, in turns."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol, TypeAlias, runtime_checkable

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.errors import ServiceUnavailable
from genepool.genome import Genome
from genepool.ports import Evaluator
from scripts.validation.performance.figures import LOCAL, Measured, Sample, Share, generations_of, seat_counts
from scripts.validation.performance.host_load import watched_load
from scripts.validation.performance.work import Notebook, digest, genomes, warm_up


@runtime_checkable
class CountsThreads(Protocol):
    """An evaluator that knows how many threads its worker processes have."""

    @property
    def most_threads(self) -> int:
        """Threads of the process that had the most."""
        ...


# Opens the cluster's evaluator on a number of seats at most; a notebook watches it.
OpenCluster: TypeAlias = Callable[[int, Notebook], Evaluator]
Say: TypeAlias = Callable[[str], None]

# Sets of genomes that shares are counted on lie beyond those that are timed.
_SHARES = 1_000
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Work:
    """What is timed.

    Parameters
    ----------
    problem
        What genomes are scored against.
    seed
        Of all draws.
    genomes
        In each timed pass.
    repetitions
        Sets of genomes; every configuration gets each of them once.
    populations
        Numbers of genomes on which the shares of the nodes are counted.
    """

    problem: Problem
    seed: int
    genomes: int
    repetitions: int
    populations: tuple[int, ...] = (100, 500)


def measure(
    work: Work, cpus: int, open_cluster: OpenCluster, say: Say, others: Callable[[], float] = watched_load
) -> Measured:
    """Time every configuration on every set, in turns, so that a busy minute hits all of them alike.

    Parameters
    ----------
    work, cpus
        What is timed, and the CPUs of the whole cluster.
    open_cluster, say
        As their types say.
    others
        Tells which share of the host other work takes; asked before each pass, while nothing is evaluated.
    """
    samples, shares = [], []
    for repetition in range(work.repetitions):
        batch = genomes(work.problem, work.seed, 1 + repetition, work.genomes)
        counts = [LOCAL, *seat_counts(cpus)]
        # Every other time the other way round: what slows down steadily favours no configuration.
        for seats in counts if repetition % 2 == 0 else reversed(counts):
            with _opened(work, seats, open_cluster) as (evaluator, notebook):
                busy = others()
                sample = replace(_timed(work, evaluator, notebook, batch, seats, repetition), others=busy)
                samples.append(sample)
                say(f"{_name(seats)}: {sample.seconds:.2f} s (other work took {busy:.0%} of the host before)")
                if seats == cpus and repetition == 0:
                    shares = list(_shares(work, evaluator, notebook))
    return Measured(samples, shares)


@contextmanager
def _opened(work: Work, seats: int, open_cluster: OpenCluster) -> Iterator[tuple[Evaluator, Notebook]]:
    """Open an evaluator, wait for all of its seats, and bring compiled kernels into every worker."""
    notebook = Notebook()
    evaluator: Evaluator = LocalEvaluator(1) if seats == LOCAL else open_cluster(seats, notebook)
    try:
        _warm(work, evaluator, notebook, seats)
        yield evaluator, notebook
    finally:
        evaluator.close()


def _warm(work: Work, evaluator: Evaluator, notebook: Notebook, seats: int) -> None:
    """Evaluate other genomes until every worker is there and has done some of them."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    for turn in count():
        evaluator.evaluate(work.problem, warm_up(work.problem, work.seed, max(seats, 1), turn), _ignore)
        if len(notebook.seats) >= seats and turn:
            return
        if time.monotonic() > deadline:
            raise ServiceUnavailable(
                f"only {len(notebook.seats)} of {seats} workers came within {_PATIENCE_SECONDS:g} s: is "
                "another run using the cluster?"
            )


def _timed(
    work: Work, evaluator: Evaluator, notebook: Notebook, batch: list[Genome], seats: int, repetition: int
) -> Sample:
    notebook.new_page()
    load = os.getloadavg()[0]
    began = time.perf_counter()
    results = evaluator.evaluate(work.problem, batch, _ignore)
    seconds = time.perf_counter() - began
    compute = sum(one.compute_seconds for one in notebook.batches)
    turnaround = sum(one.turnaround_seconds for one in notebook.batches)
    threads = evaluator.most_threads if isinstance(evaluator, CountsThreads) else 0
    return Sample(seats, repetition, seconds, compute, turnaround, digest(results), load, threads)


def _shares(work: Work, evaluator: Evaluator, notebook: Notebook) -> Iterator[Share]:
    for population in work.populations:
        notebook.new_page()
        for generation in range(generations_of(population)):
            number = _SHARES * population + generation
            evaluator.evaluate(work.problem, genomes(work.problem, work.seed, number, population), _ignore)
        seats = Counter(seat.node for seat in notebook.seats)
        for node in sorted(seats | Counter(one.node for one in notebook.batches)):
            mine = [one for one in notebook.batches if one.node == node]
            done = sum(len(one.evaluations) for one in mine)
            yield Share(population, node, seats[node], done, sum(one.compute_seconds for one in mine))


def _name(seats: int) -> str:
    return "one process" if seats == LOCAL else f"{seats} seats"


def _ignore(_: "object | list[Evaluation]") -> None:
    """Let every batch go by."""
