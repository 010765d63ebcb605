"""What the cluster manager makes of the coordinator's metrics."""

from pathlib import Path

import pytest

from genepool.errors import ServiceUnavailable
from infrastructure.core.autoscaling import busy_nodes, cluster_load
from infrastructure.core.cluster import WorkerNode
from infrastructure.core.coordinator import NodeWork, Snapshot, parse_snapshot, read_snapshot
from infrastructure.core.costs import cost_report

METRICS = """\
# TYPE genepool_evaluations counter
genepool_evaluations_total{strategy="rsi",node="ray-worker-1-1",worker_kind="cpu",result="ok"} 90
genepool_evaluations_total{strategy="sma",node="ray-worker-1-1",worker_kind="cpu",result="failed"} 10
genepool_evaluations_total{strategy="rsi",node="ray-worker-2-1",worker_kind="memory",result="ok"} 50
# TYPE genepool_work_seconds counter
genepool_work_seconds_total{node="ray-worker-1-1",worker_kind="cpu"} 20.0
genepool_work_seconds_total{node="ray-worker-2-1",worker_kind="memory"} 10.0
# TYPE genepool_cpu_budget gauge
genepool_cpu_budget{node="ray-worker-1-1",worker_kind="cpu"} 4
genepool_cpu_budget{node="ray-worker-2-1",worker_kind="memory"} 2
# TYPE genepool_actors gauge
genepool_actors{node="ray-worker-1-1",worker_kind="cpu"} 4
genepool_actors{node="ray-worker-2-1",worker_kind="memory"} 0
# TYPE genepool_queue_genomes gauge
genepool_queue_genomes{state="waiting"} 300
genepool_queue_genomes{state="running"} 12
# TYPE genepool_run_state gauge
genepool_run_state{state="running"} 1
genepool_run_state{state="finished"} 0
# TYPE genepool_generation gauge
genepool_generation 3
# TYPE genepool_generations_target gauge
genepool_generations_target 25
# TYPE genepool_cost_dollars counter
genepool_cost_dollars_total{worker_kind="cpu"} 1.25
genepool_cost_dollars_total{worker_kind="memory"} 0.5
# TYPE genepool_budget_dollars gauge
genepool_budget_dollars 10
"""
NODES = [
    WorkerNode("ray-worker-1-1", "cpu", "running", True, frozenset({"genepool-ray-worker-1-1"})),
    WorkerNode("ray-worker-1-2", "cpu", "exited", False, frozenset({"genepool-ray-worker-1-2"})),
    WorkerNode("ray-worker-2-1", "memory", "running", True, frozenset({"genepool-ray-worker-2-1"})),
]


def looked(at: float, work: float, evaluations: float, waiting: float = 0, running: float = 0) -> Snapshot:
    node = NodeWork("cpu", cpus=2, actors=2, evaluations=evaluations, work_seconds=work)
    return Snapshot(at, waiting=waiting, running=running, nodes={"ray-worker-1-1": node})


def test_metrics_are_read_by_node_and_kind() -> None:
    snapshot = parse_snapshot(METRICS, at=5)
    assert snapshot.nodes["ray-worker-1-1"] == NodeWork("cpu", 4, 4, 100, 20)
    assert (snapshot.state, snapshot.waiting, snapshot.running) == ("running", 300, 12)
    assert (snapshot.generation, snapshot.generations_target) == (3, 25)
    assert snapshot.cost == {"cpu": 1.25, "memory": 0.5}


def test_a_coordinator_without_a_run_is_idle() -> None:
    assert parse_snapshot("", at=5) == Snapshot(at=5)


def test_queued_seconds_are_genomes_that_wait_at_the_recent_cost_of_one() -> None:
    before, after = looked(0, 100, 1_000), looked(10, 106, 1_030, waiting=50)
    load = cluster_load(NODES, before, after)
    assert load.queued_seconds == pytest.approx(50 * 6 / 30)
    assert load.used_cpus == pytest.approx(0.6)


def test_without_a_look_before_the_average_cost_counts() -> None:
    load = cluster_load(NODES, None, looked(10, 50, 100, waiting=8))
    assert load.queued_seconds == pytest.approx(4)
    assert load.used_cpus == 0


def test_work_that_waits_before_the_first_evaluation_has_no_cost_yet() -> None:
    assert cluster_load(NODES, None, Snapshot(1, waiting=500)).queued_seconds == 0


def test_a_restarted_coordinator_does_not_make_the_load_negative() -> None:
    load = cluster_load(NODES, looked(0, 500, 5_000), looked(10, 4, 40, waiting=10))
    assert load.used_cpus == pytest.approx(0.4)
    assert load.queued_seconds == pytest.approx(1)


def test_a_stopped_node_is_not_counted() -> None:
    groups = cluster_load(NODES, None, parse_snapshot(METRICS, at=5)).groups
    assert (groups["cpu"].nodes, groups["memory"].nodes) == (1, 1)
    assert (groups["cpu"].cpus_per_node, groups["memory"].cpus_per_node) == (4, 2)


def test_while_genomes_are_being_evaluated_every_node_with_actors_is_busy() -> None:
    assert busy_nodes(None, parse_snapshot(METRICS, at=5)) == {"ray-worker-1-1"}


def test_between_batches_the_nodes_whose_work_has_grown_are_busy() -> None:
    assert busy_nodes(looked(0, 5, 10), looked(1, 6, 12)) == {"ray-worker-1-1"}
    assert busy_nodes(looked(0, 6, 12), looked(1, 6, 12)) == set()


def test_a_busy_node_that_no_container_answers_to_still_counts() -> None:
    strangers = [WorkerNode("else-1", "cpu", "running", True), WorkerNode("else-2", "cpu", "running", True)]
    assert cluster_load(strangers, None, looked(0, 5, 10, running=3)).groups["cpu"].busy == 1


def test_the_cost_of_an_hour_is_that_of_the_cpus_granted_now() -> None:
    report = cost_report(parse_snapshot(METRICS, at=5), {"cpu": 0.04, "memory": 0.05})
    assert report.per_hour == pytest.approx({"cpu": 0.16, "memory": 0.10})
    assert report.hours_left == pytest.approx((10 - 1.75) / 0.26)


def test_without_a_budget_no_hours_are_left_to_count() -> None:
    assert cost_report(Snapshot(0), {"cpu": 0.04}).hours_left is None


def test_a_silent_coordinator_is_named_with_its_address(tmp_path: Path) -> None:
    address = (tmp_path / "nothing").as_uri()
    with pytest.raises(ServiceUnavailable, match=f"{address}.*is genetic-pool up"):
        read_snapshot(address, at=0)
