"""Suggest genomes that are like the good ones and unlike the rest: Optuna's Parzen estimator (TPE).

The strategy is a categorical parameter, its own genes are conditional on it, and the risk genes are the
same parameters for all strategies. Each generation has a study of its own, made of all that was recorded
and seeded by the number of the generation: nothing else is kept, so that nothing else must be saved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from genepool.backtest.habits import ReadHabits
from genepool.evolution.gene_tables import GeneTables
from genepool.evolution.population import Individual
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.optimizers._base import Optimizer, Search
from genepool.optimizers._batches import ModelSearch, value_of
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# Suggestions for one place before it is drawn at random.
_ATTEMPTS = 4
_SEEDS = 2**32


class ParzenModel:
    """Knows every result as a finished trial of Optuna.

    Parameters
    ----------
    strategies
        The species that take part, by name.
    seed
        The run's seed.
    """

    def __init__(self, strategies: Mapping[str, Strategy], seed: int) -> None:
        self._strategies, self._seed = strategies, seed
        self._tables = {name: GeneTables(strategy) for name, strategy in strategies.items()}
        self._trials: list[Any] = []

    def learn(self, born: Sequence[Individual]) -> None:
        """Add the results of a generation."""
        self._trials += map(self._trial, born)

    def batch(
        self, generation: int, room: int, _best_first: Sequence[Individual]
    ) -> Iterator[Iterator[Genome]]:
        """Yield the suggestions for each place; those that are still open count as bad ones."""
        study = self._study(generation)
        for _ in range(room):
            yield (self._suggested(study.ask()) for _ in range(_ATTEMPTS))

    def _study(self, generation: int) -> Any:  # noqa: ANN401 - optuna carries no types here
        import optuna  # noqa: PLC0415 - an optional extra

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        seed = int(generator(self._seed, Purpose.OPTIMIZER, generation).integers(_SEEDS))
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=False)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.add_trials(self._trials)
        return study

    def _suggested(self, trial: Any) -> Genome:  # noqa: ANN401 - as above
        strategy = self._strategies[trial.suggest_categorical("strategy", sorted(self._strategies))]
        parameters = zip(_parameters(strategy), strategy.all_genes, strict=True)
        indices = [trial.suggest_int(name, 0, gene.size - 1) for name, gene in parameters]
        return self._tables[strategy.name].genome_at(indices)

    def _trial(self, born: Individual) -> Any:  # noqa: ANN401 - as above
        from optuna.distributions import CategoricalDistribution, IntDistribution  # noqa: PLC0415
        from optuna.trial import create_trial  # noqa: PLC0415

        strategy = self._strategies[born.genome.strategy]
        names = _parameters(strategy)
        places = dict(zip(names, self._tables[strategy.name].indices_of(born.genome), strict=True))
        spans = (IntDistribution(0, gene.size - 1) for gene in strategy.all_genes)
        return create_trial(
            params={"strategy": strategy.name, **places},
            distributions={
                "strategy": CategoricalDistribution(sorted(self._strategies)),
                **dict(zip(names, spans, strict=True)),
            },
            value=value_of(born),
        )


def _parameters(strategy: Strategy) -> list[str]:
    """Return the parameter of each gene: a strategy's own are apart, the risk genes are shared."""
    own = [f"{strategy.name}.{gene.name}" for gene in strategy.genes]
    return own + [gene.name for gene in strategy.all_genes[len(own) :]]


def _begin(
    strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, _habits: ReadHabits
) -> Search:
    return ModelSearch(strategies, settings, seed, ParzenModel(strategies, seed))


OPTIMIZER = Optimizer(
    name="tpe",
    summary="Suggests genomes that resemble the good ones more than the rest (Optuna's Parzen estimator).",
    source="J. Bergstra et al., Algorithms for Hyper-Parameter Optimization, 2011",
    begin=_begin,
    needs=("optuna",),
)
