"""What is cached and journalled, as plain values (numbers, texts, lists), and back bit for bit.

A store that writes them needs a format that keeps the bits of a double and tells 1 from 1.0: msgpack does.
"""

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.genome import Genome
from genepool.market.measures import Measures, measures_from

# Numbers, texts, None, and lists of them.
Plain: TypeAlias = Any

# A truth is a number to Python; it is none here.
_NUMBERS = frozenset((float, int))


def scored_values(scored: Scored) -> Plain:
    """Return what a genome scored.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    return [
        _finite(scored.scores),
        _finite(scored.walk_forward_scores),
        _finite(_measures(scored.in_sample)),
        _finite(_measures(scored.walk_forward)),
        _finite(scored.fold_sharpes),
        _finite(scored.fold_returns),
    ]


def read_scored(values: Plain) -> Scored:
    """Read what ``scored_values`` returned.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    scores, walk_forward_scores, in_sample, walk_forward, sharpes, returns = _list(values, 6)
    return Scored(
        _numbers(scores),
        _numbers(walk_forward_scores),
        _read_measures(in_sample),
        _read_measures(walk_forward),
        _numbers(sharpes),
        _numbers(returns),
    )


def evaluation_values(evaluation: Evaluation) -> Plain:
    """Return a genome and its result.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    genome, scored = evaluation.genome, evaluation.scored
    genes = [list(gene) for gene in genome.genes]
    values = [genome.strategy, genes, None if scored is None else scored_values(scored), evaluation.error]
    return [*values, True] if evaluation.lost else values


def read_evaluation(values: Plain) -> Evaluation:
    """Read what ``evaluation_values`` returned.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    strategy, genes, scored, error, *lost = _list(values)
    if lost not in ([], [True]):
        raise ValueError("not a list of that length")
    pairs = [_list(gene, 2) for gene in _list(genes)]
    genome = Genome(_text(strategy), tuple((_text(name), _number(value)) for name, value in pairs))
    return Evaluation(
        genome,
        None if scored is None else read_scored(scored),
        None if error is None else _text(error),
        lost=bool(lost),
    )


def _measures(measures: Measures) -> list[float]:
    return [getattr(measures, name) for name in Measures.__slots__]


def _read_measures(values: Plain) -> Measures:
    numbers = _numbers(values)
    if len(numbers) != len(Measures.__slots__):
        raise ValueError("measures have another length")
    return measures_from(*numbers)


def _finite(numbers: Iterable[float]) -> list[float]:
    checked = list(numbers)
    if not all(map(math.isfinite, checked)):
        raise ValueError("a number is not finite")
    return checked


def _numbers(values: Plain) -> tuple[float, ...]:
    numbers = tuple(_list(values))
    if not (_NUMBERS.issuperset(map(type, numbers)) and all(map(math.isfinite, numbers))):
        raise ValueError("not finite numbers")
    return numbers


def _number(value: Plain) -> float:
    return _numbers([value])[0]


def _text(value: Plain) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - damage is one kind of error, whatever it looks like
    return value


def _list(value: Plain, length: int | None = None) -> list[Plain]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise ValueError("not a list of that length")
    return value
