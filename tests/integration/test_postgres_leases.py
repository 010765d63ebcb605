"""Two coordinators never drive one run: leases and fencing on a real Postgres."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress

import numpy as np
import psycopg
import pytest

from genepool.adapters.store import SqlStore, open_sql_store
from genepool.adapters.store.leases import Leases
from genepool.errors import Fenced, StoreError
from tests.fakes.histories import a_generation, a_history, a_spec
from tests.fakes.postgres import count_rows, migrated_database, postgres_server
from tests.fakes.recorded import populations
from tests.fakes.tcp_proxy import TcpProxy

# Claims the run under the name it is given, says so, and stays.
HOLDER = """
import sys, time
from genepool.adapters.store import open_sql_store
store = open_sql_store(sys.argv[1], owner=sys.argv[2], lease_seconds=2.0, renewal_seconds=0.5)
store.claim("first")
print("claimed", flush=True)
time.sleep(60)
"""


@pytest.fixture
def database() -> Iterator[str]:
    with migrated_database() as name:
        with closing(open_sql_store(postgres_server().url(name))) as store:
            store.create(a_spec())
        yield name


@pytest.fixture
def url(database: str) -> str:
    return postgres_server().url(database)


@pytest.fixture
def raw(database: str) -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    with closing(postgres_server().connect(database)) as connection:
        yield connection


@pytest.fixture
def coordinator(url: str) -> Iterator[Callable[..., SqlStore]]:
    """Give coordinators whose leases are not renewed unless that is asked for."""
    made: list[SqlStore] = []

    def one(**settings: object) -> SqlStore:
        made.append(open_sql_store(url, **{"renewal_seconds": 1e6, **settings}))  # type: ignore[arg-type] # as given
        return made[-1]

    yield one
    for store in made:
        store.close()


def expire(raw: "psycopg.Connection[tuple[object, ...]]", seconds: float = 1.0) -> None:
    """Let every lease run out that long ago."""
    raw.execute("UPDATE runs SET lease_until = extract(epoch FROM clock_timestamp()) - %s", [seconds])


def epoch(raw: "psycopg.Connection[tuple[object, ...]]") -> object:
    return (raw.execute("SELECT epoch FROM runs WHERE name = 'first'").fetchone() or [None])[0]


def eventually(true: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


class TestClaims:
    def test_a_second_coordinator_is_refused_while_the_lease_lasts(
        self, coordinator: Callable[..., SqlStore]
    ) -> None:
        coordinator(owner="north").claim("first")
        with pytest.raises(StoreError, match=r"run first is owned by another process \(north\)"):
            coordinator().claim("first")

    def test_a_lease_that_ran_out_is_taken_over_and_counted(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        coordinator().claim("first")
        expire(raw)
        coordinator().claim("first")
        assert epoch(raw) == 2

    def test_claiming_again_counts_nothing(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        store = coordinator()
        store.claim("first")
        store.claim("first")
        assert epoch(raw) == 1

    def test_a_coordinator_of_the_same_name_takes_over_at_once_and_fences_the_one_before(
        self, coordinator: Callable[..., SqlStore]
    ) -> None:
        before, after = coordinator(owner="pool"), coordinator(owner="pool")
        before.claim("first")
        assert after.next_run() == "first"
        after.claim("first")
        with pytest.raises(Fenced):
            before.record("first", a_generation(0, 0))

    @pytest.mark.parametrize("end", ["close", "finish"])
    def test_who_ends_in_order_leaves_the_run_free_at_once(
        self, coordinator: Callable[..., SqlStore], end: str
    ) -> None:
        first = coordinator()
        first.claim("first")
        if end == "close":
            first.close()
        else:
            first.finish("first", "interrupted", None)
        coordinator().claim("first")

    def test_of_two_that_race_one_wins_each_time(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        for number in range(1, 9):
            racers = [coordinator(), coordinator()]
            expire(raw)
            start = threading.Barrier(2)
            with ThreadPoolExecutor(2) as threads:
                won = list(threads.map(lambda store, at=start: _claims(store, at), racers))
            assert sorted(won) == [False, True]
            assert epoch(raw) == number

    @pytest.mark.slow
    def test_a_killed_coordinator_stands_in_the_way_until_its_lease_ends(
        self, coordinator: Callable[..., SqlStore], url: str
    ) -> None:
        words = [sys.executable, "-c", HOLDER, url, "north"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "claimed\n"
            holder.kill()
        store = coordinator()
        with pytest.raises(StoreError, match="owned by another process"):
            store.claim("first")
        assert store.next_run() is None
        eventually(lambda: store.next_run() == "first")
        store.claim("first")


class TestRenewal:
    @pytest.mark.timed
    def test_a_lease_is_renewed_as_long_as_its_owner_lives(
        self, coordinator: Callable[..., SqlStore]
    ) -> None:
        coordinator(lease_seconds=0.6, renewal_seconds=0.1).claim("first")
        other = coordinator()
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            with pytest.raises(StoreError, match="owned by another process"):
                other.claim("first")

    @pytest.mark.timed
    def test_a_renewal_that_fails_is_tried_again_while_the_lease_lasts(
        self, coordinator: Callable[..., SqlStore], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failures = iter([StoreError("once")])

        def renew(leases: Leases, run: str, real: Callable[[Leases, str], None] = Leases.renew) -> None:
            for failure in failures:
                raise failure
            real(leases, run)

        monkeypatch.setattr(Leases, "renew", renew)
        coordinator(lease_seconds=0.6, renewal_seconds=0.1).claim("first")
        time.sleep(0.9)
        assert next(failures, None) is None
        with pytest.raises(StoreError, match="owned by another process"):
            coordinator().claim("first")

    def test_renewals_continue_when_the_server_is_back(self, database: str) -> None:
        server = postgres_server()
        with TcpProxy("127.0.0.1", server.port) as proxy:
            store = open_sql_store(server.url(database, proxy.port), lease_seconds=5.0, renewal_seconds=0.1)
            store.claim("first")
            with closing(server.connect(database)) as raw_connection:
                proxy.refuse()
                expire(raw_connection)
                proxy.admit()
                eventually(lambda: _lives(raw_connection))
            store.close()

    def test_a_lost_lease_is_not_taken_back(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        zombie = coordinator(renewal_seconds=0.05)
        zombie.claim("first")
        raw.execute("UPDATE runs SET epoch = epoch + 1, owner = 'south', lease_until = 17")
        time.sleep(0.3)
        assert raw.execute("SELECT owner, lease_until FROM runs").fetchone() == ("south", 17.0)


class TestFencing:
    def test_a_zombie_writes_nothing(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        zombie, leader = coordinator(), coordinator()
        zombie.claim("first")
        expire(raw)
        leader.claim("first")
        said = r"another coordinator owns run first \(claim 2, this one is 1\)"
        with pytest.raises(Fenced, match=said):
            zombie.record("first", a_generation(0, 0))
        with pytest.raises(Fenced, match=said):
            zombie.finish("first", "finished", "abc")
        tables = ("generations", "lineage", "individuals", "evaluations", "ledger", "genomes")
        for table in tables:
            assert count_rows(raw, table) == 0
        leader.record("first", a_generation(0, 0))
        assert leader.state("first") == "running"

    def test_a_write_that_waits_for_a_take_over_is_fenced(
        self,
        coordinator: Callable[..., SqlStore],
        database: str,
        raw: "psycopg.Connection[tuple[object, ...]]",
    ) -> None:
        zombie = coordinator()
        zombie.claim("first")
        with (
            closing(postgres_server().connect(database)) as other,
            ThreadPoolExecutor(1) as threads,
        ):
            other.autocommit = False
            other.execute("UPDATE runs SET epoch = epoch + 1, owner = 'south'")
            writing = threads.submit(zombie.record, "first", a_generation(0, 0))
            eventually(lambda: _waits_for_a_lock(raw))
            other.commit()
            assert isinstance(writing.exception(), Fenced)
        assert populations(zombie, "first") == []

    def test_a_run_that_somebody_claimed_takes_no_writes_without_a_claim(
        self, coordinator: Callable[..., SqlStore]
    ) -> None:
        coordinator().claim("first")
        with pytest.raises(Fenced):
            coordinator().record("first", a_generation(0, 0))

    @pytest.mark.slow
    def test_whatever_the_interleaving_each_generation_is_there_once(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        rng = np.random.default_rng(7)
        history = a_history(20)
        rivals = [coordinator(), coordinator(), coordinator()]
        with ThreadPoolExecutor(3) as threads:
            for record in history:
                taking = rivals[rng.integers(3)]
                raw.execute("UPDATE runs SET lease_until = 0")
                acts: list[Future[None]] = []
                for place in rng.permutation(4):
                    if place == 3:
                        acts.append(threads.submit(taking.claim, "first"))
                    else:
                        acts.append(threads.submit(rivals[place].record, "first", record))
                for act in acts:
                    with suppress(Fenced):
                        act.result()
                taking.record("first", record)
        assert populations(rivals[0], "first") == [record.population for record in history]
        epochs = [row[0] for row in raw.execute("SELECT epoch FROM generations ORDER BY number")]
        assert epochs == sorted(epochs)  # type: ignore[type-var] # they are numbers


class TestStates:
    def test_a_coordinator_that_restarts_does_not_read_as_a_failure(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        store = coordinator()
        store.claim("first")
        other = coordinator()
        assert other.summaries()[0].state == "running"
        expire(raw, 20)
        assert other.summaries()[0].state == "running"
        expire(raw, 61)
        assert other.summaries()[0].state == "interrupted"
        assert other.state("first") == "running"

    def test_an_orphan_is_found_when_its_lease_ended_and_goes_before_what_waits(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        store, other = coordinator(), coordinator()
        store.claim("first")
        store.create(a_spec("second"))
        store.submit("second")
        assert other.next_run() == "second"
        expire(raw)
        assert other.next_run() == "first"

    def test_a_claimed_run_cannot_be_queued(
        self, coordinator: Callable[..., SqlStore], raw: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        store, other = coordinator(), coordinator()
        store.claim("first")
        other.submit("first")
        assert store.state("first") == "running"
        expire(raw)
        other.submit("first")
        assert store.state("first") == "queued"


def _claims(store: SqlStore, start: threading.Barrier) -> bool:
    start.wait()
    try:
        store.claim("first")
    except StoreError:
        return False
    return True


def _lives(raw: "psycopg.Connection[tuple[object, ...]]") -> bool:
    query = "SELECT lease_until > extract(epoch FROM clock_timestamp()) FROM runs"
    return raw.execute(query).fetchone() == (True,)


def _waits_for_a_lock(raw: "psycopg.Connection[tuple[object, ...]]") -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return raw.execute(query).fetchone() != (0,)
