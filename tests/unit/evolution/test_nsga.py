"""Several scores are searched by non-dominated sorting."""

from collections.abc import Mapping

import numpy as np

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.engine import Engine
from genepool.evolution.operators import pareto_order
from genepool.evolution.population import Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Gene, Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.measures import Measures
from genepool.strategies import Strategy

NOTHING = Measures(*([0.0] * 20))
GENES = tuple(Gene(name, 0, 100, 1, 50, "A fake.", integer=True) for name in ("x", "y"))


def flat(bank: IndicatorBank, _genes: Mapping[str, float]) -> FloatArray:
    return np.zeros(len(bank.candles))


SPECIES = {"toy": Strategy("toy", "A fake.", "None.", GENES, flat, lambda _: 1)}


def rivals(genome: Genome) -> Evaluation:
    """Score towards (20, 50) and towards (80, 50): every point between them is a fair compromise."""
    x, y = genome.values["x"], genome.values["y"]
    scores = (-abs(x - 20) - abs(y - 50), -abs(x - 80) - abs(y - 50))
    return Evaluation(genome, Scored(scores, scores, NOTHING, NOTHING, (), ()))


def evolved(seed: int, size: int = 40, generations: int = 12) -> Population:
    engine = Engine(SPECIES, EvolutionSettings(population_size=size), seed)
    population, seen = None, set[str]()
    for _ in range(generations):
        asked = engine.ask(population, seen)
        seen |= {one.genome.fingerprint for one in asked}
        population = engine.tell(population, asked, [rivals(one.genome) for one in asked])
    assert population is not None
    return population


def test_fronts_come_in_order_and_the_extremes_of_a_front_first() -> None:
    scores = [(0.0, 0.0), (1.0, 5.0), (3.0, 3.0), (2.9, 3.2), (5.0, 1.0)]
    order = pareto_order(scores)
    assert order[-1] == 0
    assert set(order[:2]) == {1, 4}
    assert pareto_order([]) == []


def test_equal_distances_keep_their_order() -> None:
    assert pareto_order([(1.0, 1.0), (1.0, 1.0), (2.0, 0.0), (0.0, 2.0)])[:2] == [2, 3]
    assert pareto_order([(1.0, 1.0), (1.0, 1.0)]) == [0, 1]


def test_a_population_spreads_along_the_compromises() -> None:
    found = [one.genome.values["x"] for one in evolved(1).individuals if one.fitness is not None]
    assert sum(15 <= x <= 85 for x in found) >= 36
    assert min(found) <= 30
    assert max(found) >= 70
    assert sum(40 <= x <= 60 for x in found) >= 3


def test_the_population_still_stands_by_its_first_score() -> None:
    fitness = [one.fitness for one in evolved(2).individuals if one.fitness is not None]
    assert fitness == sorted(fitness, reverse=True)


def test_several_scores_are_as_repeatable_as_one() -> None:
    assert evolved(3, 20, 6) == evolved(3, 20, 6)
