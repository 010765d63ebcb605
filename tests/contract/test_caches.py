"""What every fitness cache promises: losing it costs time, never truth."""

from collections.abc import Callable, Iterator

import pytest

from genepool.adapters.redis import RedisCache
from genepool.backtest.evaluation import Evaluation
from genepool.pool.recalled import RecalledEvaluations
from genepool.pool.tiers import TieredCache
from genepool.ports import FitnessCache
from tests.fakes.histories import a_genome, a_result
from tests.fakes.memory import ManualClock, MemoryCache, MemoryStore
from tests.fakes.redis_server import RedisServer, redis_server
from tests.fakes.service_notes import ServiceNotes

PROBLEM = "p" * 16

CACHES: dict[str, Callable[[], FitnessCache]] = {
    "memory": MemoryCache,
    "history": lambda: RecalledEvaluations(MemoryStore(), PROBLEM),
    "tiers": lambda: TieredCache([MemoryCache(), MemoryCache()]),
}


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as started:
        yield started


@pytest.fixture(params=[*CACHES, "redis"])
def cache(request: pytest.FixtureRequest) -> Iterator[FitnessCache]:
    if request.param != "redis":
        yield CACHES[request.param]()
        return
    server: RedisServer = request.getfixturevalue("server")
    server.empty()
    client = server.client()
    yield RedisCache(client, PROBLEM, lambda _: "1.1", ServiceNotes(), ManualClock(), patience=30)
    client.close()


class TestFitnessCache:
    def test_an_empty_cache_knows_nothing(self, cache: FitnessCache) -> None:
        assert cache.get_many([a_genome(0), a_genome(1)]) == {}

    def test_what_was_put_comes_back_bit_for_bit_by_fingerprint(self, cache: FitnessCache) -> None:
        results = [a_result(a_genome(k)) for k in range(3)]
        cache.put_many(results)
        known = cache.get_many([a_genome(2), a_genome(0)])
        # Texts, because -0.0 equals 0.0.
        assert {name: repr(result) for name, result in known.items()} == {
            a_genome(k).fingerprint: repr(results[k]) for k in (0, 2)
        }

    def test_strangers_are_left_out(self, cache: FitnessCache) -> None:
        cache.put_many([a_result(a_genome(0))])
        assert list(cache.get_many([a_genome(0), a_genome(9)])) == [a_genome(0).fingerprint]

    def test_a_failure_is_remembered_as_it_was_or_not_at_all(self, cache: FitnessCache) -> None:
        failed = Evaluation(a_genome(0), None, "it broke")
        cache.put_many([failed])
        assert cache.get_many([a_genome(0)]) in ({a_genome(0).fingerprint: failed}, {})

    def test_putting_twice_changes_nothing(self, cache: FitnessCache) -> None:
        for _ in range(2):
            cache.put_many([a_result(a_genome(0))])
        assert cache.get_many([a_genome(0)])[a_genome(0).fingerprint] == a_result(a_genome(0))

    def test_nothing_is_an_allowed_question_and_an_allowed_gift(self, cache: FitnessCache) -> None:
        cache.put_many([])
        assert cache.get_many([]) == {}


def test_a_cache_in_this_process_and_the_history_remember_failures() -> None:
    failed = Evaluation(a_genome(0), None, "it broke")
    for name in ("memory", "history"):
        cache = CACHES[name]()
        cache.put_many([failed])
        assert cache.get_many([a_genome(0)]) == {a_genome(0).fingerprint: failed}


def test_the_history_is_asked_for_the_genomes_at_hand_only() -> None:
    store = MemoryStore()
    store.remember(PROBLEM, [a_result(a_genome(k)) for k in range(3)])
    cache = RecalledEvaluations(store, PROBLEM)
    known = cache.get_many([a_genome(1), a_genome(7)])
    assert known == {a_genome(1).fingerprint: a_result(a_genome(1))}
