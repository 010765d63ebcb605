"""Everybody who watches the coordinator: metrics, log, pages, Grafana."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Protocol

from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.service import Watchers
from genepool.ports import Telemetry, WorkWatcher
from genepool.robustness.luck import Evidence
from genepool.settings import Settings
from genepool.strategies import seed_strategies


class Onlooker(Telemetry, WorkWatcher, Protocol):
    """Whoever watches both a run and its workers."""


@dataclass(frozen=True, slots=True)
class Meters:
    """What a coordinator shows.

    Parameters
    ----------
    watchers
        Who is told.
    exposition
        Gives all metrics in Prometheus' text format.
    """

    watchers: Watchers
    exposition: Callable[[], bytes]


@contextmanager
def open_meters(settings: Settings, board: Onlooker) -> Iterator[Meters]:
    """Yield the watchers of a coordinator.

    Parameters
    ----------
    settings
        They name prices, budget, the size of the cluster and Grafana.
    board
        What the pages show.
    """
    # Comes with an extra.
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    from genepool.adapters.prometheus import Deployment, RunMetrics, exposition  # noqa: PLC0415

    registry = CollectorRegistry()
    prices = {"cpu": settings.cpu_price, "memory": settings.memory_price}
    deployment = Deployment(
        version("genepool"), tuple(seed_strategies()), settings.expected_nodes, prices, settings.budget
    )
    metrics = RunMetrics(registry, SystemClock(), deployment)

    def weighed(evidence: Evidence) -> None:
        metrics.honesty(
            evidence.trials, evidence.sharpe, evidence.expected_best, evidence.deflated_probability
        )

    with _annotations(settings, metrics.services.grafana_failed) as notes:
        watchers = Watchers(
            [metrics.evolution, board, *notes],
            [metrics.work, board, *notes],
            metrics.services,
            weighed,
            metrics.evolution.run_stopping,
        )
        yield Meters(watchers, partial(exposition, registry))


@contextmanager
def _annotations(settings: Settings, failed: Callable[[], None]) -> Iterator[list[Onlooker]]:
    """Yield who marks runs in Grafana, nobody when none is configured."""
    if not settings.grafana_url:
        yield []
        return
    from genepool.adapters.grafana.annotations import GrafanaAnnotations  # noqa: PLC0415 - as above
    from genepool.adapters.grafana.connection import open_grafana  # noqa: PLC0415 - as above

    grafana = open_grafana(
        settings.grafana_url,
        settings.grafana_user,
        settings.grafana_password_file,
        settings.grafana_token_file,
    )
    notes = GrafanaAnnotations(grafana, failed)
    try:
        yield [notes]
    finally:
        notes.close()
