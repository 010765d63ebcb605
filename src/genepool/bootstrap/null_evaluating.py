"""Wires who evaluates null searches: the workers of this machine, or the cluster that this process leads."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from genepool.adapters.store import SqlStore
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import Placement, on_this_machine, place
from genepool.bootstrap.pools import local_evaluator
from genepool.jobs import Job
from genepool.pool.null_searches import NullWorkers
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.pool.watchers import WorkTally
from genepool.ports import Evaluator
from genepool.settings import Settings
from genepool.usecases.nulls_job import NullsJob


def own_evaluator(
    settings: Settings, store: SqlStore, job: Job, plan: Plan, stop: StopRequest
) -> AbstractContextManager[NullWorkers]:
    """Yield who evaluates for a worker that has no crew: by the rule of ``--mode auto``."""
    count = NullsJob.by(job.asked.request).count
    return open_null_evaluator(place("auto", None, settings, plan, store.identity(), count), settings, stop)


@contextmanager
def open_null_evaluator(
    placement: Placement, settings: Settings, interrupted: Callable[[], bool]
) -> Iterator[NullWorkers]:
    """Yield one evaluator for all nulls of a run, and release its workers afterwards.

    Parameters
    ----------
    placement
        Where the run was evaluated; where a coordinator did, its nulls are evaluated here.
    settings
        They may name a cluster.
    interrupted
        Tells whether the user wants to stop.
    """
    desk = NodeDesk()
    cluster = ClusterConnection(settings.ray_address, desk, desk.budget_of)
    try:
        if placement.site == "cluster":
            evaluator: Evaluator = cluster.evaluator(WorkTally(), interrupted)
            count = cluster.cpus
        else:
            here = placement if placement.site == "here" else on_this_machine(None, settings)
            evaluator, count = local_evaluator(here, desk), here.workers
        try:
            yield NullWorkers(evaluator, count)
        finally:
            evaluator.close()
    finally:
        cluster.let_go()
