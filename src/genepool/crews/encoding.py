"""Genomes and evaluations as they travel between a process and its workers.

Pickled as they are, evaluations would keep the leader of a large crew busy with nothing else.
Their numbers travel as one array of float64, bit for bit; genomes do not travel back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, repeat
from operator import attrgetter
from typing import TypeAlias

import numpy as np

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.frozen import maker
from genepool.genome import Genome
from genepool.market.candles import FloatArray
from genepool.market.measures import Measures, measures_from

_MEASURES = tuple(field.name for field in fields(Measures))
_measures = attrgetter(*_MEASURES)
_scored_from = maker(Scored)
_evaluation_from = maker(Evaluation)

# A genome as it travels, without what it has worked out about itself.
SentGenome: TypeAlias = tuple[str, tuple[tuple[str, float], ...]]


@dataclass(frozen=True, slots=True)
class SentEvaluations:
    """The evaluations of a batch, without its genomes.

    Parameters
    ----------
    failures
        Why a genome has no scores, by its place in the batch.
    lengths
        How many of the others follow each other with so many scores and so many folds: as a rule all.
    numbers
        Their numbers, one after the other.
    """

    failures: dict[int, str | None]
    lengths: tuple[tuple[int, int, int], ...]
    numbers: FloatArray


def pack_genomes(genomes: Sequence[Genome]) -> list[SentGenome]:
    """Return genomes as they travel."""
    return [(genome.strategy, genome.genes) for genome in genomes]


def unpack_genomes(sent: Sequence[SentGenome]) -> list[Genome]:
    """Return the genomes that were sent."""
    return [Genome(strategy, genes) for strategy, genes in sent]


def pack_evaluations(evaluations: Sequence[Evaluation]) -> SentEvaluations:
    """Return evaluations as they travel."""
    scored = [evaluation.scored for evaluation in evaluations if evaluation.scored is not None]
    return SentEvaluations(
        {place: one.error for place, one in enumerate(evaluations) if one.scored is None},
        tuple((len(list(group)), *lengths) for lengths, group in groupby(map(_lengths, scored))),
        _numbers(scored),
    )


def unpack_evaluations(genomes: Sequence[Genome], sent: SentEvaluations) -> list[Evaluation]:
    """Return the evaluations of the genomes that were sent."""
    found = _all_scored(sent)
    return [
        Evaluation(genome, None, sent.failures[place])
        if place in sent.failures
        else _evaluation_from(genome, next(found), None, False)
        for place, genome in enumerate(genomes)
    ]


def _lengths(scored: Scored) -> tuple[int, int]:
    return len(scored.scores), len(scored.fold_sharpes)


def _numbers(evaluated: Sequence[Scored]) -> FloatArray:
    numbers: list[float] = []
    for scored in evaluated:
        numbers += scored.scores
        numbers += scored.walk_forward_scores
        numbers += _measures(scored.in_sample)
        numbers += _measures(scored.walk_forward)
        numbers += scored.fold_sharpes
        numbers += scored.fold_returns
    return np.array(numbers, dtype=np.float64)


def _each(lengths: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    for count, scores, folds in lengths:
        yield from repeat((scores, folds), count)


def _all_scored(sent: SentEvaluations) -> Iterator[Scored]:
    numbers, start = sent.numbers.tolist(), 0
    for scores, folds in _each(sent.lengths):
        walked = start + scores
        inside = walked + scores
        outside = inside + len(_MEASURES)
        sharpes = outside + len(_MEASURES)
        returns = sharpes + folds
        end = returns + folds
        yield _scored_from(
            tuple(numbers[start:walked]),
            tuple(numbers[walked:inside]),
            measures_from(*numbers[inside:outside]),
            measures_from(*numbers[outside:sharpes]),
            tuple(numbers[sharpes:returns]),
            tuple(numbers[returns:end]),
        )
        start = end
