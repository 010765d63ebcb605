"""What tests of evaluation on a cluster ask for, wait for and do to its nodes."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from genepool.adapters.ray.actor import EvaluationActor
from genepool.adapters.ray.evaluator import RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome


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


def wait_for_cpus(evaluator: RayEvaluator, cpus: int) -> None:
    """Wait until the list of nodes grants so many CPUs."""
    membership, end = evaluator._crew.membership, time.monotonic() + 30
    while sum(node.cpus for node in membership.nodes.values()) < cpus:
        assert time.monotonic() < end, "the node did not join"
        membership.wait_for_news(0.5)


def drain(address: str, node: str) -> "subprocess.Popen[bytes]":
    """Ask the cluster to drain a node."""
    command = ["drain-node", "--address", address, "--node-id", node]
    reason = ["--reason", "DRAIN_NODE_REASON_PREEMPTION", "--reason-message", "a test"]
    end = ["--deadline-remaining-seconds", "60"]
    return subprocess.Popen([Path(sys.executable).with_name("ray"), *command, *reason, *end])


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
