"""A run in front of a real Postgres that freezes, or dies and comes back, keeps its pace."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from psycopg.sql import SQL, Identifier

from genepool.adapters.store import open_sql_store, upgrade_layout
from genepool.errors import StoreError
from tests.fakes.clocks import RealClock
from tests.fakes.histories import a_spec
from tests.fakes.journaled_store import JournaledStore
from tests.fakes.postgres import Server, docker, durable_server
from tests.fakes.recorded import populations
from tests.fakes.recorder import generations
from tests.fakes.service_notes import ServiceNotes

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

WORK_SECONDS = 0.2
OUTAGE_SECONDS = 3.0
# Until the first question is given up.
NOTICED_SECONDS = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with durable_server() as started:
        yield started


@pytest.fixture
def url(server: Server) -> str:
    # Not dropped: no connection outlives what is done to the server, and the server goes as a whole.
    name = f"test_{uuid.uuid4().hex[:12]}"
    with closing(server.connect()) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    upgrade_layout(server.url(name))
    return server.url(name)


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    docker("pause", server.container)
    try:
        yield
    finally:
        docker("unpause", server.container)
        server.wait()


@contextmanager
def killed(server: Server) -> Iterator[None]:
    docker("kill", server.container)
    try:
        yield
    finally:
        docker("start", server.container)
        server.wait()


@dataclass
class Breeder:
    """Breeds generations of a fixed cost, as the loop does: ask the cache, work, record."""

    store: JournaledStore
    count: int = 0

    def __post_init__(self) -> None:
        self._coming = generations(1_000_000)

    def breed(self, seconds: float) -> float:
        """Return how many generations a second were acknowledged."""
        began, bred = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            record = next(self._coming)
            names = [individual.genome.fingerprint for individual in record.newborn]
            assert self.store.evaluations("p" * 16, names) == {}
            assert not self.store.stop_requested(a_spec().run)
            threading.Event().wait(WORK_SECONDS)
            self.store.record(a_spec().run, record)
            bred += 1
        self.count += bred
        return bred / (time.monotonic() - began)


@pytest.mark.timed
def test_a_run_keeps_its_pace_and_catches_up(server: Server, url: str, tmp_path: Path) -> None:
    notes = ServiceNotes()
    store = JournaledStore(open_sql_store(url, owner="breeder"), tmp_path, notes, RealClock())
    store.create(a_spec())
    store.claim(a_spec().run)
    breeder = Breeder(store)
    breeder.breed(0.5)
    before = breeder.breed(1.5)
    for fault in (frozen, killed):
        notes.store.clear()
        with fault(server):
            during = breeder.breed(OUTAGE_SECONDS)
            during *= OUTAGE_SECONDS / (OUTAGE_SECONDS - NOTICED_SECONDS)
            assert notes.held[-1][0] >= 0.9 * (OUTAGE_SECONDS - NOTICED_SECONDS) * before
        back = time.monotonic()
        stored = populations(store, a_spec().run)
        caught_up = time.monotonic() - back
        structlog.get_logger().info("pace", before=before, during=during, caught_up=caught_up)
        assert during >= 0.95 * before
        assert caught_up < 60
        assert [repr(one) for one in stored] == [repr(one.population) for one in generations(breeder.count)]
        assert False in notes.store
        assert notes.store[-1]
    store.finish(a_spec().run, "finished", "abc")
    store.close()


def test_a_coordinator_that_was_replaced_during_the_outage_writes_nothing_more(
    server: Server, url: str, tmp_path: Path
) -> None:
    notes = ServiceNotes()
    coming = list(generations(4))
    store = JournaledStore(open_sql_store(url, owner="old"), tmp_path / "old", notes, RealClock())
    store.create(a_spec())
    store.claim(a_spec().run)
    store.record(a_spec().run, coming[0])
    populations(store, a_spec().run)
    with closing(server.connect(url.rsplit("/", 1)[1])) as connection:
        connection.execute("UPDATE runs SET owner = 'new', epoch = epoch + 1")
    store.record(a_spec().run, coming[1])
    with pytest.raises(StoreError, match="another coordinator owns run first"):
        populations(store, a_spec().run)
    assert notes.fences == 1
    store.close()
    with closing(open_sql_store(url)) as history:
        assert len(populations(history, a_spec().run)) == 1
