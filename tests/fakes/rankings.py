"""The leaderboard of individuals that are at hand, without a run."""

from collections.abc import Iterable
from dataclasses import replace

from genepool.evolution.population import Individual
from genepool.history import leaderboard
from genepool.pool.births import Births
from genepool.pool.ranking import Ranking, RankingFold


def ranking_of(individuals: Iterable[Individual]) -> Ranking:
    """Return the whole leaderboard."""
    everybody, births = list(individuals), Births()
    for individual in everybody:
        births.take(individual.born, individual)
    fold = RankingFold(births)
    fold.take(everybody)
    return replace(fold.result(), board=tuple(leaderboard(everybody)))
