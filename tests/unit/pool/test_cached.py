"""The coat of the evaluator: one question to the cache a generation, and nothing paid for twice."""

from collections.abc import Sequence

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.errors import Interrupted, StoreError
from genepool.genome import Genome
from genepool.pool.cached import CachedEvaluator
from tests.fakes.histories import a_genome, a_result
from tests.fakes.memory import MemoryCache, MemoryEvaluator

GENOMES = [a_genome(k) for k in range(10)]


class CountingCache:
    def __init__(self) -> None:
        self.questions = 0
        self._inner = MemoryCache()

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        self.questions += 1
        return self._inner.get_many(genomes)

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        self._inner.put_many(evaluations)


def forget(_evaluations: Sequence[Evaluation]) -> None:
    pass


def test_results_come_in_the_order_asked_wherever_they_come_from() -> None:
    coat = CachedEvaluator(MemoryEvaluator(a_result, 3).evaluate, MemoryCache(), forget)
    coat.evaluate(GENOMES[4:6], forget)
    assert coat.evaluate(GENOMES, forget) == [a_result(genome) for genome in GENOMES]


def test_known_genomes_are_not_evaluated_again_and_are_counted() -> None:
    inner = MemoryEvaluator(a_result, 3)
    coat = CachedEvaluator(inner.evaluate, MemoryCache(), forget)
    coat.evaluate(GENOMES[:4], forget)
    assert coat.hits == 0
    coat.evaluate(GENOMES, forget)
    assert coat.hits == 4
    assert inner.evaluated == GENOMES


def test_the_cache_is_asked_once_a_generation() -> None:
    cache = CountingCache()
    coat = CachedEvaluator(MemoryEvaluator(a_result, 2).evaluate, cache, forget)
    coat.evaluate(GENOMES, forget)
    coat.evaluate(GENOMES, forget)
    assert cache.questions == 2


def test_failures_are_remembered_like_scores() -> None:
    inner = MemoryEvaluator(lambda genome: a_result(genome, error="no luck"))
    coat = CachedEvaluator(inner.evaluate, MemoryCache(), forget)
    first = coat.evaluate(GENOMES, forget)
    assert coat.evaluate(GENOMES, forget) == first
    assert len(inner.evaluated) == len(GENOMES)


def test_cached_answers_are_reported_as_one_batch_before_the_others() -> None:
    coat = CachedEvaluator(MemoryEvaluator(a_result, 3).evaluate, MemoryCache(), forget)
    coat.evaluate(GENOMES[5:7], forget)
    sizes: list[int] = []
    coat.evaluate(GENOMES, lambda batch: sizes.append(len(batch)))
    assert sizes == [2, 3, 3, 2]


def test_interrupted_it_keeps_what_was_finished_the_last_batch_included() -> None:
    kept: list[Evaluation] = []
    coat = CachedEvaluator(MemoryEvaluator(a_result, 3).evaluate, MemoryCache(), kept.extend)
    seen: list[Evaluation] = []

    def stop_after_six(batch: Sequence[Evaluation]) -> None:
        seen.extend(batch)
        if len(seen) == 6:
            raise Interrupted("enough")

    with pytest.raises(Interrupted):
        coat.evaluate(GENOMES, stop_after_six)
    assert kept == [a_result(genome) for genome in GENOMES[:6]]


def test_a_history_that_cannot_keep_them_does_not_hide_the_interrupt() -> None:
    def broken(_evaluations: Sequence[Evaluation]) -> None:
        raise StoreError("the disk is full")

    def stop(_batch: Sequence[Evaluation]) -> None:
        raise Interrupted("enough")

    with pytest.raises(Interrupted):
        CachedEvaluator(MemoryEvaluator(a_result).evaluate, MemoryCache(), broken).evaluate(GENOMES, stop)


def test_a_score_that_is_not_finite_is_a_failure_before_anything_keeps_it() -> None:
    coat = CachedEvaluator(
        MemoryEvaluator(lambda genome: a_result(genome, float("nan"))).evaluate, MemoryCache(), forget
    )
    (result,) = coat.evaluate(GENOMES[:1], forget)
    assert (result.fitness, result.scored) == (None, None)
