"""Wires the long-lived coordinator: history behind a journal, cache, cluster, watchers."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import structlog

from genepool.adapters.console import PlainLog
from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.journal import JournaledHistory
from genepool.adapters.store import SqlStore
from genepool.bootstrap.acknowledging import acknowledged_log
from genepool.bootstrap.caches import Front, fitness_front
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.bootstrap.housekeeping import Housekeeping
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.overfitting_following import overfitting_following
from genepool.bootstrap.pools import pooled
from genepool.bootstrap.shared_breeding import SharedCrew
from genepool.bootstrap.stop_watch import StopWatch
from genepool.bootstrap.stores import coordinator_name, open_store
from genepool.errors import GenepoolError, Interrupted, ServiceUnavailable
from genepool.history import RunSpec, RunState
from genepool.pool.coordinator import Coordinator, mark_failed
from genepool.pool.honesty import HonestyMeter
from genepool.pool.loop import evolve
from genepool.pool.planning import Plan
from genepool.pool.service_status import ServiceStatus
from genepool.pool.watchers import WorkTally, audience
from genepool.ports import Clock, Hindered, Hindrance, RunCatalogue, StopRequested, TrialLedger, Watcher
from genepool.resilience.time_limited_call import attend, pause
from genepool.settings import Settings

# How often an idle coordinator asks for a cluster that is away.
_GREET_SECONDS = 30.0


class Records(RunCatalogue, TrialLedger, Protocol):
    """What a coordinator looks up before it evolves a run."""


@dataclass(frozen=True, slots=True)
class RunDesk:
    """Evolves one run after the other with everything that the service has.

    Parameters
    ----------
    journaled
        The history behind its journal.
    records
        The history itself.
    front
        The cache before it.
    watcher
        Told of everything that happens.
    plan_of
        Plans the continuation of a recorded run, given its specification.
    stopping
        Tells whether the coordinator has to stop.
    cluster
        The cluster.
    finished
        Told that a run is finished, and with which digest.
    """

    journaled: JournaledHistory
    records: Records
    front: Front
    watcher: Watcher
    plan_of: Callable[[RunSpec], Plan]
    stopping: Callable[[], bool]
    cluster: ClusterConnection
    finished: Callable[[str, str], None]

    def breed(self, run: str) -> None:
        """Evolve it until a budget ends it."""
        try:
            self._evolve(run)
        except ServiceUnavailable as error:
            self.cluster.let_go()
            self.watcher(Hindered("cluster", str(error)))
            raise

    def _evolve(self, run: str) -> None:
        plan = self.plan_of(attend(partial(self.records.spec, run), self.stopping))
        tally = WorkTally()
        with ExitStack() as held:
            asked = partial(self.watcher, StopRequested(run))
            stop = held.enter_context(StopWatch(self.journaled.queue, run, asked))

            def interrupted() -> bool:
                return self.stopping() or stop()

            def left() -> RunState:
                # Unless a user stopped it, the next coordinator continues the run: the history says so even
                # when the journal delivers the state after this process has ended.
                return "interrupted" if stop() else "queued"

            follower = held.enter_context(overfitting_following(plan, self.watcher))
            watching = audience([follower, self._watching(plan)])
            evaluator = self.cluster.evaluator(tally, interrupted)
            self.watcher(Hindered("cluster", None))
            log, known = self.journaled.log, self.journaled.evaluations
            pool = pooled(plan, evaluator, log, known, self.front, watching, tally, interrupted, left)
            outcome = evolve(plan.spec, replace(held.enter_context(pool), recall=follower.recall))
            self.finished(run, outcome.digest)

    def give_up(self, run: str) -> None:
        """Record that it cannot be continued."""
        mark_failed(self.journaled.log, self.records, run)

    def tell(self, event: str, run: str | None, reason: str) -> None:
        """Log it, and where in the program it came from when it is no error that was foreseen."""
        error = sys.exc_info()[1]
        unforeseen = error is not None and not isinstance(error, GenepoolError)
        structlog.get_logger().warning(event, run=run, reason=reason, exc_info=unforeseen)

    def _watching(self, plan: Plan) -> Watcher:
        trials = attend(partial(self.records.trials, plan.spec.market_digest), self.stopping)
        return audience([self.watcher, HonestyMeter(plan.problem, trials, self.watcher)])


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is ready to work.

    Parameters
    ----------
    work
        Takes runs that commands queue, or only waits, until told to stop.
    ready
        Tells which of its services answer.
    hindrance
        Tells since when and why runs wait for something, if they do.
    cpus
        Tells how many CPUs its workers have.
    history
        What tells its history from every other.
    store
        The history itself; any thread may ask it.
    crew
        The workers, for the runs of jobs too.
    front
        The cache before the history.
    name
        Of this service, the same when it starts again.
    acknowledged
        The log that an outside checker compares the history with.
    """

    work: Callable[[], None]
    ready: Callable[[], dict[str, bool]]
    hindrance: Callable[[Hindrance], str | None]
    cpus: Callable[[], int]
    history: str
    store: SqlStore
    crew: SharedCrew
    front: Front
    name: str
    acknowledged: AcknowledgedLog


