"""Small runs with floats that are hard to store."""

from dataclasses import fields, replace

import numpy as np

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import GenerationRecord, RunSpec
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.market.split import SplitRule

# Negative zero, the smallest subnormal, the largest double, and neighbours of simple fractions.
AWKWARD = (-0.0, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3, -1e-17)


def a_genome(number: int, strategy: str = "imagined") -> Genome:
    return Genome(strategy, (("fast", float(number)), ("slow", number / 3)))


def a_result(genome: Genome, score: float | None = None, error: str | None = None) -> Evaluation:
    """Return a scored evaluation full of awkward floats, or a failed one."""
    if error is not None:
        return Evaluation(genome, None, error)
    rng = np.random.default_rng(int(genome.fingerprint[:8], 16))
    numbers = [float(x) for x in rng.standard_normal(len(fields(Measures)))]
    numbers[: len(AWKWARD)] = AWKWARD
    measures = Measures(*numbers)
    fitness = float(rng.standard_normal()) if score is None else score
    return Evaluation(genome, Scored((fitness, -0.0), (fitness / 7,), measures, measures, (1 / 3,), AWKWARD))


def a_spec(run: str = "first", **changes: object) -> RunSpec:
    given: dict[str, object] = {
        "run": run,
        "seed": 7,
        "data": "imagined.csv",
        "data_digest": "d" * 64,
        "market_digest": "d" * 64,
        "preset": "quick",
        "problem_digest": "p" * 16,
        "symbol": "BTCUSD",
        "timeframe": "1h",
        "candles": 3_000,
        "split": SplitRule(),
        "costs": CostModel(),
        "settings": EvolutionSettings(population_size=4, generations=3),
        "objective": "sharpe",
        "strategies": ("imagined",),
        "left_out": (("funding_rate_carry", "the data has no funding"),),
        "version": "0.1.0",
    }
    return RunSpec(**{**given, **changes})  # type: ignore[arg-type] # one dictionary for all fields


def a_generation(
    number: int, first: int, size: int = 4, before: Population | None = None
) -> GenerationRecord:
    """Return a generation, its newborn numbered from ``first``; the best of the one before is its elite."""
    newborn = []
    for k in range(size):
        genome = a_genome(first + k)
        parents = tuple(one.genome.fingerprint for one in before.individuals[:2]) if before else ()
        candidate = Candidate(
            genome, "crossover" if parents else "initial", parents, ("fast",) if parents else ()
        )
        result = a_result(genome, error="it failed" if k == size - 1 else None)
        newborn.append(Individual(candidate, result, number))
    members = sorted(newborn, key=lambda one: -np.inf if one.fitness is None else -one.fitness)
    if before:
        best = before.individuals[0]
        members = [Individual(best.candidate, best.evaluation, best.born, elite=True), *members[:-1]]
    return GenerationRecord(Population(number, tuple(members)), tuple(newborn), 1.25, 1)


def a_history(generations: int = 3) -> list[GenerationRecord]:
    records: list[GenerationRecord] = []
    for number in range(generations):
        before = records[-1].population if records else None
        records.append(a_generation(number, 10 * number, before=before))
    return records


def a_dynasty(generations: int) -> list[GenerationRecord]:
    """Return a history in which the first generation's best lives on to the end, elite every other time."""
    records = a_history(generations)
    founder = records[0].population.individuals[0]
    return [records[0]] + [
        replace(
            record,
            population=Population(
                number, (replace(founder, elite=number % 2 == 1), *record.population.individuals[1:])
            ),
        )
        for number, record in enumerate(records[1:], start=1)
    ]
