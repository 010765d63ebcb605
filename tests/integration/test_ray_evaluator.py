"""Evaluation on a real Ray cluster of two nodes: shares, losses, comings and goings."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
import ray
from structlog.testing import capture_logs

from genepool.adapters.ray import crew
from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.evaluator import IDLE_SECONDS, RayEvaluator
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.bootstrap.clock import SystemClock
from genepool.errors import ConfigError, Interrupted
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.watchers import audience
from genepool.ports import Watcher
from genepool.randomness import Purpose, generator
from genepool.scheduling.rules import DispatchRules
from genepool.strategies import seed_strategies
from scripts.validation.performance.figures import MOST_THREADS
from tests.contract.test_evaluators import TestEvaluator as EvaluatorContract
from tests.fakes import scorers
from tests.fakes.greedy_scorer import greedy
from tests.fakes.ray_clusters import TestCluster, ray_cluster
from tests.fakes.ray_desk import (
    Hands,
    Nowhere,
    drain,
    lasting,
    late_once,
    nobody,
    numbers,
    processes,
    refused,
    wait_for_cpus,
)
from tests.fakes.work_notes import WorkNotes

pytestmark = pytest.mark.slow
NODES = {"one": (1, "cpu"), "two": (2, "memory")}
READ_ONLY, SLEEPY, PLAIN = (scorers.tiny_problem(name) for name in ("read_only", "sleepy", "arithmetic"))
IMPATIENT = DispatchRules(deadline_floor=0.5, first_deadline=0.6, kill_factor=2.5)

Make = Callable[..., tuple[RayEvaluator, WorkNotes]]
Undisturbed = tuple[RayEvaluator, WorkNotes, list[Any]]
Warm = tuple[RayEvaluator, WorkNotes]


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

    def evaluator(**options: Any) -> tuple[RayEvaluator, WorkNotes]:  # noqa: ANN401 - passed on
        notes = WorkNotes()
        # Each process takes seconds of CPU to start: a test that needs all three seats says so.
        options.setdefault("seats_at_most", 2)
        options.setdefault("make_scorer", scorers.named)
        made.append(RayEvaluator(running[1], notes, SystemClock(), **options))
        return made[-1], notes

    yield evaluator
    for one in made:
        one.close()
        one.close()


@pytest.fixture(scope="class")
def shared(running: tuple[TestCluster, Cluster]) -> Iterator[tuple[RayEvaluator, list[Watcher]]]:
    watchers: list[Watcher] = []
    evaluator = RayEvaluator(running[1], audience(watchers), SystemClock(), make_scorer=scorers.named)
    yield evaluator, watchers
    evaluator.close()


@pytest.fixture
def warm(shared: tuple[RayEvaluator, list[Watcher]]) -> Warm:
    """Return an evaluator whose three workers outlive the test, and what is told during the test."""
    evaluator, watchers = shared
    evaluator.evaluate(scorers.tiny_problem("arithmetic#warm"), scorers.numbered(30), nobody)
    watchers[:] = [WorkNotes()]
    return evaluator, cast("WorkNotes", watchers[0])


@pytest.fixture(scope="class")
def undisturbed(running: tuple[TestCluster, Cluster]) -> Iterator[Undisturbed]:
    """Return an evaluator of two seats that nobody harms, and what was logged when it began."""
    notes = WorkNotes()
    evaluator = RayEvaluator(running[1], notes, SystemClock(), make_scorer=scorers.named, seats_at_most=2)
    with capture_logs() as logs:
        evaluator.evaluate(READ_ONLY, scorers.numbered(30), nobody)
    yield evaluator, notes, logs
    evaluator.close()


@pytest.mark.timed
def test_each_node_does_its_share_from_a_cold_start(make: Make) -> None:
    evaluator, notes = make(seats_at_most=None)
    for _ in range(3):
        assert numbers(evaluator.evaluate(SLEEPY, lasting([5] * 300), nobody)) == []
    assert notes.shares()["one"] == pytest.approx(1 / 3, rel=0.1)


def test_after_closing_nobody_is_left_in_the_figures_nor_on_the_cluster(make: Make) -> None:
    evaluator, notes = make(seats_at_most=None)
    evaluator.evaluate(PLAIN, scorers.numbered(30), nobody)
    pids = [pid for node in NODES for pid in processes(evaluator, node)]
    assert len(pids) == len(notes.crews[-1]) == 3
    evaluator.close()
    assert notes.crews[-1] == []
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end, "a worker process outlived its evaluator"
        time.sleep(0.05)


class TestContract(EvaluatorContract):
    """Promises of every evaluator, kept by a cluster of two nodes."""

    @pytest.fixture(scope="class")
    @staticmethod
    def evaluator(running: tuple[TestCluster, Cluster]) -> Iterator[RayEvaluator]:
        made = RayEvaluator(running[1], WorkNotes(), SystemClock(), seats_at_most=2)
        yield made
        made.close()


class TestUndisturbed:
    """Four tests of one evaluator, whose processes take seconds to start."""

    def test_a_crew_that_is_still_starting_is_no_reason_to_complain(self, undisturbed: Undisturbed) -> None:
        _, _, logs = undisturbed
        assert not [line for line in logs if "worker" in line["event"]]

    def test_candles_are_read_only_in_workers_as_they_are_here(self, undisturbed: Undisturbed) -> None:
        evaluator, _, _ = undisturbed
        assert {one.fitness for one in evaluator.evaluate(READ_ONLY, scorers.numbered(6), nobody)} == {1.0}

    def test_seats_can_be_limited(self, undisturbed: Undisturbed) -> None:
        _, notes, _ = undisturbed
        assert sorted(seat.node for seat in notes.crews[-1]) == ["one", "two"]

    def test_without_any_worker_it_waits_until_a_node_joins(self, undisturbed: Undisturbed) -> None:
        evaluator, notes, _ = undisturbed
        crew = evaluator._crew
        membership, crew.membership = crew.membership, Nowhere()  # type: ignore[assignment]
        evaluator._evaluator._meet_at = 0.0  # so that it looks for its workers before it hands anything out
        threading.Timer(1.0, lambda: setattr(crew, "membership", membership)).start()
        began = time.monotonic()
        assert numbers(evaluator.evaluate(READ_ONLY, scorers.numbered(20), nobody)) == []
        assert time.monotonic() - began >= 1.0
        assert [] in notes.crews


@pytest.mark.parametrize(
    ("deed", "reason", "options"),
    [
        (scorers.hanging, "the worker hung each time that it evaluated this genome", {"rules": IMPATIENT}),
        # Without patience a worker that still asks for its memory would be taken for one that hangs.
        (
            greedy,
            "scoring broke off each time that this genome was evaluated",
            {"memory_limit": 2**30},
        ),
    ],
    ids=["hangs", "takes four gigabytes"],
)
def test_so_it_is_where_patience_or_memory_are_short(
    make: Make, deed: scorers.Score, reason: str, options: dict[str, Any]
) -> None:
    evaluator, notes = make(make_scorer=scorers.StandIn(deed), **options)
    assert_only_the_poison_fails(evaluator, notes, PLAIN, reason)


def assert_only_the_poison_fails(
    evaluator: RayEvaluator, notes: WorkNotes, problem: Problem, reason: str
) -> None:
    heard: list[Evaluation] = []
    evaluations = evaluator.evaluate(problem, scorers.numbered(40), heard.extend)
    assert numbers(evaluations) == [scorers.POISON]
    assert evaluations[int(scorers.POISON)].error == reason
    assert evaluations[int(scorers.POISON)].lost
    assert notes.quarantined == ["strategy_1"]
    assert len(heard) == 40


def test_a_node_that_joins_in_mid_run_gets_work(make: Make, nodes: TestCluster) -> None:
    evaluator, notes = make(seats_at_most=None)
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
            evaluator.evaluate(SLEEPY, lasting([20] * 6_000), join_once)
        assert notes.works[-1][0] - joined_at[0] < 30
    finally:
        evaluator.close()
        nodes.remove(started[0])


def test_a_node_that_drains_finishes_its_batches_and_is_left_alone(make: Make, nodes: TestCluster) -> None:
    third = nodes.add("three", 1)
    evaluator, notes = make(seats_at_most=3)
    drained: list[subprocess.Popen[bytes]] = []

    def drain_once(_: Sequence[Evaluation]) -> None:
        if not drained and any(work.node == "three" for _, work in notes.works):
            drained.append(drain(nodes.address, third.node_id))

    try:
        wait_for_cpus(evaluator, 4)
        evaluations = evaluator.evaluate(SLEEPY, lasting([20] * 500), drain_once)
        assert drained[0].wait(timeout=30) == 0
        assert numbers(evaluations) == []
        assert notes.retries == []
        assert {seat.node for seat in notes.crews[-1]} == {"one", "two"}
    finally:
        nodes.remove(third)


def test_a_killed_node_loses_nothing(make: Make, nodes: TestCluster) -> None:
    third = nodes.add("three", 1)
    evaluator, notes = make(seats_at_most=3)
    killed: list[bool] = []

    def kill_once(_: Sequence[Evaluation]) -> None:
        if not killed and any(work.node == "three" for _, work in notes.works):
            killed.append(True)
            nodes.remove(third)

    wait_for_cpus(evaluator, 4)
    genomes = lasting([20] * 500)
    evaluations = evaluator.evaluate(SLEEPY, genomes, kill_once)
    assert killed
    assert [one.genome for one in evaluations] == genomes
    assert numbers(evaluations) == []


def test_whoever_waits_for_workers_can_be_interrupted(make: Make) -> None:
    evaluator, notes = make()
    evaluator._crew.membership = Nowhere()  # type: ignore[assignment]
    run = evaluator.for_run(notes, lambda: True)
    with pytest.raises(Interrupted, match="no worker answered"):
        run.evaluate(PLAIN, scorers.numbered(3), nobody)


def test_an_absence_is_logged_once_and_so_is_its_end(make: Make) -> None:
    evaluator, _ = make()
    with capture_logs() as logs:
        for now in (0.0, 31.0, 32.0):
            evaluator._warn_of_absence(now, anybody=False)
        evaluator._warn_of_absence(70.0, anybody=True)
    assert [line["event"] for line in logs] == [
        "no worker answers: waiting for nodes to join or to come back",
        "workers answer again",
    ]


def test_a_node_that_computes_other_bits_gets_no_work(make: Make) -> None:
    evaluator, notes = make()
    run = evaluator.for_run(notes, lambda: refused(evaluator) == 2)
    evaluator._crew.fingerprint = lambda: "other bits"
    with pytest.raises(Interrupted):
        run.evaluate(PLAIN, scorers.numbered(3), nobody)
    assert notes.works == []


def test_numeric_libraries_use_one_thread_even_where_the_node_does_not_say_so(
    make: Make, nodes: TestCluster
) -> None:
    bare = nodes.add("bare", 1, capped=False)
    try:
        evaluator, notes = make(batch_size=1, seats_at_most=3)
        problem = scorers.tiny_problem("most_threads")
        wait_for_cpus(evaluator, 4)
        # The bare node's first process is sent away for one that is capped, and joins later than the others.
        deadline = time.monotonic() + 60
        while set(notes.shares()) != {"one", "two", "bare"}:
            assert time.monotonic() < deadline, notes.shares()
            assert {one.fitness for one in evaluator.evaluate(problem, scorers.numbered(40), nobody)} == {1.0}
    finally:
        nodes.remove(bare)


# Beside other tests no process would say so in time.
@pytest.mark.timed
def test_a_process_that_never_says_who_it_is_makes_room_for_another(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(crew, "_START_SECONDS", 5.0)
    evaluator, notes = make(seats_at_most=None)
    evaluator._crew._actor_class = ray.remote(late_once(tmp_path / "late"))
    end = time.monotonic() + 60
    while not notes.crews or len(notes.crews[-1]) < 3:
        assert time.monotonic() < end, "nobody took its place"
        assert numbers(evaluator.evaluate(PLAIN, scorers.numbered(30), nobody)) == []
        time.sleep(0.2)


def test_workers_stay_for_the_next_problem_and_go_when_nobody_asks_for_long(make: Make) -> None:
    evaluator, notes = make()
    clock = Hands()
    evaluator._evaluator._clock = clock
    problems = [scorers.tiny_problem(f"told_process#{number}") for number in range(12)]
    processes = {
        one.fitness
        for problem in problems
        for one in evaluator.evaluate(problem, scorers.numbered(8), nobody)
    }
    assert len(processes) == 2
    assert len(evaluator._crew._parcels) == 8
    evaluator.give_back()
    assert len(notes.crews[-1]) == 2
    clock.ahead += IDLE_SECONDS + 1
    evaluator.give_back()
    assert notes.crews[-1] == []
    # Whoever asks then gets workers again.
    later = {one.fitness for one in evaluator.evaluate(problems[0], scorers.numbered(8), nobody)}
    assert not later & processes


def test_empty_batches_are_refused(make: Make) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        make(batch_size=0)


class TestWarm:
    """Tests of one evaluator, whose three workers outlive each of them."""

    @pytest.mark.timed
    def test_each_node_does_its_share_though_no_cost_is_known(self, warm: Warm) -> None:
        evaluator, notes = warm
        for _ in range(3):
            genomes = lasting([50] * 90)
            assert numbers(evaluator.evaluate(scorers.tiny_problem("sleepy#50"), genomes, nobody)) == []
        assert notes.shares()["one"] == pytest.approx(1 / 3, rel=0.1)

    @pytest.mark.timed
    @pytest.mark.parametrize("count", [100, 500])
    def test_nodes_of_two_kinds_share_the_seconds_of_the_default_mix_though_no_cost_is_known(
        self, warm: Warm, count: int
    ) -> None:
        evaluator, notes = warm
        problem = scorers.tiny_problem(f"mixed#{count}")
        seeds = list(seed_strategies().values())
        for generation in range(3):
            genomes = [seeds[k % len(seeds)].genome({}) for k in range(generation, generation + count)]
            evaluator.evaluate(problem, genomes, nobody)
        seconds = {
            node: sum(work.compute_seconds for _, work in notes.works if work.node == node) for node in NODES
        }
        # Of a hundred genomes fourteen take all the time: each is a fifth of what a seat gets.
        off = {100: 0.06, 500: 0.03}[count]
        assert seconds["one"] / sum(seconds.values()) == pytest.approx(1 / 3, abs=off)

    @pytest.mark.timed
    def test_with_mixed_costs_all_workers_finish_together(self, warm: Warm) -> None:
        evaluator, notes = warm
        costs = generator(3, Purpose.BENCHMARK).permutation(100) + 1
        evaluator.evaluate(
            scorers.tiny_problem("sleepy#mixed"), lasting([int(cost) for cost in costs]), nobody
        )
        last = {node: max(when for when, work in notes.works if work.node == node) for node in NODES}
        assert abs(last["one"] - last["two"]) < 2 * DispatchRules().batch_seconds

    @pytest.mark.timed
    def test_a_killed_worker_loses_and_doubles_nothing_and_is_replaced(self, warm: Warm) -> None:
        evaluator, notes = warm
        heard: list[Evaluation] = []

        def kill_once(evaluations: Sequence[Evaluation]) -> None:
            if not heard:
                os.kill(processes(evaluator, "two")[0], signal.SIGKILL)
            heard.extend(evaluations)

        genomes = lasting([20] * 500)
        evaluations = evaluator.evaluate(SLEEPY, genomes, kill_once)
        assert [one.genome for one in evaluations] == genomes
        assert numbers(evaluations) == []
        assert len(heard) == len(genomes)
        assert notes.retries == ["worker_died"]
        assert len(notes.crews[-1]) == 3

    @pytest.mark.parametrize(
        ("deed", "reason"),
        [
            ("deadly", "the worker process died each time that it evaluated this genome"),
            ("raising", "scoring broke off each time that this genome was evaluated"),
        ],
        ids=["kills its process", "raises"],
    )
    def test_exactly_the_poisonous_genome_fails(self, warm: Warm, deed: str, reason: str) -> None:
        evaluator, notes = warm
        assert_only_the_poison_fails(evaluator, notes, scorers.tiny_problem(deed), reason)

    def test_the_seeds_score_the_same_bits_as_on_this_machine(self, warm: Warm) -> None:
        market = synthetic_market("regimes", candles=4_000)
        problem = Problem.seal(market, SplitRule(), CostModel(taker_fee=0.0005), "sharpe")
        genomes = [
            strategy.random_genome(generator(5, Purpose.INITIAL_GENOME, slot=slot))
            for slot in range(2)
            for strategy in seed_strategies().values()
        ]
        evaluator, notes = warm
        assert repr(evaluator.evaluate(problem, genomes, nobody)) == repr(Scorer(problem).evaluate(genomes))
        assert {node for node, share in notes.shares().items() if share} == set(NODES)
        assert 1 < evaluator.most_threads <= MOST_THREADS

    @pytest.mark.timed
    def test_two_runs_at_once_share_the_workers_time_whatever_their_genomes_cost(self, warm: Warm) -> None:
        evaluator, _ = warm
        notes = [WorkNotes(), WorkNotes()]
        runs = [evaluator.for_run(one, lambda: False) for one in notes]
        problems = [scorers.tiny_problem(f"sleepy#{name}") for name in ("cheap", "dear")]
        asked = [lasting([5] * 1_200), lasting([40] * 150)]
        began = time.monotonic()
        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(lambda k: runs[k].evaluate(problems[k], asked[k], nobody), range(2)))
        seconds = time.monotonic() - began
        assert [[one.genome for one in evaluations] for evaluations in found] == asked
        # Each needs two seconds of three workers; in the first half of it all both got about the same.
        halves = [
            sum(work.compute_seconds for when, work in one.works if when < began + seconds / 2)
            for one in notes
        ]
        assert min(halves) > 0.35 * sum(halves)
