"""The evaluation processes on a cluster: one on every granted CPU, replaced when it is lost."""

import contextlib
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

import ray
import structlog
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from genepool.adapters.ray.actor import EvaluationActor, Introduction
from genepool.adapters.ray.membership import Membership, Node
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer, Scorer
from genepool.crews.crew import Departure, Joined, WorkerAnswer
from genepool.crews.encoding import pack_genomes
from genepool.crews.held import HeldProblems
from genepool.errors import ServiceUnavailable
from genepool.genome import Genome
from genepool.ports import Seat
from genepool.scheduling.placement import spread_seats
from genepool.scheduling.rules import Loss
from genepool.scheduling.threads import LIBRARY_THREADS

_LONGEST_PAUSE = 30.0
_MOST_DOUBLINGS = 10
_CLOSE_SECONDS = 5.0
# The first worker waits so long for the others: else it would take all of a small generation.
_MUSTER_SECONDS = 20.0
# A process that has not said who it is by then never will: its place goes to another one.
_START_SECONDS = 120.0
# A node that leaves may finish the batch that it is at.
_LEAVE_SECONDS = 5.0
_HARVEST = 64
_MEET_SECONDS = 0.1


@dataclass(eq=False)
class _Worker:
    """One process: being started (until ``start_by``), at work, or about to leave (until ``leave_by``)."""

    number: int
    node: Node
    actor: Any
    introduction: Any
    seat: Seat | None = None
    process: int = 0
    start_by: float = math.inf
    leave_by: float = math.inf


@dataclass
class _NodeTrouble:
    """What went wrong with starting workers on a node."""

    failures: int = 0
    retry_at: float = 0.0
    refused: bool = False
    uncapped: bool = False


SeatAndBatch: TypeAlias = tuple[int, int]


