"""What is counted of the workers, and what it costs."""

from collections.abc import Sequence

import pytest
from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.cost import CostMeter
from genepool.adapters.prometheus.work import WorkMetrics
from genepool.ports import (
    BatchEvaluated,
    BatchRetried,
    CrewChanged,
    GenomeQuarantined,
    NodesMeasured,
    QueueChanged,
    Seat,
)
from genepool.scheduling.node_cpu import NodeCpu
from tests.fakes.histories import a_genome, a_result
from tests.fakes.memory import ManualClock

HOUR = 3600.0
ONE, OTHER = {"node": "one", "worker_kind": "cpu"}, {"node": "other", "worker_kind": "memory"}


class Watched:
    """Work metrics with their registry and clock."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.clock = ManualClock()
        cost = CostMeter(self.registry, self.clock, {"cpu": 0.04, "memory": 0.05})
        self.work = WorkMetrics(self.registry, self.clock, cost, ("imagined", "rsi_filter"))

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"genepool_{name}", labels)

    def series(self, name: str, **labels: str) -> list[dict[str, str]]:
        return [
            sample.labels
            for family in self.registry.collect()
            for sample in family.samples
            if sample.name == f"genepool_{name}" and labels.items() <= sample.labels.items()
        ]


def seats(cpu: int = 0, memory: int = 0) -> list[Seat]:
    return [Seat("one", "cpu")] * cpu + [Seat("other", "memory")] * memory


def a_batch(ok: int, failed: int = 0, compute: float = 0.2, turnaround: float = 0.25) -> BatchEvaluated:
    results = [a_result(a_genome(k)) for k in range(ok)]
    results += [a_result(a_genome(k), error="it failed") for k in range(ok, ok + failed)]
    return BatchEvaluated("one", "cpu", results, compute, turnaround)


class TestBatches:
    def test_a_batch_counts_its_genomes_its_time_and_its_overhead(self) -> None:
        watched = Watched()
        watched.work(a_batch(3, failed=1))
        assert watched.value("evaluations_total", strategy="imagined", result="ok", **ONE) == 3
        assert watched.value("evaluations_total", strategy="imagined", result="failed", **ONE) == 1
        assert watched.value("batches_total", **ONE) == 1
        assert watched.value("work_seconds_total", **ONE) == pytest.approx(0.2)
        assert watched.value("dispatch_overhead_seconds_total", **ONE) == pytest.approx(0.05)

    def test_the_time_of_a_genome_is_the_mean_of_its_batch(self) -> None:
        watched = Watched()
        watched.work(a_batch(4, compute=0.2))
        assert watched.value("evaluation_seconds_sum", worker_kind="cpu") == pytest.approx(0.05)
        assert watched.value("evaluation_seconds_count", worker_kind="cpu") == 1

    def test_clocks_that_disagree_make_no_negative_overhead(self) -> None:
        watched = Watched()
        watched.work(a_batch(1, compute=0.2, turnaround=0.19))
        assert watched.value("dispatch_overhead_seconds_total", **ONE) == 0

    def test_an_empty_batch_has_no_mean(self) -> None:
        watched = Watched()
        watched.work(a_batch(0))
        assert watched.value("evaluation_seconds_count", worker_kind="cpu") == 0

    def test_mishaps_are_counted_by_their_kind(self) -> None:
        watched = Watched()
        watched.work(BatchRetried("deadline"))
        watched.work(GenomeQuarantined("rsi_filter"))
        watched.work(QueueChanged(12, 4))
        assert watched.value("retries_total", reason="deadline") == 1
        assert watched.value("retries_total", reason="worker_died") == 0
        assert watched.value("quarantines_total", strategy="rsi_filter") == 1
        assert watched.value("quarantines_total", strategy="imagined") == 0
        assert watched.value("queue_genomes", state="waiting") == 12
        assert watched.value("queue_genomes", state="running") == 4


class TestCrew:
    def test_seats_are_actors_nodes_and_a_budget_of_cpus(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=3, memory=2)))
        assert watched.value("actors", **ONE) == 3
        assert watched.value("cpu_budget", **OTHER) == 2
        assert watched.value("nodes", worker_kind="cpu") == 1
        assert watched.value("nodes", worker_kind="local") == 0

    def test_a_machine_that_joins_has_counters_at_zero(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=1)))
        assert watched.value("batches_total", **ONE) == 0
        assert watched.value("evaluations_total", strategy="rsi_filter", result="failed", **ONE) == 0

    def test_the_gauges_of_a_machine_end_with_its_last_seat(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=2, memory=1)))
        watched.work(CrewChanged(seats(cpu=1)))
        assert watched.value("actors", **ONE) == 1
        assert watched.series("actors", node="other") == []
        assert watched.series("cpu_budget", node="other") == []
        assert watched.value("nodes", worker_kind="memory") == 0

    def test_its_counters_stay_for_an_hour_so_that_no_work_is_lost_to_view(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=1, memory=1)))
        watched.work(a_batch(5))
        watched.clock.advance(HOUR - 1)
        watched.work(CrewChanged(seats(memory=1)))
        assert watched.value("evaluations_total", strategy="imagined", result="ok", **ONE) == 5
        watched.clock.advance(2)
        watched.work(CrewChanged(seats(memory=1)))
        for name in ("evaluations_total", "batches_total", "work_seconds_total"):
            assert watched.series(name, node="one") == []
            assert watched.series(name, node="other") != []

    def test_machines_with_ever_new_names_do_not_pile_up(self) -> None:
        watched = Watched()
        for number in range(200):
            watched.work(CrewChanged([Seat(f"spot-{number}", "cpu")]))
            watched.clock.advance(HOUR / 4)
        assert len(watched.series("batches_total")) <= 5

    def test_a_machine_that_comes_back_in_time_counts_on(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=1)))
        watched.work(a_batch(1))
        watched.work(CrewChanged([]))
        watched.work(CrewChanged(seats(cpu=1)))
        watched.work(a_batch(1))
        assert watched.value("batches_total", **ONE) == 2


class TestCost:
    @pytest.mark.parametrize(
        ("crews", "cpu", "memory"),
        [
            ([seats(cpu=2)], 0.08, 0.0),
            ([seats(cpu=2, memory=1)], 0.08, 0.05),
            ([seats(cpu=2), seats(cpu=1, memory=4)], 0.12, 0.2),
            ([seats(cpu=1), [], seats(cpu=1)], 0.08, 0.0),
        ],
        ids=["one kind", "two kinds", "scaled", "idle in between"],
    )
    def test_it_is_seats_times_price_over_the_hours_that_they_were_there(
        self, crews: Sequence[Sequence[Seat]], cpu: float, memory: float
    ) -> None:
        watched = Watched()
        for crew in crews:
            watched.work(CrewChanged(crew))
            watched.clock.advance(HOUR)
        assert watched.value("cost_dollars_total", worker_kind="cpu") == pytest.approx(cpu)
        assert watched.value("cost_dollars_total", worker_kind="memory") == pytest.approx(memory)

    def test_it_grows_between_two_scrapes_without_any_event(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=1)))
        before = watched.value("cost_dollars_total", worker_kind="cpu")
        watched.clock.advance(HOUR / 2)
        assert before == 0
        assert watched.value("cost_dollars_total", worker_kind="cpu") == pytest.approx(0.02)

    def test_seats_of_this_machine_cost_nothing(self) -> None:
        watched = Watched()
        watched.work(CrewChanged([Seat("here", "local")]))
        watched.clock.advance(HOUR)
        assert watched.series("cost_dollars_total", worker_kind="local") == []
        assert watched.value("cost_dollars_total", worker_kind="cpu") == 0


class TestBudgets:
    def test_a_machine_shows_its_budget_beside_its_real_use_until_it_leaves(self) -> None:
        watched = Watched()
        watched.work(CrewChanged(seats(cpu=2)))
        watched.work(NodesMeasured([NodeCpu("one", "cpu", 2, 2.0, 0.75, 0.74)]))
        assert watched.value("node_cpu_budget", **ONE) == 0.75
        assert watched.value("node_cpu_use", **ONE) == 0.74
        watched.work(CrewChanged([]))
        assert watched.value("node_cpu_budget", **ONE) is None
        assert watched.value("node_cpu_use", **ONE) is None

    def test_one_that_left_before_it_was_measured_leaves_nothing_behind(self) -> None:
        watched = Watched()
        watched.work(NodesMeasured([NodeCpu("one", "cpu", 2, 2.0, 0.75, 0.74)]))
        assert watched.value("node_cpu_budget", **ONE) is None
