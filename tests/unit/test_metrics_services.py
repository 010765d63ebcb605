"""What is shown of Redis, Postgres, the journal and Grafana."""

import pytest
from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus.services import ServiceMetrics
from genepool.ports import (
    AnnotationLost,
    CacheAnswered,
    CacheReachable,
    CacheTook,
    JournalHolds,
    StoreReachable,
    StoreTook,
    WriteRefused,
)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def services(registry: CollectorRegistry) -> ServiceMetrics:
    return ServiceMetrics(registry)


def test_a_service_that_nobody_asked_is_neither_up_nor_down(
    registry: CollectorRegistry, services: ServiceMetrics
) -> None:
    assert registry.get_sample_value("genepool_cache_up") is None
    services(CacheReachable(reachable=False))
    assert registry.get_sample_value("genepool_cache_up") == 0
    assert registry.get_sample_value("genepool_database_up") is None
    services(CacheReachable(reachable=True))
    services(StoreReachable(reachable=True))
    assert registry.get_sample_value("genepool_cache_up") == 1
    assert registry.get_sample_value("genepool_database_up") == 1


def test_lookups_are_counted_by_answer_from_zero(
    registry: CollectorRegistry, services: ServiceMetrics
) -> None:
    services(CacheAnswered("hit", 40))
    services(CacheAnswered("hit", 2))
    counts = {
        answer: registry.get_sample_value("genepool_cache_lookups_total", {"result": answer})
        for answer in ("hit", "miss", "corrupt")
    }
    assert counts == {"hit": 42, "miss": 0, "corrupt": 0}


def test_round_trips_are_timed_by_stage(registry: CollectorRegistry, services: ServiceMetrics) -> None:
    services(CacheTook("read", 0.004))
    services(StoreTook("record", 0.2))
    assert registry.get_sample_value("genepool_cache_seconds_sum", {"stage": "read"}) == 0.004
    assert registry.get_sample_value("genepool_cache_seconds_count", {"stage": "write"}) == 0
    assert registry.get_sample_value("genepool_database_seconds_sum", {"stage": "record"}) == 0.2


def test_the_journal_shows_what_the_history_has_yet_to_be_told(
    registry: CollectorRegistry, services: ServiceMetrics
) -> None:
    services(JournalHolds(3, 9_000))
    services(JournalHolds(1, 3_000))
    assert registry.get_sample_value("genepool_journal_generations") == 1
    assert registry.get_sample_value("genepool_journal_bytes") == 3_000


def test_refused_writes_and_failures_of_grafana_are_counted(
    registry: CollectorRegistry, services: ServiceMetrics
) -> None:
    services(WriteRefused())
    services(AnnotationLost())
    services(AnnotationLost())
    assert registry.get_sample_value("genepool_fenced_writes_total") == 1
    assert registry.get_sample_value("genepool_grafana_failures_total") == 2
