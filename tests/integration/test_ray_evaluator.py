"""Evaluation on a real Ray cluster of two nodes: shares, losses, comings and goings."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
import ray
from structlog.testing import capture_logs

from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.adapters.ray import crew
from genepool.adapters.ray.cluster import Cluster
from genepool.adapters.ray.evaluator import IDLE_SECONDS, RayEvaluator
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.bootstrap.clock import SystemClock
from genepool.errors import ConfigError, Interrupted
from genepool.jobs import WEIGHTS
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.watchers import audience
from genepool.ports import Evaluator, Watcher
from genepool.randomness import Purpose, generator
from genepool.scheduling.rules import DispatchRules
from genepool.strategies import seed_strategies
from genepool.usecases.null_evolution import NullsAsked, evolve_nulls
from scripts.validation.performance.figures import MOST_THREADS
from tests.contract.test_evaluators import TestEvaluator as EvaluatorContract
from tests.fakes import scorers
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import WholeHistory
from tests.fakes.ray_clusters import TestCluster, ray_cluster
from tests.fakes.ray_desk import (
    Hands,
    Nowhere,
    drain,
    gather,
    lasting,
    late_once,
    nobody,
    numbers,
    one_on_each,
    processes,
    refused,
    until,
)
from tests.fakes.work_notes import WorkNotes
from tests.integration.test_cluster_manager_ray import ClusterManager, Manage, manager

pytestmark = pytest.mark.slow
NODES = {"one": (1, "cpu"), "two": (2, "memory")}
READ_ONLY, SLEEPY, PLAIN = (scorers.tiny_problem(name) for name in ("read_only", "sleepy", "arithmetic"))
# Patience costs no processor, so what does not hang is never taken for it, and one loss is enough.
IMPATIENT = DispatchRules(
    deadline_floor=3.0, first_deadline=3.0, kill_factor=1.0, batch_losses=1, lone_failures=1
)

Make = Callable[..., tuple[RayEvaluator, WorkNotes]]
Staff = tuple[RayEvaluator, list[Watcher], list[Any]]
Warm = tuple[RayEvaluator, WorkNotes]


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[TestCluster, Cluster]]:
    # Compiles every kernel where no program of this version ran yet: else each worker would, all at once.
    numeric_fingerprint()
    with ray_cluster(NODES) as both:
        yield both


@pytest.fixture(scope="module")
def nodes(running: tuple[TestCluster, Cluster]) -> TestCluster:
    return running[0]


@pytest.fixture
def make(running: tuple[TestCluster, Cluster]) -> Iterator[Make]:
    made: list[RayEvaluator] = []

    def evaluator(**options: Any) -> tuple[RayEvaluator, WorkNotes]:  # noqa: ANN401 - passed on
        notes = WorkNotes()
        # Each process takes seconds of CPU to start: a test that needs more seats says so.
        options.setdefault("seats_at_most", 1)
        options.setdefault("make_scorer", scorers.named)
        made.append(RayEvaluator(running[1], notes, SystemClock(), **options))
        return made[-1], notes

    yield evaluator
    for one in made:
        one.close()
        one.close()


@pytest.fixture(scope="class")
def options() -> dict[str, Any]:
    """Return what the evaluator of a class has of its own."""
    return {"seats_at_most": 2}


@pytest.fixture(scope="class")
def staff(running: tuple[TestCluster, Cluster], options: dict[str, Any]) -> Iterator[Staff]:
    """Return an evaluator whose workers outlive each test of a class, and what was logged when it began."""
    watchers: list[Watcher] = []
    evaluator = RayEvaluator(
        running[1], audience(watchers), SystemClock(), make_scorer=scorers.named, **options
    )
    with capture_logs() as logs:
        gather(evaluator, options["seats_at_most"])
    yield evaluator, watchers, logs
    evaluator.close()


@pytest.fixture
def warm(staff: Staff, options: dict[str, Any]) -> Warm:
    """Return an evaluator with all its workers, and what is told during the test."""
    evaluator, watchers, _ = staff
    gather(evaluator, options["seats_at_most"])
    watchers[:] = [WorkNotes()]
    return evaluator, cast("WorkNotes", watchers[0])


def more_than_doubt(notes: WorkNotes) -> list[str]:
    """Return why batches were given out again; a busy machine also lets a worker seem silent."""
    return [reason for reason in notes.retries if reason != "deadline"]


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


class TestClusterManager(ClusterManager):
    """What the cluster manager does beside such a cluster, which takes seconds to start."""

    @pytest.fixture(scope="class")
    @staticmethod
    def manage(nodes: TestCluster) -> Manage:
        return manager(nodes.address)


@pytest.mark.timed
class TestTimed:
    """How three workers share the time; the first test finds none of them."""

    @pytest.fixture(scope="class")
    @staticmethod
    def options() -> dict[str, Any]:
        return {"seats_at_most": 3}

    @pytest.fixture(scope="class")
    @staticmethod
    def staff(running: tuple[TestCluster, Cluster]) -> Iterator[Staff]:
        watchers: list[Watcher] = []
        evaluator = RayEvaluator(running[1], audience(watchers), SystemClock(), make_scorer=scorers.named)
        yield evaluator, watchers, []
        evaluator.close()

    def test_each_node_does_its_share_from_a_cold_start(self, staff: Staff) -> None:
        evaluator, watchers, _ = staff
        notes = WorkNotes()
        watchers[:] = [notes]
        for _ in range(3):
            assert numbers(evaluator.evaluate(SLEEPY, lasting([5] * 300), nobody)) == []
        assert notes.shares()["one"] == pytest.approx(1 / 3, rel=0.1)

    def test_each_node_does_its_share_though_no_cost_is_known(self, warm: Warm) -> None:
        evaluator, notes = warm
        for _ in range(3):
            genomes = lasting([50] * 90)
            assert numbers(evaluator.evaluate(scorers.tiny_problem("sleepy#50"), genomes, nobody)) == []
        assert notes.shares()["one"] == pytest.approx(1 / 3, rel=0.1)

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

    def test_with_mixed_costs_all_workers_finish_together(self, warm: Warm) -> None:
        evaluator, notes = warm
        costs = generator(3, Purpose.BENCHMARK).permutation(100) + 1
        evaluator.evaluate(
            scorers.tiny_problem("sleepy#mixed"), lasting([int(cost) for cost in costs]), nobody
        )
        last = {node: max(when for when, work in notes.works if work.node == node) for node in NODES}
        assert abs(last["one"] - last["two"]) < 2 * DispatchRules().batch_seconds

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

    def test_every_node_tells_what_it_may_use_and_what_it_used(self, warm: Warm) -> None:
        evaluator, _ = warm
        evaluator.evaluate(scorers.tiny_problem("spinning"), lasting([20] * 30), nobody)
        inner = evaluator._evaluator
        measured = inner._dispatcher.budgets.measured(inner._clock.seconds())
        assert {one.node: (one.seats, one.cores, one.share) for one in measured} == {
            node: (cpus, cpus, 1.0) for node, (cpus, _) in NODES.items()
        }
        assert all(one.used > 0 for one in measured)

    def test_an_interactive_run_has_its_weight_of_the_workers_beside_a_batch_one(self, warm: Warm) -> None:
        evaluator, _ = warm
        notes = [WorkNotes(), WorkNotes()]
        weights = WEIGHTS["interactive"], WEIGHTS["batch"]
        runs = [evaluator.for_run(one, lambda: False, each) for one, each in zip(notes, weights, strict=True)]
        problems = [scorers.tiny_problem(f"sleepy#{name}") for name in ("interactive", "batch")]
        asked = [lasting([20] * 60), lasting([20] * 120)]
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda k: runs[k].evaluate(problems[k], asked[k], nobody), range(2)))
        end = max(when for when, _ in notes[0].works)
        small, large = (sum(work.compute_seconds for when, work in one.works if when <= end) for one in notes)
        assert large < small / 2


class TestWarm(EvaluatorContract):
    """What every evaluator promises, and more, kept by two workers; only the last test ends them."""

    @pytest.fixture(scope="class")
    @staticmethod
    def options() -> dict[str, Any]:
        return {"seats_at_most": 2, "memory_limit": 2**30}

    @pytest.fixture(scope="class")
    @staticmethod
    def evaluator(staff: Staff) -> Evaluator:
        return staff[0].for_run(WorkNotes(), lambda: False)

    def test_a_crew_that_is_still_starting_is_no_reason_to_complain(self, staff: Staff) -> None:
        assert not [line for line in staff[2] if "worker" in line["event"]]

    def test_candles_are_read_only_in_workers_as_they_are_here(self, warm: Warm) -> None:
        evaluator, _ = warm
        assert {one.fitness for one in evaluator.evaluate(READ_ONLY, scorers.numbered(6), nobody)} == {1.0}

    def test_seats_can_be_limited(self, warm: Warm) -> None:
        evaluator, _ = warm
        assert sorted(seat.node for seat in evaluator._crew.seats) == ["one", "two"]

    def test_without_any_worker_it_waits_until_a_node_joins(self, warm: Warm) -> None:
        evaluator, notes = warm
        crew = evaluator._crew
        membership, crew.membership = crew.membership, Nowhere()  # type: ignore[assignment]
        evaluator._evaluator._meet_at = 0.0  # so that it looks for its workers before it hands anything out
        threading.Timer(1.0, lambda: setattr(crew, "membership", membership)).start()
        began = time.monotonic()
        assert numbers(evaluator.evaluate(READ_ONLY, scorers.numbered(20), nobody)) == []
        assert time.monotonic() - began >= 1.0
        assert [] in notes.crews

    @pytest.mark.parametrize("deed", ["raising", "greedy"], ids=["raises", "takes four gigabytes"])
    def test_exactly_the_poisonous_genome_fails(self, warm: Warm, deed: str) -> None:
        evaluator, notes = warm
        reason = "scoring broke off each time that this genome was evaluated"
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

    def test_nulls_are_the_same_bits_as_on_this_machine(self, evaluator: Evaluator) -> None:
        run, here = bred_run(generations=2, size=9), LocalEvaluator(1)
        found = []
        for workers, at_once in ((evaluator, 2), (here, 1)):
            store = WholeHistory()
            record_in(store, run)
            found.append(
                evolve_nulls(
                    run.plan, store.summaries()[0], NullsAsked(3), store, workers, at_once=at_once
                ).as_json()
            )
        here.close()
        assert found[0] == found[1]

    def test_a_killed_worker_loses_and_doubles_nothing_and_is_replaced(self, warm: Warm) -> None:
        evaluator, notes = warm
        heard: list[Evaluation] = []

        def kill_once(evaluations: Sequence[Evaluation]) -> None:
            if not heard:
                os.kill(processes(evaluator, "two")[0], signal.SIGKILL)
            heard.extend(evaluations)

        genomes = lasting([20] * 200)
        evaluations = evaluator.evaluate(SLEEPY, genomes, kill_once)
        assert [one.genome for one in evaluations] == genomes
        assert numbers(evaluations) == []
        assert len(heard) == len(genomes)
        assert more_than_doubt(notes) == ["worker_died"]
        until(evaluator, lambda: len(notes.crews[-1]) == 2)

    @pytest.fixture(scope="class")
    @staticmethod
    def three(staff: Staff, nodes: TestCluster) -> Iterator[tuple[Any, WorkNotes]]:
        """Return a node that joined in mid run, and what was told meanwhile; its environment caps nothing."""
        evaluator, watchers, _ = staff
        gather(evaluator, 2)
        notes = WorkNotes()
        watchers[:] = [notes]
        added: list[Any] = []

        def join_once(_: Sequence[Evaluation]) -> None:
            if not added:
                added.append(nodes.add("three", 1, capped=False))
            evaluator._crew.seats_at_most = len(evaluator._crew.membership.nodes)
            if "three" in notes.shares():
                raise Interrupted("the new node works")

        try:
            with pytest.raises(Interrupted, match="the new node works"):
                evaluator.evaluate(SLEEPY, lasting([200] * 6_000), join_once)
            evaluator._crew.seats_at_most = 2
            yield added[0], notes
        finally:
            nodes.remove_if_there(added[0])

    def test_a_node_that_joins_in_mid_run_gets_work(self, three: tuple[Any, WorkNotes]) -> None:
        _, notes = three
        assert {seat.node for seat in notes.crews[-1]} == {"one", "two", "three"}
        assert notes.works[-1][0] - notes.works[0][0] < 120

    @pytest.mark.usefixtures("three")
    def test_numeric_libraries_use_one_thread_even_where_the_node_does_not_say_so(self, warm: Warm) -> None:
        evaluator, notes = warm
        problem = scorers.tiny_problem("most_threads")
        deadline = time.monotonic() + 60
        while set(notes.shares()) != {"one", "two", "three"}:
            assert time.monotonic() < deadline, notes.shares()
            assert {one.fitness for one in evaluator.evaluate(problem, scorers.numbered(40), nobody)} == {1.0}

    def test_a_killed_node_loses_nothing(
        self, warm: Warm, nodes: TestCluster, three: tuple[Any, WorkNotes]
    ) -> None:
        evaluator, notes = warm
        killed: list[bool] = []

        def kill_once(_: Sequence[Evaluation]) -> None:
            if not killed and "three" in notes.shares():
                killed.append(True)
                nodes.remove(three[0])

        genomes = lasting([20] * 400)
        evaluations = evaluator.evaluate(SLEEPY, genomes, kill_once)
        assert killed
        assert [one.genome for one in evaluations] == genomes
        assert numbers(evaluations) == []

    def test_a_node_that_drains_finishes_its_batches_and_is_left_alone(
        self, warm: Warm, nodes: TestCluster
    ) -> None:
        evaluator, notes = warm
        fourth = nodes.add("four", 1)
        drained: list[bool] = []

        def drain_once(_: Sequence[Evaluation]) -> None:
            if not drained and "four" in notes.shares():
                drained.append(drain(nodes.address, fourth.node_id))

        try:
            one_on_each(evaluator, "one", "two", "four")
            notes.works.clear()
            assert numbers(evaluator.evaluate(SLEEPY, lasting([20] * 400), drain_once)) == []
            assert drained == [True]
            until(evaluator, lambda: {seat.node for seat in notes.crews[-1]} == {"one", "two"})
            assert more_than_doubt(notes) == []
        finally:
            nodes.remove(fourth)

    def test_after_closing_nobody_is_left_in_the_figures_nor_on_the_cluster(self, warm: Warm) -> None:
        evaluator, notes = warm
        pids = [pid for node in NODES for pid in processes(evaluator, node)]
        assert len(pids) == 2
        evaluator.close()
        assert notes.crews[-1] == []
        end = time.monotonic() + 20
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            assert time.monotonic() < end, "a worker process outlived its evaluator"
            time.sleep(0.05)


class TestPoison:
    """Genomes that cost a process each time that they are evaluated."""

    @pytest.fixture(scope="class")
    @staticmethod
    def options() -> dict[str, Any]:
        return {"seats_at_most": 2, "rules": IMPATIENT}

    @pytest.mark.parametrize(
        ("deed", "reason"),
        [
            ("deadly", "the worker process died each time that it evaluated this genome"),
            ("hanging", "the worker hung each time that it evaluated this genome"),
        ],
        ids=["kills its process", "hangs"],
    )
    def test_exactly_the_poisonous_genome_fails(self, warm: Warm, deed: str, reason: str) -> None:
        evaluator, notes = warm
        assert_only_the_poison_fails(evaluator, notes, scorers.tiny_problem(deed), reason)


def test_a_run_that_waits_for_workers_can_be_interrupted(make: Make) -> None:
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
    run = evaluator.for_run(notes, lambda: refused(evaluator) == 1)
    evaluator._crew.fingerprint = lambda: "other bits"
    with pytest.raises(Interrupted):
        run.evaluate(PLAIN, scorers.numbered(3), nobody)
    assert notes.works == []


def test_a_process_that_never_says_who_it_is_makes_room_for_another(make: Make, tmp_path: Path) -> None:
    evaluator, notes = make()
    marker, clock = tmp_path / "late", Hands()
    evaluator._evaluator._clock = clock
    evaluator._crew._actor_class = ray.remote(late_once(marker))
    with pytest.raises(Interrupted):
        evaluator.for_run(notes, marker.exists).evaluate(PLAIN, scorers.numbered(3), nobody)
    clock.ahead += crew._START_SECONDS
    assert numbers(evaluator.evaluate(PLAIN, scorers.numbered(3), nobody)) == []
    assert notes.crews[-1]


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
    assert len(processes) == 1
    assert len(evaluator._crew._parcels) == 8
    evaluator.give_back()
    assert len(notes.crews[-1]) == 1
    clock.ahead += IDLE_SECONDS + 1
    evaluator.give_back()
    assert notes.crews[-1] == []
    # The next request gets workers again.
    later = {one.fitness for one in evaluator.evaluate(problems[0], scorers.numbered(8), nobody)}
    assert not later & processes


def test_empty_batches_are_refused(make: Make) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        make(batch_size=0)
