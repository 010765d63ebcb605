"""Strategies without a market: their genomes are scored by arithmetic on the genes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.backtest.habits import Habits
from genepool.genome import Gene, Genome
from genepool.market.measures import Measures
from genepool.strategies import Strategy
from tests.fakes.scorers import NOTHING

SLOPE = Strategy(
    name="slope",
    summary="Pretends to follow a slope.",
    source="nobody",
    genes=(Gene("period", 2, 400, 1, 20, "Candles.", integer=True), Gene("band", 0, 1, 0.05, 0.1, "Share.")),
    exposure=lambda bank, _genes: np.zeros(len(bank.candles)),
    lookback=lambda genes: int(genes["period"]),
)
CYCLE = Strategy(
    name="cycle",
    summary="Pretends to follow a cycle.",
    source="nobody",
    genes=(Gene("length", 5, 300, 5, 50, "Candles.", integer=True),),
    exposure=lambda bank, _genes: np.zeros(len(bank.candles)),
    lookback=lambda genes: int(genes["length"]),
)
SPECIES = {"cycle": CYCLE, "slope": SLOPE}


def hilly(genome: Genome) -> Evaluation:
    """Score by a smooth hill with awkward bits; one genome in eleven fails."""
    total = sum(value * (k + 1) for k, (_, value) in enumerate(genome.genes))
    if int(genome.fingerprint, 16) % 11 == 0:
        return Evaluation(genome, None, "it was not to be")
    score = 1.0 / (1.0 + abs(total - 77.7)) + total / 3e5
    measures = Measures(**{**_zeros(), "sharpe": score})
    return Evaluation(genome, Scored((score,), (score / 3,), measures, measures, (score,), (0.1,)))


def trading(genome: Genome) -> Evaluation:
    """Score as ``hilly``, of a genome that trades as often and as long as its digits say."""
    evaluation = hilly(genome)
    if evaluation.scored is None:
        return evaluation
    often, held = _digits(genome, 0), _digits(genome, 1)
    measures = replace(
        evaluation.scored.in_sample, turnover=4.0 * often, trades=10.0, exposure=held / 256, candles=2_560.0
    )
    return replace(evaluation, scored=replace(evaluation.scored, in_sample=measures))


def habits_of(genomes: Sequence[Genome]) -> list[Habits | None]:
    """Say of each genome which side it holds, as its digits say; one in sixteen held nothing."""
    return [
        Habits(_digits(one, 2) / 255, _digits(one, 3) / 128 - 1.0) if _digits(one, 4) >= 16 else None
        for one in genomes
    ]


def _digits(genome: Genome, place: int) -> int:
    return int(genome.fingerprint[2 * place : 2 * place + 2], 16)


def _zeros() -> dict[str, float]:
    return {name: getattr(NOTHING, name) for name in Measures.__dataclass_fields__}