@dataclass
class RayCrew:
    """``Crew`` of processes on a cluster.

    Parameters
    ----------
    membership
        Knows the nodes.
    fingerprint
        What the numeric probe must give; asked when the first worker is ready.
    seats_at_most
        Workers in all; None for one on every granted CPU.
    memory_limit
        Bytes of memory of its own that each worker may take; None to go by the memory of its node.
    make_scorer
        How a worker scores the genomes of a problem.
    """

    membership: Membership
    fingerprint: Callable[[], str]
    seats_at_most: int | None = None
    memory_limit: int | None = None
    make_scorer: MakeScorer = Scorer
    meet_seconds: float = _MEET_SECONDS
    _workers: dict[int, _Worker] = field(default_factory=dict, init=False)
    _calls: dict[Any, SeatAndBatch] = field(default_factory=dict, init=False)
    _trouble: dict[str, _NodeTrouble] = field(default_factory=dict, init=False)
    _numbers: "count[int]" = field(default_factory=count, init=False)
    _muster_until: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._log = structlog.get_logger()
        self._actor_class: Any = ray.remote(EvaluationActor)
        # Ending a process waits for the cluster's head, which may be away.
        self._ending = ThreadPoolExecutor(1, thread_name_prefix="ray-ending")
        self._parcels: HeldProblems[Any] = HeldProblems(self._put, lambda _: None)

    @property
    def seats(self) -> list[Seat]:
        """All seats that are ready."""
        return [worker.seat for worker in self._workers.values() if worker.seat is not None]

    def seat(self, number: int) -> Seat:
        """Return the seat of a ready worker."""
        seat = self._workers[number].seat
        assert seat is not None  # noqa: S101 - only ready workers are fed
        return seat

    def fill(self, _node: str, _share: float) -> None:
        """Leave it: every granted CPU has its worker, busy or not."""

    def mustering(self, now: float) -> bool:
        """Tell whether the first workers still wait for the others that started with them."""
        if self._muster_until is None and self.seats:
            self._muster_until = now + _MUSTER_SECONDS
        if self._muster_until is None or any(worker.seat is None for worker in self._workers.values()):
            return now < (self._muster_until or math.inf)
        self._muster_until = -math.inf
        return False

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Put a problem into the store unless it is there; those asked for longest ago go, if not needed.

        Raises
        ------
        ServiceUnavailable
            When the cluster cannot take it.
        """
        self._parcels.hold(problem, needed)

    def departures(self, now: float) -> list[Departure]:
        """Return ready workers whose node leaves, or is back on the list after all."""
        found = []
        for worker in self._workers.values():
            listed, leaving = worker.node.key in self.membership.nodes, worker.leave_by < math.inf
            if worker.seat is None or (listed and not leaving):
                continue
            worker.leave_by = math.inf if listed else min(worker.leave_by, now + _LEAVE_SECONDS)
            found.append(Departure(worker.number, back=listed, overdue=now >= worker.leave_by))
        return found

    def recruit(self, now: float) -> list[Joined]:
        """Start workers where there is room; return those that became ready since."""
        nodes = self.membership.nodes
        for worker in [one for one in self._workers.values() if not one.seat and one.node.key not in nodes]:
            self.end(worker.number)
        self._trouble = {key: trouble for key, trouble in self._trouble.items() if key in nodes}
        for key, missing in self._missing(nodes, now).items():
            for _ in range(missing):
                self._start(nodes[key], now)
        joined = self._welcome(now)
        for worker in [one for one in self._workers.values() if not one.seat and now >= one.start_by]:
            self._put_off(worker, now, TimeoutError(f"it did not come within {_START_SECONDS:g} s"))
        return joined

    def hand(self, number: int, batch: int, problem: str, genomes: Sequence[Genome]) -> None:
        """Give a worker a batch of genomes of a problem."""
        # In a list, so that Ray does not fetch it for workers that have it.
        held = [self._parcels[problem]]
        reference = self._workers[number].actor.evaluate.remote(problem, held, pack_genomes(genomes))
        self._calls[reference] = (number, batch)

    def answers(self, seconds: float) -> list[WorkerAnswer]:
        """Wait for answers, at most so long; replies come before losses."""
        waiting = list(self._calls)
        starting = [one.introduction for one in self._workers.values() if one.seat is None]
        if not waiting and not starting:
            self.membership.wait_for_news(seconds)
            return []
        ready, _ = ray.wait([*waiting, *starting], num_returns=1, timeout=seconds)
        if ready and waiting:
            ready, _ = ray.wait(waiting, num_returns=min(len(waiting), _HARVEST), timeout=0)
        answers = [self._read(reference) for reference in ready if reference in self._calls]
        return sorted(answers, key=lambda answer: answer.reply is None)

    def own_seconds(self) -> Mapping[str, float]:
        """Return nothing: this process leads from a container of its own."""
        return {}

    def end(self, number: int) -> None:
        """Let a worker go."""
        worker = self._workers.pop(number, None)
        if worker is not None:
            self._calls = {call: held for call, held in self._calls.items() if held[0] != number}
            self._ending.submit(_kill, worker.actor)

    def dismiss(self) -> list[int]:
        """Let all workers go; return the numbers of those that were ready."""
        ready = [worker.number for worker in self._workers.values() if worker.seat is not None]
        for number in list(self._workers):
            self.end(number)
        self._muster_until = None
        return ready

    def close(self) -> None:
        """End all workers for good, and free the problems; may be called twice."""
        self.dismiss()
        self._parcels.clear()
        with contextlib.suppress(RuntimeError):  # closed before
            wait([self._ending.submit(bool)], timeout=_CLOSE_SECONDS)
        self._ending.shutdown(wait=False, cancel_futures=True)

    def _put(self, problem: Problem) -> Any:  # noqa: ANN401 - Ray's references have no type of their own
        """Put a problem, and how its genomes are scored, where it travels once to a node."""
        try:
            return ray.put((problem, self.make_scorer))
        except Exception as error:
            # Ray raises many kinds, and none of them is the fault of the run.
            raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error

    def _missing(self, nodes: Mapping[str, Node], now: float) -> dict[str, int]:
        willing = {
            key: node.cpus
            for key, node in nodes.items()
            if not (trouble := self._trouble.get(key)) or not (trouble.refused or now < trouble.retry_at)
        }
        wanted = spread_seats(willing, self.seats_at_most)
        for worker in self._workers.values():
            if worker.node.key in wanted:
                wanted[worker.node.key] -= 1
        return wanted

    def _start(self, node: Node, now: float) -> None:
        trouble = self._trouble.get(node.key)
        environment = (
            {"env_vars": dict.fromkeys(LIBRARY_THREADS, "1")} if trouble and trouble.uncapped else None
        )
        placed = self._actor_class.options(
            num_cpus=1,
            max_restarts=0,
            max_task_retries=0,
            runtime_env=environment,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node.key, soft=False),
        )
        actor = placed.remote(self.memory_limit or node.memory_limit)
        number = next(self._numbers)
        introduction = actor.introduce.remote()
        self._workers[number] = _Worker(number, node, actor, introduction, start_by=now + _START_SECONDS)

    def _welcome(self, now: float) -> list[Joined]:
        starting = {one.introduction: one for one in self._workers.values() if one.seat is None}
        if not starting:
            return []
        ready, _ = ray.wait(list(starting), num_returns=len(starting), timeout=0)
        joined = []
        for reference in ready:
            worker = starting[reference]
            try:
                introduction = ray.get(reference)
            except ray.exceptions.RayError as error:
                self._put_off(worker, now, error)
                continue
            if self._accepts(worker, introduction):
                worker.seat = Seat(introduction.node, worker.node.kind)
                worker.process = introduction.process
                joined.append(Joined(worker.number, worker.seat, worker.node.cpus, introduction.share))
        return joined

    def _accepts(self, worker: _Worker, introduction: Introduction) -> bool:
        trouble = self._trouble.setdefault(worker.node.key, _NodeTrouble())
        trouble.failures = 0
        if not introduction.capped and not trouble.uncapped:
            # The node's environment lacks the caps: the next process brings them along, and takes longer.
            trouble.uncapped = True
            self.end(worker.number)
            return False
        if introduction.fingerprint == self.fingerprint():
            return True
        trouble.refused = True
        self._log.error("a node computes other bits than the coordinator: refused", node=introduction.node)
        self.end(worker.number)
        return False

    def _put_off(self, worker: _Worker, now: float, error: Exception) -> None:
        trouble = self._trouble.setdefault(worker.node.key, _NodeTrouble())
        trouble.failures += 1
        trouble.retry_at = now + min(_LONGEST_PAUSE, 0.25 * 2 ** min(trouble.failures, _MOST_DOUBLINGS))
        self._log.warning("a worker did not start", node=worker.node.key[:8], error=str(error)[-300:])
        self.end(worker.number)

    def _read(self, reference: Any) -> WorkerAnswer:  # noqa: ANN401 - Ray's references have no type of their own
        number, batch = self._calls.pop(reference)
        try:
            return WorkerAnswer(number, batch, ray.get(reference), None)
        except ray.exceptions.RayError as error:
            return WorkerAnswer(number, batch, None, loss_of(error))


def loss_of(error: Exception) -> Loss:
    """Tell from Ray's error how a worker was lost."""
    text = str(error)
    if isinstance(error, ray.exceptions.OutOfMemoryError) or "running low on memory" in text:
        return "out_of_memory"
    # A call that could not be delivered may or may not have run: nobody is to blame for it.
    if isinstance(error, ray.exceptions.ActorUnavailableError | ray.exceptions.NodeDiedError):
        return "node_left"
    return "node_left" if "its node has died" in text or "node was terminated" in text else "worker_died"


def _kill(actor: Any) -> None:  # noqa: ANN401 - Ray's handles have no type of their own
    with contextlib.suppress(ray.exceptions.RayError, ValueError):
        ray.kill(actor)
