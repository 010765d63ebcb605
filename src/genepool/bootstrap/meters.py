"""The watchers of the coordinator: metrics, log, pages, Grafana."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from genepool.bootstrap.clock import SystemClock
from genepool.pool.watchers import audience
from genepool.ports import AnnotationLost, Watcher
from genepool.settings import Settings
from genepool.strategies import seed_strategies


@dataclass(frozen=True, slots=True)
class Meters:
    """What a coordinator shows.

    Parameters
    ----------
    watcher
        Told of everything that happens.
    exposition
        Gives all metrics in Prometheus' text format.
    """

    watcher: Watcher
    exposition: Callable[[], bytes]


@contextmanager
def open_meters(settings: Settings, board: Watcher) -> Iterator[Meters]:
    """Yield the watcher of a coordinator.

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

    with _annotations(settings, partial(metrics, AnnotationLost())) as notes:
        yield Meters(audience([metrics, board, *notes]), partial(exposition, registry))


@contextmanager
def _annotations(settings: Settings, failed: Callable[[], None]) -> Iterator[list[Watcher]]:
    """Yield the watcher that marks runs in Grafana; none without an address of Grafana."""
    if not settings.grafana_url:
        yield []
        return
    from genepool.adapters.grafana.annotations import GrafanaAnnotations  # noqa: PLC0415 - as above
    from genepool.adapters.grafana.grafana_client import open_grafana  # noqa: PLC0415 - as above

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
