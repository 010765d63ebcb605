"""Evaluation on a real Ray cluster of two nodes: shares, losses, comings and goings."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray import crew
from genepool.adapters.ray.evaluator import Cluster, RayEvaluator, Score
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.bootstrap.clock import SystemClock
from genepool.errors import ConfigError, GenepoolError, Interrupted
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.randomness import Purpose, generator
from genepool.scheduling.rules import Rules
from genepool.strategies import seed_strategies
from scripts.validation.performance.figures import MOST_THREADS
from tests.fakes import scorers
from tests.fakes.greedy_scorer import greedy
from tests.fakes.ray_clusters import TestCluster, ray_cluster
from tests.fakes.work_notes import WorkNotes

pytestmark = pytest.mark.slow
NODES = {"one": (1, "cpu"), "two": (2, "memory")}
IMPATIENT = Rules(deadline_floor=0.5, first_deadline=1.0)

Make = Callable[..., tuple[RayEvaluator, WorkNotes]]
Undisturbed = tuple[RayEvaluator, WorkNotes, list[Any]]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[TestCluster, Cluster]]:
    with ray_cluster(NODES) as both:
        yield both


@pytest.fixture
def nodes(running: tuple[TestCluster, Cluster]) -> TestCluster:
    return running[0]


@pytest.fixture
def make(running: tuple[TestCluster, Cluster]) -> Iterator[Make]:
    made: list[RayEvaluator] = []

    def evaluator(score: Score, **options: Any) -> tuple[RayEvaluator, WorkNotes]:  # noqa: ANN401 - passed on
        notes = WorkNotes()
        # Each process takes seconds of CPU to start: a test that needs all three seats says so.
        options.setdefault("seats_at_most", 2)
        problem = options.pop("problem", None) or scorers.tiny_problem()
        made.append(RayEvaluator(problem, running[1], notes, SystemClock(), score=score, **options))
        return made[-1], notes

    yield evaluator
    for one in made:
        one.close()
        one.close()


@pytest.fixture(scope="class")
def undisturbed(running: tuple[TestCluster, Cluster]) -> Iterator[Undisturbed]:
    """Return an evaluator of two seats that nobody harms, and what was logged when it began."""
    notes = WorkNotes()
    problem, plain = scorers.tiny_problem(), scorers.read_only
    evaluator = RayEvaluator(problem, running[1], notes, SystemClock(), score=plain, seats_at_most=2)
    with capture_logs() as logs:
        evaluator.evaluate(scorers.numbered(30), nobody)
    yield evaluator, notes, logs
    evaluator.close()


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


@pytest.mark.timed
@pytest.mark.parametrize(("count", "milliseconds"), [(300, 5), (90, 50)])
def test_each_node_does_its_share_from_a_cold_start(make: Make, count: int, milliseconds: int) -> None:
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    for _ in range(3):
        assert numbers(evaluator.evaluate(lasting([milliseconds] * count), nobody)) == []
    assert notes.shares()["one"] == pytest.approx(1 / 3, rel=0.1)


@pytest.mark.timed
@pytest.mark.parametrize("count", [100, 500])
def test_nodes_of_two_kinds_share_the_seconds_of_the_default_mix_from_a_cold_start(
    make: Make, count: int
) -> None:
    evaluator, notes = make(scorers.mixed, seats_at_most=2)
    seeds = list(seed_strategies().values())
    for generation in range(3):
        genomes = [seeds[k % len(seeds)].genome({}) for k in range(generation, generation + count)]
        evaluator.evaluate(genomes, nobody)
    seconds = {
        node: sum(work.compute_seconds for _, work in notes.works if work.node == node) for node in NODES
    }
    assert seconds["one"] / sum(seconds.values()) == pytest.approx(1 / 2, rel=0.1)


def test_after_closing_nobody_is_left_in_the_figures_nor_on_the_cluster(make: Make) -> None:
    evaluator, notes = make(scorers.arithmetic, seats_at_most=None)
    evaluator.evaluate(scorers.numbered(30), nobody)
    pids = [pid for node in NODES for pid in processes(evaluator, node)]
    assert len(pids) == len(notes.crews[-1]) == 3
    evaluator.close()
    assert notes.crews[-1] == []
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end, "a worker process outlived its evaluator"
        time.sleep(0.05)


class TestUndisturbed:
    """Four tests of one evaluator, whose processes take seconds to start."""

    def test_a_crew_that_is_still_starting_is_no_reason_to_complain(self, undisturbed: Undisturbed) -> None:
        _, _, logs = undisturbed
        assert not [line for line in logs if "worker" in line["event"]]

    def test_candles_are_read_only_in_workers_as_they_are_here(self, undisturbed: Undisturbed) -> None:
        evaluator, _, _ = undisturbed
        assert {one.fitness for one in evaluator.evaluate(scorers.numbered(6), nobody)} == {1.0}

    def test_seats_can_be_limited(self, undisturbed: Undisturbed) -> None:
        _, notes, _ = undisturbed
        assert sorted(seat.node for seat in notes.crews[-1]) == ["one", "two"]

    def test_without_any_worker_it_waits_until_a_node_joins(self, undisturbed: Undisturbed) -> None:
        evaluator, notes, _ = undisturbed
        crew = evaluator._crew
        membership, crew.membership = crew.membership, Nowhere()  # type: ignore[assignment]
        evaluator._meet_at = 0.0  # so that it looks for its workers before it hands anything out
        threading.Timer(1.0, lambda: setattr(crew, "membership", membership)).start()
        began = time.monotonic()
        assert numbers(evaluator.evaluate(scorers.numbered(20), nobody)) == []
        assert time.monotonic() - began >= 1.0
        assert [] in notes.crews


@pytest.mark.timed
def test_with_mixed_costs_all_workers_finish_together(make: Make) -> None:
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    costs = generator(3, Purpose.BENCHMARK).permutation(100) + 1
    evaluator.evaluate(lasting([int(cost) for cost in costs]), nobody)
    last = {node: max(when for when, work in notes.works if work.node == node) for node in NODES}
    assert abs(last["one"] - last["two"]) < 2 * Rules().batch_seconds


@pytest.mark.timed
def test_a_killed_worker_loses_and_doubles_nothing_and_is_replaced(make: Make) -> None:
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    heard: list[Evaluation] = []

    def kill_once(evaluations: Sequence[Evaluation]) -> None:
        if not heard:
            os.kill(processes(evaluator, "two")[0], signal.SIGKILL)
        heard.extend(evaluations)

    genomes = lasting([20] * 500)
    evaluations = evaluator.evaluate(genomes, kill_once)
    assert [one.genome for one in evaluations] == genomes
    assert numbers(evaluations) == []
    assert len(heard) == len(genomes)
    assert notes.retries == ["worker_died"]
    assert len(notes.crews[-1]) == 3


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        (scorers.deadly, "the worker process died each time that it evaluated this genome"),
        (scorers.raising, "scoring broke off each time that this genome was evaluated"),
        (scorers.hanging, "the worker hung each time that it evaluated this genome"),
        (greedy, "scoring broke off each time that this genome was evaluated"),
    ],
    ids=["kills its process", "raises", "hangs", "takes four gigabytes"],
)
def test_exactly_the_poisonous_genome_fails(make: Make, score: Score, reason: str) -> None:
    # Without patience a worker that still asks for its memory would be taken for one that hangs.
    rules = IMPATIENT if score is scorers.hanging else Rules()
    evaluator, notes = make(score, rules=rules, memory_limit=2**30)
    heard: list[Evaluation] = []
    evaluations = evaluator.evaluate(scorers.numbered(40), heard.extend)
    assert numbers(evaluations) == [scorers.POISON]
    assert evaluations[int(scorers.POISON)].error == reason
    assert evaluations[int(scorers.POISON)].lost
    assert notes.quarantined == ["strategy_1"]
    assert len(heard) == 40


def test_a_node_that_joins_in_mid_run_gets_work(make: Make, nodes: TestCluster) -> None:
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    started: list[Any] = []
    joined_at: list[float] = []

    def join_once(_: Sequence[Evaluation]) -> None:
        if not started:
            started.append(nodes.add("three", 2))
            joined_at.append(time.monotonic())
        elif any(work.node == "three" for _, work in notes.works):
            raise Interrupted("the new node works")

    try:
        with pytest.raises(Interrupted, match="the new node works"):
            evaluator.evaluate(lasting([20] * 6_000), join_once)
        assert notes.works[-1][0] - joined_at[0] < 30
    finally:
        evaluator.close()
        nodes.remove(started[0])


def test_a_node_that_drains_finishes_its_batches_and_is_left_alone(make: Make, nodes: TestCluster) -> None:
    third = nodes.add("three", 1)
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    drained: list[subprocess.Popen[bytes]] = []

    def drain_once(_: Sequence[Evaluation]) -> None:
        if not drained and any(work.node == "three" for _, work in notes.works):
            drained.append(drain(nodes.address, third.node_id))

    try:
        wait_for_cpus(evaluator, 4)
        evaluations = evaluator.evaluate(lasting([20] * 500), drain_once)
        assert drained[0].wait(timeout=30) == 0
        assert numbers(evaluations) == []
        assert notes.retries == []
        assert {seat.node for seat in notes.crews[-1]} == {"one", "two"}
    finally:
        nodes.remove(third)


def test_a_killed_node_loses_nothing(make: Make, nodes: TestCluster) -> None:
    third = nodes.add("three", 1)
    evaluator, notes = make(scorers.sleepy, seats_at_most=None)
    killed: list[bool] = []

    def kill_once(_: Sequence[Evaluation]) -> None:
        if not killed and any(work.node == "three" for _, work in notes.works):
            killed.append(True)
            nodes.remove(third)

    wait_for_cpus(evaluator, 4)
    genomes = lasting([20] * 500)
    evaluations = evaluator.evaluate(genomes, kill_once)
    assert killed
    assert [one.genome for one in evaluations] == genomes
    assert numbers(evaluations) == []


def test_whoever_waits_for_workers_can_be_interrupted(make: Make) -> None:
    evaluator, _ = make(scorers.arithmetic, interrupted=lambda: True)
    evaluator._crew.membership = Nowhere()  # type: ignore[assignment]
    with pytest.raises(Interrupted, match="no worker answered"):
        evaluator.evaluate(scorers.numbered(3), nobody)


def test_an_absence_is_logged_once_and_so_is_its_end(make: Make) -> None:
    moments = iter([0.0, 31.0, 32.0, 70.0])
    evaluator, _ = make(scorers.arithmetic)
    evaluator._clock = SimpleNamespace(seconds=lambda: next(moments))
    with capture_logs() as logs:
        for _ in range(3):
            evaluator._lament()
        evaluator._dispatcher.seat_joined(0, "node", "cpu", 33.0)
        evaluator._lament()
    assert [line["event"] for line in logs] == [
        "no worker answers: waiting for nodes to join or to come back",
        "workers answer again",
    ]


def test_a_node_that_computes_other_bits_gets_no_work(make: Make) -> None:
    made: list[RayEvaluator] = []
    evaluator, notes = make(scorers.arithmetic, interrupted=lambda: refused(made[0]) == 2)
    made.append(evaluator)
    evaluator._crew.fingerprint = lambda: "other bits"
    with pytest.raises(Interrupted):
        evaluator.evaluate(scorers.numbered(3), nobody)
    assert notes.works == []


def test_numeric_libraries_use_one_thread_even_where_the_node_does_not_say_so(
    make: Make, nodes: TestCluster
) -> None:
    bare = nodes.add("bare", 1, capped=False)
    try:
        evaluator, notes = make(scorers.most_threads, batch_size=1, seats_at_most=None)
        wait_for_cpus(evaluator, 4)
        # The bare node's first process is sent away for one that is capped, and joins later than the others.
        deadline = time.monotonic() + 60
        while set(notes.shares()) != {"one", "two", "bare"}:
            assert time.monotonic() < deadline, notes.shares()
            assert {one.fitness for one in evaluator.evaluate(scorers.numbered(40), nobody)} == {1.0}
    finally:
        nodes.remove(bare)


def test_the_seeds_score_the_same_bits_as_on_this_machine(make: Make) -> None:
    market = synthetic_market("regimes", candles=4_000)
    problem = Problem.seal(market, SplitRule(), CostModel(taker_fee=0.0005), "sharpe")
    genomes = [
        strategy.random_genome(generator(5, Purpose.INITIAL_GENOME, slot=slot))
        for slot in range(2)
        for strategy in seed_strategies().values()
    ]
    here = LocalEvaluator(problem, workers=1)
    evaluator, notes = make(score_of_the_package(), problem=problem, seats_at_most=None)
    assert repr(evaluator.evaluate(genomes, nobody)) == repr(here.evaluate(genomes, nobody))
    assert {node for node, share in notes.shares().items() if share} == set(NODES)
    assert 1 < evaluator.most_threads <= MOST_THREADS


# Beside other tests no process would say so in time.
@pytest.mark.timed
def test_a_process_that_never_says_who_it_is_makes_room_for_another(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(crew, "_START_SECONDS", 8.0)
    evaluator, notes = make(scorers.LateOnce(tmp_path / "late"), seats_at_most=None)
    end = time.monotonic() + 60
    while not notes.crews or len(notes.crews[-1]) < 3:
        assert time.monotonic() < end, "nobody took its place"
        assert numbers(evaluator.evaluate(scorers.numbered(30), nobody)) == []
        time.sleep(0.2)


def test_an_error_that_concerns_every_genome_ends_the_evaluation(make: Make) -> None:
    problem = Problem.seal(synthetic_market("regimes", candles=3_000), SplitRule(), CostModel(), "nonsense")
    evaluator, _ = make(score_of_the_package(), problem=problem)
    with pytest.raises(GenepoolError, match="no objective 'nonsense'"):
        evaluator.evaluate(scorers.numbered(3), nobody)


def test_empty_batches_are_refused(make: Make) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        make(scorers.arithmetic, batch_size=0)


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


def score_of_the_package() -> Score:
    """Return the real way to score a batch."""
    from genepool.backtest.evaluate import evaluate_batch  # noqa: PLC0415 - beside the stand-ins

    return evaluate_batch
