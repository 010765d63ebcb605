"""Breed each generation from the last one: tournament, crossover, mutation, immigrants."""

from collections.abc import Mapping

from genepool.backtest.habits import ReadHabits
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.optimizers._base import Optimizer, Search
from genepool.strategies import Strategy


def _begin(
    strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, _habits: ReadHabits
) -> Search:
    return Engine(strategies, settings, seed)


OPTIMIZER = Optimizer(
    name="genetic",
    summary="Breeds a generation from the best of the last one, each strategy a species of its own.",
    source="J. H. Holland, Adaptation in Natural and Artificial Systems, 1975",
    begin=_begin,
)
