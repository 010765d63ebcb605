"""A stand-in for the backtest that wants more memory than there is, importable by worker processes."""

from collections.abc import Sequence

import numpy as np

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from tests.fakes import scorers

# Four gigabytes, piece by piece and written to, so that memory fills up before it ends.
PIECES, PIECE = 64, 2**26


def greedy(problem: Problem, genomes: Sequence[Genome], bank: IndicatorBank) -> list[Evaluation]:
    """Take four gigabytes whenever a poisonous genome is in the batch."""
    if any(genome.values["number"] == scorers.POISON for genome in genomes):
        pieces = [np.ones(PIECE, dtype=np.uint8) for _ in range(PIECES)]
        assert len(pieces) == PIECES
    return scorers.arithmetic(problem, genomes, bank)
