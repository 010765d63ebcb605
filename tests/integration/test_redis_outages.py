"""A Redis that is dead, frozen, locked, full, emptied or vandalised costs a little time and not one bit."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from genepool.adapters.redis import RedisCache, client_of
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool, evolve
from genepool.pool.recalled import RecalledEvaluations
from genepool.pool.tiers import TieredCache
from genepool.ports import FitnessCache
from tests.fakes.histories import a_genome, a_result, a_spec
from tests.fakes.memory import EventLog, ManualClock, MemoryEvaluator, MemoryStore
from tests.fakes.redis_server import PASSWORD, RedisServer, free_port, redis_server
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.species import SPECIES, hilly

pytestmark = pytest.mark.slow

GENOMES = [a_genome(k) for k in range(20)]
RESULTS = [a_result(genome) for genome in GENOMES]
# Three round trips without an answer, and what a busy machine adds; without a breaker it would be 20 s.
LOST_SECONDS = 3 * 0.05 + 0.85


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as started:
        yield started


@pytest.fixture
def fresh(server: RedisServer) -> RedisServer:
    server.configure(maxmemory=0, maxmemory_policy="allkeys-lru")
    server.empty()
    return server


@contextmanager
def opened(
    url: str, notes: ServiceNotes, clock: ManualClock, password: str | None = PASSWORD
) -> Iterator[RedisCache]:
    client = client_of(url, password)
    yield RedisCache(client, "p" * 16, lambda _: "1.1", notes, clock)
    client.close()


@contextmanager
def again_and_again(act: Callable[[], object]) -> Iterator[None]:
    """Do something in a loop on the side."""
    enough = threading.Event()

    def loop() -> None:
        while not enough.is_set():
            act()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


@contextmanager
def vandalised(server: RedisServer) -> Iterator[None]:
    """Overwrite whatever is there with garbage, all the time."""
    with server.client() as client:

        def smear() -> None:
            for key in client.scan_iter(count=1_000):
                client.set(key, b"\x01garbage", xx=True)

        with again_and_again(smear):
            yield


@contextmanager
def emptied(server: RedisServer) -> Iterator[None]:
    with server.client() as client, again_and_again(client.flushall):
        yield


@contextmanager
def killed(server: RedisServer) -> Iterator[None]:
    server.kill()
    try:
        yield
    finally:
        server.start()


@contextmanager
def starved(server: RedisServer, policy: str) -> Iterator[None]:
    server.configure(maxmemory="1mb", maxmemory_policy=policy)
    yield


@contextmanager
def read_only(server: RedisServer) -> Iterator[None]:
    with server.client() as client:
        client.execute_command("REPLICAOF", "127.0.0.1", "1")
        try:
            yield
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")


STATES: dict[str, Callable[[RedisServer], AbstractContextManager[None]]] = {
    "well": lambda _: nullcontext(),
    "killed": killed,
    "frozen": RedisServer.frozen,
    "emptied all the time": emptied,
    "vandalised all the time": vandalised,
    "evicting at 1 MB": partial(starved, policy="allkeys-lru"),
    "full": partial(starved, policy="noeviction"),
    "read-only": read_only,
}


def bred(cache: RedisCache | None = None) -> str:
    """Return the digest of a run with this cache in front of its history."""
    spec = a_spec(
        settings=EvolutionSettings(population_size=40, generations=12), strategies=("cycle", "slope")
    )
    store = MemoryStore()
    store.create(spec)
    tiers: list[FitnessCache] = [RecalledEvaluations(store, spec.problem_digest)]
    if cache:
        tiers.insert(0, cache)
    coat = CachedEvaluator(MemoryEvaluator(hilly).evaluate, TieredCache(tiers), lambda _: None)
    engine = Engine(SPECIES, spec.settings, spec.seed)
    return evolve(spec, Pool(engine, coat, store, EventLog(), ManualClock())).digest


@cache
def undisturbed() -> str:
    """Return the digest of a run without a cache."""
    return bred()


@pytest.mark.parametrize("state", list(STATES.values()), ids=list(STATES))
def test_whatever_state_redis_is_in_a_run_ends_in_the_same_digest(
    fresh: RedisServer, state: Callable[[RedisServer], AbstractContextManager[None]]
) -> None:
    with opened(fresh.url, ServiceNotes(), ManualClock()) as cache, state(fresh):
        cold, warm = bred(cache), bred(cache)
    assert cold == warm == undisturbed()


def test_a_second_run_is_answered_from_the_cache(fresh: RedisServer) -> None:
    notes = ServiceNotes()
    with fresh.client() as client:
        cache = RedisCache(client, "p" * 16, lambda _: "1.1", notes, ManualClock(), patience=30)
        bred(cache)
        asked, notes.answers = notes.answers.total(), type(notes.answers)()
        bred(cache)
    # One genome in eleven fails, and failures are not kept.
    assert notes.answers.total() == asked
    assert notes.answers["hit"] >= 0.8 * asked
    assert notes.answers["corrupt"] == 0


def test_a_run_goes_through_death_and_return_in_its_midst(fresh: RedisServer) -> None:
    notes, clock = ServiceNotes(), ManualClock(tick=0.2)
    with opened(fresh.url, notes, clock) as cache:
        bred(cache)
        with killed(fresh):
            during = bred(cache)
        clock.advance(60)
        after = bred(cache)
    assert during == after == undisturbed()
    assert notes.cache[:2] == [True, False]
    assert notes.cache[-1]


@pytest.mark.timed
@pytest.mark.parametrize("state", [killed, RedisServer.frozen], ids=["dead", "frozen"])
def test_a_redis_that_does_not_answer_costs_three_short_waits_and_then_nothing(
    fresh: RedisServer, state: Callable[[RedisServer], AbstractContextManager[None]]
) -> None:
    notes, clock = ServiceNotes(), ManualClock()
    with opened(fresh.url, notes, clock) as cache:
        cache.put_many(RESULTS)
        with state(fresh), capture_logs() as log:
            began = time.monotonic()
            for _ in range(200):
                assert cache.get_many(GENOMES) == {}
                cache.put_many(RESULTS)
            lost = time.monotonic() - began
        assert lost < LOST_SECONDS
        assert [(entry["event"], entry["log_level"]) for entry in log] == [("cache_away", "warning")]
        assert notes.answers == {"miss": 200 * len(GENOMES)}
        clock.advance(1.0)
        cache.put_many(RESULTS)
        assert len(cache.get_many(GENOMES)) == len(GENOMES)
    assert notes.cache == [True, False, True]
    # Those that failed are among them: two reads and a write, before nothing is asked any more.
    assert notes.trips == {"read": 3, "write": 3}


def test_a_redis_that_was_never_there_costs_nothing_either() -> None:
    notes = ServiceNotes()
    with opened(f"redis://127.0.0.1:{free_port()}/0", notes, ManualClock()) as cache:
        assert bred(cache) == undisturbed()
    assert notes.cache == [False]


def test_a_name_that_is_slow_to_resolve_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args: resolved.wait(30) and [])
    with opened("redis://redis:6379/0", ServiceNotes(), ManualClock()) as cache:
        began = time.monotonic()
        for _ in range(20):
            assert cache.get_many(GENOMES) == {}
        # The first question is waited for; the others fail at once while it hangs.
        assert time.monotonic() - began < LOST_SECONDS + 0.25
        resolved.set()


@pytest.mark.parametrize("password", ["wrong", None], ids=["wrong password", "no password"])
def test_a_locked_redis_is_one_that_is_away(fresh: RedisServer, password: str | None) -> None:
    notes = ServiceNotes()
    with opened(fresh.url, notes, ManualClock(), password) as cache, capture_logs() as log:
        assert bred(cache) == undisturbed()
    assert notes.cache == [False]
    assert [entry["event"] for entry in log] == ["cache_away"]
    assert "wrong" not in str(log[0]["reason"]).replace("WRONGPASS", "")


class Refusal(socketserver.StreamRequestHandler):
    """Answers whatever is said with the same refusal."""

    said = b""

    @override
    def handle(self) -> None:
        while line := self.rfile.readline():
            if line.startswith(b"*"):
                self.wfile.write(self.said)


# States that a real server is in for an instant only, or when its disk fails.
@pytest.mark.parametrize(
    "said",
    [
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-MISCONF Errors writing to disk\r\n",
        b"-MASTERDOWN Link with MASTER is down\r\n",
        b"$-1\r\n" * 3,
        b"garbage\r\n",
    ],
    ids=["loading", "misconfigured", "master down", "out of step", "another protocol"],
)
def test_a_server_that_says_no_or_nonsense_is_one_that_is_away(said: bytes) -> None:
    handler = type("Handler", (Refusal,), {"said": said})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as stub:
        stub.daemon_threads = True
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        notes = ServiceNotes()
        with opened(f"redis://127.0.0.1:{stub.server_address[1]}/0", notes, ManualClock(), None) as cache:
            assert bred(cache) == undisturbed()
        stub.shutdown()
    assert True not in notes.cache[1:]
