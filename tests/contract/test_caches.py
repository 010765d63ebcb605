"""What every fitness cache promises: losing it costs time, never truth."""

from collections.abc import Callable

import pytest

from genepool.adapters.memory import MemoryCache, MemoryStore
from genepool.backtest.evaluation import Evaluation
from genepool.pool.recalled import RecalledEvaluations
from genepool.ports import FitnessCache
from tests.fakes.histories import a_genome, a_result

CACHES: dict[str, Callable[[], FitnessCache]] = {
    "memory": MemoryCache,
    "history": lambda: RecalledEvaluations(MemoryStore(), "p" * 16),
}


@pytest.fixture(params=list(CACHES.values()), ids=list(CACHES))
def cache(request: pytest.FixtureRequest) -> FitnessCache:
    made: FitnessCache = request.param()
    return made


class TestFitnessCache:
    def test_an_empty_cache_knows_nothing(self, cache: FitnessCache) -> None:
        assert cache.get_many([a_genome(0), a_genome(1)]) == {}

    def test_what_was_put_comes_back_bit_for_bit_by_fingerprint(self, cache: FitnessCache) -> None:
        results = [a_result(a_genome(k)) for k in range(3)]
        cache.put_many(results)
        assert cache.get_many([a_genome(2), a_genome(0)]) == {
            a_genome(k).fingerprint: results[k] for k in (0, 2)
        }

    def test_strangers_are_left_out(self, cache: FitnessCache) -> None:
        cache.put_many([a_result(a_genome(0))])
        assert list(cache.get_many([a_genome(0), a_genome(9)])) == [a_genome(0).fingerprint]

    def test_failures_are_remembered_too(self, cache: FitnessCache) -> None:
        failed = Evaluation(a_genome(0), None, "it broke")
        cache.put_many([failed])
        assert cache.get_many([a_genome(0)]) == {a_genome(0).fingerprint: failed}

    def test_putting_twice_changes_nothing(self, cache: FitnessCache) -> None:
        for _ in range(2):
            cache.put_many([a_result(a_genome(0))])
        assert cache.get_many([a_genome(0)])[a_genome(0).fingerprint] == a_result(a_genome(0))

    def test_nothing_is_an_allowed_question_and_an_allowed_gift(self, cache: FitnessCache) -> None:
        cache.put_many([])
        assert cache.get_many([]) == {}


def test_the_history_is_asked_for_the_genomes_at_hand_only() -> None:
    store = MemoryStore()
    store.remember("p" * 16, [a_result(a_genome(k)) for k in range(3)])
    cache = RecalledEvaluations(store, "p" * 16)
    known = cache.get_many([a_genome(1), a_genome(7)])
    assert known == {a_genome(1).fingerprint: a_result(a_genome(1))}
