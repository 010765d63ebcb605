"""How the next genomes are chosen, one file each; a new file is found, tested and documented by itself."""

import sys
from collections.abc import Mapping
from functools import cache

from genepool.backtest.habits import ReadHabits
from genepool.errors import ConfigError
from genepool.evolution.settings import EvolutionSettings
from genepool.optimizers._base import Optimizer, Search
from genepool.plugins import discover
from genepool.strategies import Strategy

__all__ = ["Optimizer", "Search", "optimizers", "search_of"]


@cache
def optimizers() -> dict[str, Optimizer]:
    """Return every optimizer by name, sorted."""
    return discover(sys.modules[__name__], "OPTIMIZER", Optimizer)


def search_of(
    strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, habits: ReadHabits
) -> Search:
    """Begin the search that a run's settings name.

    Parameters
    ----------
    strategies
        The species that take part, by name.
    settings
        How the run searches.
    seed
        The run's seed, not negative.
    habits
        Says how genomes traded; asked by an optimizer that wants to know.

    Raises
    ------
    ConfigError
        When there is no such optimizer, a package of it is missing, or no strategy takes part.
    """
    optimizer = optimizers().get(settings.optimizer)
    if optimizer is None:
        raise ConfigError(
            f"there is no optimizer {settings.optimizer!r}: choose from {', '.join(optimizers())}"
        )
    optimizer.check()
    return optimizer.begin(strategies, settings, seed, habits)
