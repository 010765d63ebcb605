"""Wires the service of one machine: no cluster, no journal, its own cores."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from genepool.bootstrap.acknowledging import acknowledged_log
from genepool.bootstrap.caches import fitness_front
from genepool.bootstrap.local_crew import LocalCrew
from genepool.bootstrap.node_desk import NodeDesk
from genepool.bootstrap.placement import on_this_machine
from genepool.bootstrap.service import Service
from genepool.bootstrap.stores import coordinator_name, open_store
from genepool.errors import Interrupted, StoreError
from genepool.pool.service_status import ServiceStatus
from genepool.pool.watchers import audience
from genepool.ports import Watcher
from genepool.resilience.time_limited_call import pause
from genepool.settings import Settings

_PAUSE_SECONDS = 3600.0


@contextmanager
def open_laptop(settings: Settings, watcher: Watcher, stopping: Callable[[], bool]) -> Iterator[Service]:
    """Yield a service whose runs are bred on this machine, and end its workers afterwards.

    Parameters
    ----------
    settings
        They name the history and the cache.
    watcher
        Told of everything that happens.
    stopping
        Tells whether the service has to stop.

    Raises
    ------
    StoreError
        When another service uses this home folder, or the history cannot be used.
    """
    status = ServiceStatus()
    desk = NodeDesk()
    crew = LocalCrew(on_this_machine(None, settings), desk, watcher)
    with _alone(settings), fitness_front(settings, audience([watcher, status])) as front:
        name = coordinator_name(settings)
        store = open_store(settings, name)
        try:
            with desk.following(store.nodes):
                yield Service(
                    work=lambda: _until(stopping),
                    ready=lambda: dict(status.answers),
                    hindrance=status.hindrance,
                    cpus=lambda: crew.workers,
                    history=store.identity(),
                    store=store,
                    crew=crew,
                    front=front,
                    name=name,
                    acknowledged=acknowledged_log(settings),
                )
        finally:
            crew.close()
            store.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep a second service off this folder: both would take jobs under one name."""
    file = settings.home / "service.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(file, timeout=0):
            yield
    except Timeout as error:
        raise StoreError(
            f"another `genepool serve` uses the folder {settings.home}: stop it, or set GENEPOOL_HOME"
        ) from error


def _until(stopping: Callable[[], bool]) -> None:
    with suppress(Interrupted):
        while True:
            pause(_PAUSE_SECONDS, stopping)
