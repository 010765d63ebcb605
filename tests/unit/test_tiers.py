"""Caches in a row answer as one; what the slow one knew, the fast one knows afterwards."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreAway, StoreError
from genepool.genome import Genome
from genepool.pool.tiers import TieredCache
from tests.fakes.histories import a_genome, a_result
from tests.fakes.memory import MemoryCache

GENOMES = [a_genome(k) for k in range(4)]
RESULTS = [a_result(genome) for genome in GENOMES]
NAMES = [genome.fingerprint for genome in GENOMES]


class Broken(MemoryCache):
    """A cache that cannot be read."""

    def __init__(self, error: StoreError) -> None:
        super().__init__()
        self._error = error

    @override
    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        raise self._error


class Counted(MemoryCache):
    """A cache that notes what it was asked for."""

    asked: Sequence[Genome] = ()

    @override
    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        self.asked = list(genomes)
        return super().get_many(genomes)


def test_a_lower_tier_is_asked_for_the_rest_only_and_what_it_knew_moves_up() -> None:
    upper, lower = MemoryCache(), Counted()
    upper.put_many(RESULTS[:2])
    lower.put_many(RESULTS[:3])
    assert list(TieredCache([upper, lower]).get_many(GENOMES)) == NAMES[:3]
    assert lower.asked == GENOMES[2:]
    assert list(upper.get_many(GENOMES)) == NAMES[:3]


def test_a_lower_tier_is_left_alone_when_nothing_is_missing() -> None:
    upper, lower = MemoryCache(), Counted()
    upper.put_many(RESULTS)
    TieredCache([upper, lower]).get_many(GENOMES)
    assert lower.asked == ()


def test_new_results_are_put_into_every_tier() -> None:
    tiers = [MemoryCache(), MemoryCache()]
    TieredCache(tiers).put_many(RESULTS)
    assert [list(tier.get_many(GENOMES)) for tier in tiers] == [NAMES, NAMES]


def test_a_history_that_is_away_knows_nothing_and_a_damaged_one_is_an_error() -> None:
    upper = MemoryCache()
    upper.put_many(RESULTS[:1])
    away, damaged = Broken(StoreAway("it does not answer")), Broken(StoreError("it is damaged"))
    assert list(TieredCache([upper, away]).get_many(GENOMES)) == NAMES[:1]
    with pytest.raises(StoreError, match="it is damaged"):
        TieredCache([upper, damaged]).get_many(GENOMES)
