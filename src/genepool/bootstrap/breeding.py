"""Wires what breeds a run where it was placed: this process, or the coordinator that it follows."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from genepool.adapters.store import SqlStore
from genepool.bootstrap.following import open_follower
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import Placement, place
from genepool.bootstrap.pools import open_pool
from genepool.bootstrap.stop_watch import StopWatch
from genepool.errors import NotTakenUp
from genepool.history import GenerationRecord
from genepool.jobs import Job
from genepool.pool.commands import PROGRAM, resume_command, stop_command
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.pool.resuming import resume
from genepool.pool.stop_request import StopRequest
from genepool.ports import Watcher
from genepool.settings import Settings
from genepool.usecases.breed_run import Breeder


def breeder_at(placement: Placement, store: SqlStore, settings: Settings, program: str = PROGRAM) -> Breeder:
    """Return what breeds a run where it was placed.

    Parameters
    ----------
    placement
        Where its genomes are evaluated.
    store
        The history.
    settings
        They name the cluster or its coordinator.
    program
        How the user calls the program.
    """
    if placement.site == "coordinator":
        return partial(_followed, store, settings, program)
    return partial(_bred_here, placement, store, settings)


def own_breeder(settings: Settings, program: str, store: SqlStore, _job: Job, plan: Plan) -> Breeder:
    """Return what breeds the run of a job for a worker that has no crew: by the rule of ``--mode auto``."""
    return breeder_at(place("auto", None, settings, plan, store.identity()), store, settings, program)


def _bred_here(
    placement: Placement,
    store: SqlStore,
    settings: Settings,
    plan: Plan,
    read: Callable[[GenerationRecord], None],
    watcher: Watcher,
    stop: StopRequest,
) -> Outcome:
    """Breed it in this process until a budget ends it, or a signal, or ``genepool stop``."""
    run = plan.spec.run
    if store.stop_requested(run):
        # A process that died before it could stop left this behind; resuming the run takes it back.
        store.submit(run)
    watch = StopWatch(store, run, stop.make)
    desk = NodeDesk()
    with (
        watch,
        desk.following(store.nodes),
        open_pool(plan, placement, store, store, watcher, settings, stop, desk) as pool,
    ):
        return resume(plan.spec, replace(pool, read=read))


def _followed(
    store: SqlStore,
    settings: Settings,
    program: str,
    plan: Plan,
    read: Callable[[GenerationRecord], None],
    watcher: Watcher,
    stop: StopRequest,
) -> Outcome:
    run = plan.spec.run
    follower = replace(open_follower(run, store, watcher, settings, stop), read=read)
    try:
        return follower.follow(plan.spec)
    except NotTakenUp as error:
        raise NotTakenUp(_left_in_the_queue(run, settings, program)) from error


def _left_in_the_queue(run: str, settings: Settings, program: str) -> str:
    return (
        f"run {run} waits in the queue, and the coordinator at {settings.service_url}, which no other run "
        f"keeps busy, has not taken it up for {settings.queue_seconds:g} s (GENEPOOL_QUEUE_SECONDS); it "
        f"stays queued: run it here with\n  {resume_command(run, program)} --mode local\n"
        "or withdraw it with\n"
        f"  {stop_command(run, program)}"
    )
