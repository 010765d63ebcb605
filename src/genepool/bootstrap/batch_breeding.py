"""Breeds the markets of a batch that are bred at once by one crew of this machine, evenly."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

from genepool.adapters.store import SqlStore
from genepool.bootstrap.breeding import breeder_at, own_breeder
from genepool.bootstrap.job_kinds import Breeding
from genepool.bootstrap.local_crew import LocalCrew
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import on_this_machine, place
from genepool.bootstrap.pools import pooled
from genepool.bootstrap.shared_breeding import SharedCrew
from genepool.bootstrap.stop_watch import StopWatch
from genepool.history import GenerationRecord
from genepool.jobs import WEIGHTS, Job
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.pool.resuming import resume
from genepool.pool.stop_request import StopRequest
from genepool.pool.watchers import WorkTally
from genepool.ports import Watcher
from genepool.settings import Settings
from genepool.usecases.breed_run import Breeder


@contextmanager
def batch_breeding(settings: Settings, program: str, store: SqlStore) -> Iterator[Breeding]:
    """Yield what breeds the markets of a batch; workers that they share end afterwards.

    Where several are bred at once on this machine, they share as many workers as one would have: the CPU
    budget is that of the batch, and each market has its part of it by the weight of its job.

    Parameters
    ----------
    settings
        They say how many are bred at once, and may name a cluster.
    program
        How the user calls the program.
    store
        Where users wish of machines what they wish.
    """
    if settings.max_concurrent_symbols == 1:
        yield partial(own_breeder, settings, program)
        return
    desk = NodeDesk()
    crew = LocalCrew(on_this_machine(None, settings), desk, lambda _: None)

    def breeding(store: SqlStore, job: Job, plan: Plan) -> Breeder:
        placement = place("auto", None, settings, plan, store.identity())
        if placement.site != "here":
            return breeder_at(placement, store, settings, program)
        return partial(_bred, crew, WEIGHTS[job.asked.priority], store)

    with desk.following(store.nodes), closing(crew):
        yield breeding


def _bred(
    crew: SharedCrew,
    weight: float,
    store: SqlStore,
    plan: Plan,
    read: Callable[[GenerationRecord], None],
    watcher: Watcher,
    stop: StopRequest,
) -> Outcome:
    run, tally = plan.spec.run, WorkTally()
    if store.stop_requested(run):
        # A process that died before it could stop left this behind; resuming the run takes it back.
        store.submit(run)
    evaluator = crew.evaluator(tally, stop, weight)
    with (
        StopWatch(store, run, stop.make),
        pooled(plan, evaluator, store, store, lambda _plan, history: history, watcher, tally, stop) as pool,
    ):
        return resume(plan.spec, replace(pool, read=read))
