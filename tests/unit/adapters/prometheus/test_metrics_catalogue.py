"""The catalogue keeps Prometheus' customs, and is what is really exported and documented."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus import Deployment, RunMetrics, exposition
from genepool.adapters.prometheus.catalogue import BY_NAME, CATALOGUE
from genepool.adapters.prometheus.metric import Metric
from genepool.adapters.prometheus.page import metrics_page
from tests.fakes.coordinators import BusyCoordinator
from tests.fakes.memory import ManualClock

ROOT = Path(__file__).resolve().parents[4]
LABELS = {"strategy", "node", "worker_kind", "result", "reason", "stage", "state", "stat", "version"}
# Those of HTTP and jobs: routes as they are declared, classes of status, kinds of jobs.
LABELS |= {"route", "status", "kind"}
MOST_SERIES = 1_000


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
class TestCustoms:
    def test_only_counters_are_called_total(self, metric: Metric) -> None:
        assert metric.name.startswith("genepool_")
        assert metric.name.endswith("_total") == (metric.kind == "counter")

    def test_the_name_tells_the_unit(self, metric: Metric) -> None:
        endings = ("_ratio", "_probability") if metric.unit == "ratio" else (metric.unit,)
        assert metric.name.removesuffix("_total").endswith(endings)

    def test_no_label_has_values_without_bound(self, metric: Metric) -> None:
        assert set(metric.labels) <= LABELS
        assert set(metric.values) <= set(metric.labels)

    def test_the_help_is_one_line_that_ends(self, metric: Metric) -> None:
        assert metric.help.endswith(".")
        assert "\n" not in metric.help

    def test_histograms_have_rising_buckets(self, metric: Metric) -> None:
        assert (metric.kind == "histogram") == bool(metric.buckets)
        assert list(metric.buckets) == sorted(set(metric.buckets))


def test_every_name_is_there_once() -> None:
    assert len(BY_NAME) == len(CATALOGUE)


def test_what_is_exported_is_the_catalogue() -> None:
    coordinator = BusyCoordinator()
    coordinator.advance()
    families = {family.name: family for family in coordinator.registry.collect()}
    ours = {name for name in families if name.startswith("genepool_")}
    assert ours == {metric.name.removesuffix("_total") for metric in CATALOGUE}
    assert all(families[name].samples for name in ours)


def test_only_foreseen_values_appear_in_labels() -> None:
    coordinator = BusyCoordinator()
    coordinator.advance()
    foreseen = {metric.name.removesuffix("_total"): metric.values for metric in CATALOGUE}
    for family in coordinator.registry.collect():
        for label, values in foreseen.get(family.name, {}).items():
            assert {sample.labels[label] for sample in family.samples} <= set(values)


def test_a_scrape_stays_small() -> None:
    coordinator = BusyCoordinator()
    coordinator.advance()
    lines = exposition(coordinator.registry).decode().splitlines()
    assert len([line for line in lines if not line.startswith("#")]) < MOST_SERIES
    assert not [line for line in lines if "_created" in line]


def test_two_coordinators_share_no_metric() -> None:
    one, other = BusyCoordinator(), BusyCoordinator()
    one.advance()
    assert one.registry.get_sample_value("genepool_generations_total") == 1
    assert other.registry.get_sample_value("genepool_generations_total") == 0


def test_a_registry_takes_one_coordinator_only() -> None:
    registry, deployment = CollectorRegistry(), Deployment("0.1.0", ("rsi_filter",))
    RunMetrics(registry, ManualClock(), deployment)
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        RunMetrics(registry, ManualClock(), deployment)


def test_the_page_is_up_to_date() -> None:
    committed = (ROOT / "docs/metrics.md").read_text()
    assert committed == metrics_page(), "run: python -m genepool.adapters.prometheus.page > docs/metrics.md"
