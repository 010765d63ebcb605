"""A real Prometheus scrapes what a coordinator exports, and our rules make something of it."""

import time
from collections.abc import Iterator

import pytest
import yaml

from genepool.adapters.prometheus.catalogue import CATALOGUE
from tests.fakes.coordinators import BusyCoordinator
from tests.fakes.metric_series import series_of
from tests.fakes.prometheus_server import MONITORING, Exporter, PrometheusServer, prometheus_server

pytestmark = pytest.mark.slow

RECORDED = tuple(
    rule["record"]
    for group in yaml.safe_load((MONITORING / "prometheus/rules/recording.yml").read_text())["groups"]
    for rule in group["rules"]
)
_PATIENCE_SECONDS = 30


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """Return a Prometheus that has watched a coordinator for a few generations."""
    coordinator = BusyCoordinator()
    exporter = Exporter(coordinator.registry)
    try:
        targets = {"genetic-pool": exporter.address}
        with prometheus_server(tmp_path_factory.mktemp("prometheus"), targets) as server:
            for _ in range(4):
                coordinator.advance()
                exporter.wait_for_scrape()
            yield server
    finally:
        exporter.close()


def soon(prometheus: PrometheusServer, expression: str) -> list[dict[str, object]]:
    """Ask until something is found: rules are evaluated twice a second."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not (found := prometheus.query(expression)) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def test_the_coordinator_is_a_healthy_target(prometheus: PrometheusServer) -> None:
    (target,) = prometheus.ask("targets")["activeTargets"]
    assert (target["labels"]["job"], target["health"], target["lastError"]) == ("genetic-pool", "up", "")


@pytest.mark.parametrize("series", [name for metric in CATALOGUE for name in series_of(metric)])
def test_every_metric_of_the_catalogue_arrives(prometheus: PrometheusServer, series: str) -> None:
    assert soon(prometheus, series)


@pytest.mark.parametrize("name", RECORDED)
def test_every_recording_rule_returns_data(prometheus: PrometheusServer, name: str) -> None:
    assert soon(prometheus, name)


def test_no_rule_breaks_off(prometheus: PrometheusServer) -> None:
    soon(prometheus, "ALERTS")
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    broken = {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] != "ok"}
    assert broken == {}


def test_the_watchdog_barks(prometheus: PrometheusServer) -> None:
    assert soon(prometheus, 'ALERTS{alertname="Watchdog", alertstate="firing"}')


def test_types_and_meanings_arrive_as_the_catalogue_has_them(prometheus: PrometheusServer) -> None:
    metadata = prometheus.ask("metadata")
    told = {metric.name: (metric.kind, metric.help) for metric in CATALOGUE}
    heard = {name: (metadata[name][0]["type"], metadata[name][0]["help"]) for name in told}
    assert heard == told
