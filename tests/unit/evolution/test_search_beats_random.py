"""The engine is a search: it finds what random draws do not."""

from collections.abc import Mapping
from statistics import median

import numpy as np
import pytest

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Gene, Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.measures import Measures
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

NOTHING = Measures(*([0.0] * 20))
BUDGET, SEEDS = 600, 5


def flat(bank: IndicatorBank, _genes: Mapping[str, float]) -> FloatArray:
    return np.zeros(len(bank.candles))


def a_strategy(name: str, periods: int) -> Strategy:
    genes = tuple(Gene(f"period_{k}", 2, 201, 1, 100, "Candles.", integer=True) for k in range(periods))
    return Strategy(name, "A fake.", "None.", genes, flat, lambda _: 1)


SPECIES = {f"seed_{k}": a_strategy(f"seed_{k}", 2 + k % 3) for k in range(8)}


def height(genome: Genome) -> float:
    """Return the height of a rugged landscape: one hill per species, ripples, and a little chance."""
    rng = generator(int(genome.strategy[-1]), Purpose.BENCHMARK)
    total = 0.3 * rng.random()
    for gene in SPECIES[genome.strategy].all_genes:
        place = gene.index(genome.values[gene.name]) / (gene.size - 1)
        total -= abs(place - rng.random()) * rng.random()
        total += 0.05 * ((7 * place) % 1.0)
    return total + 0.1 * int(genome.fingerprint[:4], 16) / 0xFFFF


def evolved(seed: int) -> float:
    engine = Engine(SPECIES, EvolutionSettings(population_size=40, evaluations=BUDGET), seed)
    population, seen = None, set[str]()
    while asked := engine.ask(population, seen):
        seen |= {one.genome.fingerprint for one in asked}
        told = []
        for one in asked:
            score = (height(one.genome),)
            told.append(Evaluation(one.genome, Scored(score, score, NOTHING, NOTHING, (), ())))
        population = engine.tell(population, asked, told)
    assert population is not None
    assert len(seen) == BUDGET
    return max(one.fitness for one in population.individuals if one.fitness is not None)


def drawn(seed: int) -> list[float]:
    names = sorted(SPECIES)
    rngs = [generator(seed, Purpose.BENCHMARK, 1, slot) for slot in range(BUDGET)]
    return [height(SPECIES[names[int(rng.integers(len(names)))]].random_genome(rng)) for rng in rngs]


@pytest.mark.slow
def test_the_engine_beats_random_search_by_a_wide_margin() -> None:
    random_heights = [drawn(seed) for seed in range(SEEDS)]
    spread = float(np.std(random_heights[0]))
    best_drawn = [max(heights) for heights in random_heights]
    best_evolved = [evolved(seed) for seed in range(SEEDS)]
    assert min(best_evolved) > max(best_drawn)
    assert median(best_evolved) > median(best_drawn) + 0.5 * spread
