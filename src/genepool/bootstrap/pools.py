"""A pool: engine, evaluator with its caches, history and watchers of one run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.backtest.habits import HabitReader
from genepool.bootstrap.caches import Front
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import Placement
from genepool.history import RunState
from genepool.optimizers import search_of
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool
from genepool.pool.planning import Plan
from genepool.pool.recalled import RecalledEvaluations
from genepool.pool.watchers import WorkTally, audience
from genepool.ports import EvaluationHistory, Evaluator, FitnessCache, RunLog, Watcher
from genepool.settings import Settings


@contextmanager
def open_pool(
    plan: Plan,
    placement: Placement,
    log: RunLog,
    history: EvaluationHistory,
    watcher: Watcher,
    settings: Settings,
    interrupted: Callable[[], bool] = lambda: False,
    desk: NodeDesk | None = None,
) -> Iterator[Pool]:
    """Yield everything that the run needs, and release its workers afterwards.

    Parameters
    ----------
    plan
        The run.
    placement
        Where genomes are evaluated: here, or on a cluster that this process leads.
    log
        Where the run is recorded.
    history
        What it knows of the problem is never evaluated again.
    watcher
        Told of everything that happens.
    settings
        They may name a cluster.
    interrupted
        Tells whether the user wants to stop.
    desk
        Knows what users wish of machines, and hears what these did.
    """
    tally, desk = WorkTally(), desk or NodeDesk()
    cluster = ClusterConnection(settings.ray_address, desk, desk.budget_of)
    try:
        evaluator = (
            local_evaluator(placement, desk)
            if placement.site == "here"
            else cluster.evaluator(tally, interrupted)
        )
        with pooled(plan, evaluator, log, history, _history_alone, watcher, tally, interrupted) as pool:
            yield pool
    finally:
        cluster.let_go()


def local_evaluator(placement: Placement, desk: NodeDesk, watcher: Watcher | None = None) -> LocalEvaluator:
    """Return the workers of this machine.

    Parameters
    ----------
    placement
        How many, and how much of the machine they may use.
    desk
        Asked for another share, and told of what was measured.
    watcher
        Told of all work.
    """
    told = audience([desk, watcher]) if watcher else desk
    if placement.share is None:
        return LocalEvaluator(placement.workers, watcher=told)
    return LocalEvaluator(
        placement.most_workers, share=placement.share, budget_of=desk.budget_of, watcher=told
    )


@contextmanager
def pooled(
    plan: Plan,
    evaluator: Evaluator,
    log: RunLog,
    history: EvaluationHistory,
    front: Front,
    watcher: Watcher,
    tally: WorkTally,
    interrupted: Callable[[], bool],
    left: Callable[[], RunState] = lambda: "interrupted",
) -> Iterator[Pool]:
    """Yield a pool around an evaluator, which is closed afterwards.

    Parameters
    ----------
    front
        Puts a faster cache in front of the history.
    plan, evaluator, log, history, watcher, tally, interrupted, left
        As ``open_pool`` and ``Pool`` say.
    """
    known: FitnessCache = RecalledEvaluations(history, plan.problem.digest)
    cached = CachedEvaluator(
        partial(evaluator.evaluate, plan.problem),
        front(plan, known),
        partial(history.remember, plan.problem.digest),
    )
    engine = search_of(plan.strategies, plan.spec.settings, plan.spec.seed, HabitReader(plan.problem))
    try:
        yield Pool(engine, cached, log, watcher, SystemClock(), interrupted, tally, left)
    finally:
        evaluator.close()


def _history_alone(_plan: Plan, history: FitnessCache) -> FitnessCache:
    return history