@contextmanager
def open_service(
    settings: Settings,
    plan_of: Callable[[RunSpec], Plan],
    watcher: Watcher,
    stopping: Callable[[], bool],
) -> Iterator[Service]:
    """Yield a coordinator, and release all that it holds afterwards.

    Parameters
    ----------
    settings
        They name history, journal, cache and cluster.
    plan_of
        Plans the continuation of a recorded run, given its specification.
    watcher
        Told of everything that happens.
    stopping
        Tells whether the coordinator has to stop.

    Raises
    ------
    ConfigError, StoreError
        When history or journal cannot be used.
    """
    status, nodes = ServiceStatus(), NodeDesk()
    told = audience([watcher, status, nodes])
    cluster = ClusterConnection(settings.ray_address, told, nodes.budget_of)
    with ExitStack() as held:
        held.callback(cluster.let_go)
        greeter = _Greeter(cluster, told)
        greeter.greet()
        name = coordinator_name(settings)
        inner = open_store(settings, name)
        held.callback(inner.close)
        held.enter_context(nodes.following(inner.nodes))
        journaled = JournaledHistory(inner, settings.journal_folder, told, SystemClock(), stopping)
        held.callback(journaled.close)
        acknowledged = acknowledged_log(settings)

        def finished(run: str, digest: str) -> None:
            acknowledged.finished(run, digest, inner.epoch(run))

        front = held.enter_context(fitness_front(settings, told))
        # A generation is on disk before other watchers are told of it.
        of_runs = audience([acknowledged, PlainLog(), told])
        desk = RunDesk(journaled, inner, front, of_runs, plan_of, stopping, cluster, finished)
        keeping = Housekeeping(
            inner,
            settings.keep_trials_days,
            SystemClock(),
            lambda: stopping() or journaled.queue.next_run() is not None,
        )
        coordinator = Coordinator(
            journaled.queue, desk, stopping, partial(_pause, stopping, cluster, greeter, keeping)
        )
        yield Service(
            work=coordinator.work,
            ready=lambda: status.answers | {"cluster": cluster.cpus > 0},
            hindrance=status.hindrance,
            cpus=lambda: cluster.cpus,
            history=inner.identity(),
            store=inner,
            crew=cluster,
            front=front,
            name=name,
            acknowledged=acknowledged,
        )


class _Greeter:
    """Joins the cluster before a run asks for it: what it grants is shown, and the first run waits for less.

    A cluster that is away is asked again now and then while there is nothing else to do.
    """

    def __init__(self, cluster: ClusterConnection, watcher: Watcher, clock: Clock | None = None) -> None:
        self._cluster = cluster
        self._watcher = watcher
        self._clock = clock or SystemClock()
        self._again_at = 0.0

    def greet(self) -> None:
        """Join, unless that was done or tried a moment ago."""
        now = self._clock.seconds()
        if self._cluster.held or now < self._again_at:
            return
        self._again_at = now + _GREET_SECONDS
        try:
            self._cluster.hold()
        except ServiceUnavailable as error:
            structlog.get_logger().warning("cluster_away", reason=str(error))
        else:
            self._watcher(Hindered("cluster", None))


def _pause(
    stopping: Callable[[], bool],
    cluster: ClusterConnection,
    greeter: _Greeter,
    keeping: Housekeeping,
    seconds: float,
) -> None:
    cluster.give_back()
    greeter.greet()
    keeping.look()
    with suppress(Interrupted):
        pause(seconds, stopping)
