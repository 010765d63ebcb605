"""What is wrong inside of Redis is a miss: counted, deleted, and never executed."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from genepool.adapters.redis import RedisCache, client_of
from genepool.adapters.redis.values import key_of
from genepool.backtest.evaluation import Evaluation
from genepool.errors import ConfigError
from genepool.genome import Genome
from tests.fakes.histories import a_genome, a_result
from tests.fakes.memory import ManualClock
from tests.fakes.redis_server import RedisServer, redis_server
from tests.fakes.service_notes import ServiceNotes

PROBLEM = "p" * 16
GENOMES = [a_genome(k) for k in range(4)]
RESULTS = [a_result(genome) for genome in GENOMES]
KEYS = [key_of(PROBLEM, "1.1", genome.fingerprint) for genome in GENOMES]

BAD: dict[str, Callable[[bytes], bytes]] = {
    "random bytes": lambda value: bytes(byte ^ 0x5A for byte in value),
    "empty": lambda _: b"",
    "truncated": lambda value: value[:-1],
    "an older schema": lambda value: b"\0" + value[1:],
    "a pickle bomb": lambda _: b"cos\n_exit\n(I1\ntR.",
    "a huge value": lambda value: value * 10_000,
}


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as started:
        yield started


@pytest.fixture
def notes() -> ServiceNotes:
    return ServiceNotes()


@pytest.fixture
def cache(server: RedisServer, notes: ServiceNotes) -> Iterator[RedisCache]:
    server.empty()
    client = server.client()
    yield RedisCache(client, PROBLEM, lambda _: "1.1", notes, ManualClock(), patience=30)
    client.close()


@pytest.mark.parametrize("bad", list(BAD.values()), ids=list(BAD))
def test_an_entry_that_is_not_ours_is_a_miss_that_is_counted_and_deleted(
    server: RedisServer, cache: RedisCache, notes: ServiceNotes, bad: Callable[[bytes], bytes]
) -> None:
    cache.put_many(RESULTS)
    with server.client() as client:
        client.set(KEYS[1], bad(bytes(client.get(KEYS[1]) or b"")))
        known = cache.get_many(GENOMES)
        assert known == {result.genome.fingerprint: result for result in RESULTS if result is not RESULTS[1]}
        assert notes.answers == {"hit": 3, "corrupt": 1}
        assert client.exists(*KEYS) == 3


def test_another_genomes_value_is_not_taken(
    server: RedisServer, cache: RedisCache, notes: ServiceNotes
) -> None:
    cache.put_many(RESULTS[:1])
    with server.client() as client:
        client.copy(KEYS[0], KEYS[1])
    assert cache.get_many(GENOMES) == {GENOMES[0].fingerprint: RESULTS[0]}
    assert notes.answers == {"hit": 1, "corrupt": 1, "miss": 2}


def test_a_key_that_holds_no_value_at_all_is_a_miss_and_is_overwritten(
    server: RedisServer, cache: RedisCache
) -> None:
    with server.client() as client:
        client.rpush(KEYS[0], "a", "list")
    assert cache.get_many(GENOMES[:1]) == {}
    cache.put_many(RESULTS[:1])
    assert cache.get_many(GENOMES[:1]) == {GENOMES[0].fingerprint: RESULTS[0]}


def test_failures_are_not_kept(server: RedisServer, cache: RedisCache) -> None:
    cache.put_many([Evaluation(GENOMES[0], None, "its worker was killed")])
    with server.client() as client:
        assert client.dbsize() == 0


def test_entries_expire_after_thirty_days(server: RedisServer, cache: RedisCache) -> None:
    cache.put_many(RESULTS[:1])
    with server.client() as client:
        assert 29 * 86_400 < int(client.ttl(KEYS[0])) <= 30 * 86_400


def test_a_generation_costs_one_round_trip_each_way(cache: RedisCache, notes: ServiceNotes) -> None:
    genomes = [a_genome(k) for k in range(500)]
    cache.put_many([a_result(genome) for genome in genomes])
    assert len(cache.get_many(genomes)) == 500
    assert notes.trips == {"write": 1, "read": 1}
    assert notes.cache == [True]


def test_larger_ones_are_cut_into_parts(cache: RedisCache, notes: ServiceNotes) -> None:
    genomes = [a_genome(k) for k in range(1_201)]
    cache.put_many([a_result(genome) for genome in genomes])
    assert len(cache.get_many(genomes)) == 1_201
    assert notes.trips == {"write": 3, "read": 3}


def test_rules_and_problems_are_kept_apart(server: RedisServer, cache: RedisCache) -> None:
    cache.put_many(RESULTS)
    for problem, rules in (("q" * 16, "1.1"), (PROBLEM, "1.2")):
        client = server.client()
        other = RedisCache(
            client, problem, partial(_always, rules), ServiceNotes(), ManualClock(), patience=30
        )
        assert other.get_many(GENOMES) == {}
        client.close()


def _always(rules: str, _genome: Genome) -> str:
    return rules


def test_an_url_of_something_else_is_refused_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match="GENEPOOL_REDIS_URL names no Redis"):
        client_of("postgresql://somewhere")
