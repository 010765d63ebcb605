"""From settings to adapters to a pool: the only place that knows local from distributed."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.local.machine import read_machine
from genepool.adapters.store import SqlStore
from genepool.adapters.store import open_store as open_sql_store
from genepool.errors import ServiceUnavailable
from genepool.evolution.engine import Engine
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool
from genepool.pool.planning import Plan
from genepool.pool.recalled import RecalledEvaluations
from genepool.ports import EvolutionStore, Telemetry
from genepool.scheduling.threads import thread_budget
from genepool.settings import Settings

Mode: TypeAlias = Literal["auto", "local", "distributed"]


class SystemClock:
    """``Clock`` on the machine's monotonic time."""

    def seconds(self) -> float:
        """Return seconds since some fixed instant."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where genomes are evaluated.

    Parameters
    ----------
    workers
        How many batches run at once.
    sentence
        The same for the user, with the reason.
    """

    workers: int
    sentence: str


def open_store(settings: Settings) -> SqlStore:
    """Open the history that the settings name.

    Raises
    ------
    ConfigError
        When they name no database that this version can use.
    StoreError
        When it cannot be opened; the message says what to do.
    """
    return open_sql_store(settings.history_url)


def place(mode: Mode, workers: int | None, settings: Settings) -> Placement:
    """Decide where genomes are evaluated.

    Parameters
    ----------
    mode
        ``"auto"`` takes a cluster when one is configured and answers, else this machine.
    workers
        Worker processes on this machine; None to read the machine.
    settings
        They may name a cluster.

    Raises
    ------
    ServiceUnavailable
        When a cluster is insisted on.
    """
    if mode == "distributed":
        raise ServiceUnavailable(
            "no cluster answers: this version evaluates on this machine only, and evaluation on a Ray "
            "cluster comes with a later one; run with --mode local or --mode auto"
        )
    machine = read_machine()
    budget = thread_budget(machine.cores, machine.memory, os.environ, machine.cpu_limit)
    count = workers or settings.cpu_threads or budget.workers
    reason = ""
    if mode == "auto":
        reason = (
            f", because this version cannot use the cluster at {settings.ray_address}"
            if settings.ray_address
            else ", because no cluster is configured (GENEPOOL_RAY_ADDRESS)"
        )
    return Placement(count, f"local, {count} worker{'s' if count > 1 else ''}{reason}")


@contextmanager
def open_pool(
    plan: Plan,
    placement: Placement,
    store: EvolutionStore,
    telemetry: Telemetry,
    interrupted: Callable[[], bool] = lambda: False,
) -> Iterator[Pool]:
    """Yield everything that the run needs, and let go of its workers afterwards.

    Parameters
    ----------
    plan
        The run.
    placement
        Where genomes are evaluated.
    store
        The history; what it knows of the problem is never evaluated again.
    telemetry
        Who watches.
    interrupted
        Tells whether the user wants to stop.
    """
    problem = plan.problem
    evaluator = CachedEvaluator(
        LocalEvaluator(problem, placement.workers),
        RecalledEvaluations(store, problem.digest),
        partial(store.remember, problem.digest),
    )
    engine = Engine(plan.strategies, plan.spec.settings, plan.spec.seed)
    try:
        yield Pool(engine, evaluator, store, telemetry, SystemClock(), interrupted)
    finally:
        evaluator.close()
