"""What tests of evaluation on a cluster ask for, wait for and do to its nodes."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ray
from ray.core.generated import autoscaler_pb2

from genepool.adapters.ray.actor import EvaluationActor
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from tests.fakes import scorers


def nobody(_: Sequence[Evaluation]) -> None:
    """Listen to no batch."""


def lasting(milliseconds: Sequence[int]) -> list[Genome]:
    """Return genomes that take so long each."""
    return [Genome(f"lasting_{k % 3}", (("number", 1_000.0 * ms + k),)) for k, ms in enumerate(milliseconds)]


def numbers(evaluations: Sequence[Evaluation]) -> list[float]:
    """Return the numbers of genomes that failed."""
    return [one.genome.values["number"] for one in evaluations if one.scored is None]


def processes(evaluator: RayEvaluator, node: str) -> list[int]:
    """Return the process ids of the workers on a node."""
    workers = evaluator._crew._workers.values()
    return [worker.process for worker in workers if worker.seat and worker.seat.node == node]


class Nowhere:
    """``Membership`` of a cluster without nodes."""

    nodes: dict[str, object] = {}  # noqa: RUF012 - never written to

    def wait_for_news(self, seconds: float) -> None:
        time.sleep(seconds)


def refused(evaluator: RayEvaluator) -> int:
    """Return how many nodes were refused."""
    return sum(trouble.refused for trouble in evaluator._crew._trouble.values())


def until(evaluator: RayEvaluator, reached: Callable[[], bool]) -> None:
    """Have genomes evaluated until something is reached."""
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end, evaluator._crew.seats
        evaluator.evaluate(scorers.tiny_problem("arithmetic"), scorers.numbered(6), nobody)
        time.sleep(0.1)


def gather(evaluator: RayEvaluator, seats: int) -> None:
    """Wait until so many workers are ready."""
    until(evaluator, lambda: len(evaluator._crew.seats) >= seats)


def one_on_each(evaluator: RayEvaluator, *nodes: str) -> None:
    """Wait until a worker is ready on each of these nodes, however many were allowed."""
    crew = evaluator._crew
    allowed = crew.seats_at_most

    def ready() -> bool:
        crew.seats_at_most = len(crew.membership.nodes)
        return set(nodes) <= {seat.node for seat in crew.seats}

    until(evaluator, ready)
    crew.seats_at_most = allowed


def drain(address: str, node: str) -> bool:
    """Ask the cluster to drain a node, as `ray drain-node` does; tell whether it will."""
    reasons: Any = autoscaler_pb2
    head: Any = ray._raylet
    reason = reasons.DrainNodeReason.Value("DRAIN_NODE_REASON_PREEMPTION")
    deadline = time.time_ns() // 1_000_000 + 60_000
    accepted, _ = head.GcsClient(address=address).drain_node(node, reason, "a test", deadline)
    return bool(accepted)


class Hands:
    """``Clock`` that can be put ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def seconds(self) -> float:
        return time.monotonic() + self.ahead


def late_once(marker: Path) -> type[EvaluationActor]:
    """Return actors of which the first never says who it is; it leaves a file behind."""

    class LateOnce(EvaluationActor):
        def __init__(self, memory_limit: int | None = None) -> None:
            try:
                marker.touch(exist_ok=False)
            except FileExistsError:
                super().__init__(memory_limit)
            else:
                time.sleep(600)

    return LateOnce
