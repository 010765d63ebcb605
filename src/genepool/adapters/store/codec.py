"""Rows from domain objects, and back bit for bit: the one place that knows how columns are encoded."""

import json
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite
from sys import intern
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import RowMapping

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.errors import StoreError
from genepool.evolution.population import Candidate, Individual
from genepool.genome import Genome
from genepool.history import scored_text
from genepool.market.measures import Measures, measures_from

_MEASURES = tuple(Measures.__slots__)
_ENCODER = json.JSONEncoder(allow_nan=False)

# Behind the rules of a result that says nothing of its genome.
_LOST = "-lost"


def rules_of(genome: Genome) -> str:
    """Return the version of all rules that a genome's score depends on, such as ``"1.2"``."""
    # They are compiled with numba, which takes a second to load; reading a history needs none of them.
    from genepool.backtest.problem import ENGINE_VERSION  # noqa: PLC0415
    from genepool.strategies import seed_strategies  # noqa: PLC0415

    strategy = seed_strategies().get(genome.strategy)
    return f"{ENGINE_VERSION}.{strategy.version if strategy else 0}"


def _rules_under(evaluation: Evaluation) -> str:
    """Return the rules that a result is kept under; no rule made one that was lost with a worker."""
    return rules_of(evaluation.genome) + (_LOST if evaluation.lost else "")


class ResultRow(NamedTuple):
    """A genome and what it scored, as they are written; the texts of genes and scores are JSON."""

    fingerprint: str
    strategy: str
    genes: str
    rules: str
    fitness: float | None
    walk_forward_score: float | None
    scored: str | None
    error: str | None


class BirthRow(NamedTuple):
    """Where one of the newborn came from; texts are JSON."""

    operator: str
    parents: str
    changed: str


def birth_of(candidate: Candidate) -> BirthRow:
    """Return where a candidate came from as it is written."""
    return BirthRow(candidate.operator, _fingerprints_text(candidate.parents), _names_text(candidate.changed))


def result_of(evaluation: Evaluation) -> ResultRow:
    """Return an evaluation as it is written.

    Raises
    ------
    StoreError
        When a number is not finite: one NaN would top every leaderboard.
    """
    genome, scored = evaluation.genome, evaluation.scored
    try:
        text = scored_text(scored)
    except ValueError as error:
        raise StoreError(
            f"the evaluation of {genome.strategy} {genome.fingerprint} holds a number that is not finite: "
            "history stores finite numbers or the reason for a failure"
        ) from error
    return ResultRow(
        genome.fingerprint,
        genome.strategy,
        _genes_text(genome.genes),
        _rules_under(evaluation),
        evaluation.fitness,
        scored.walk_forward_scores[0] if scored else None,
        text,
        None if scored else evaluation.error or "failed without a reason",
    )


def read_json(stored: str) -> Any:  # noqa: ANN401 - whatever was written
    """Read JSON as ``json.loads`` does, bit for bit, in a third of its time."""
    try:
        return from_json(stored)
    except ValueError:
        # It knows no half of a surrogate pair; and what is no JSON is told in Python's words.
        return json.loads(stored)


def read_names(stored: str) -> tuple[str, ...]:
    """Read a column of names, such as the parents of a birth."""
    # Interned: a history of many genomes repeats few names.
    return tuple(map(intern, read_json(stored)))


def read_fingerprints(stored: str) -> tuple[str, ...]:
    """Read the same of fingerprints, which need no escape: a history has them by the million."""
    inner = stored[2:-2]
    return tuple(inner.split('", "')) if inner else ()


def scored_text_of(row: RowMapping) -> str | None:
    """Return what digests are made from, ``history.scored_text`` of a row's scores; None for a failure."""
    text: str | None = row["scored"]
    return text


def read_evaluation(row: RowMapping) -> Evaluation:
    """Read a row of ``evaluations`` joined with ``genomes``."""
    # Interned: a history of many genomes repeats few names.
    genes = tuple((intern(name), value) for name, value in read_json(row["genes"]))
    genome = Genome(intern(row["strategy"]), genes)
    if row["scored"] is None:
        return Evaluation(genome, None, row["error"], lost=row["rules"].endswith(_LOST))
    return Evaluation(genome, _read_scored(read_json(row["scored"])))


def read_individual(row: RowMapping, evaluation: Evaluation, *, elite: bool) -> Individual:
    """Read a row of ``lineage``; the evaluation is shared by all generations that hold it."""
    candidate = Candidate(
        evaluation.genome,
        row["operator"],
        read_names(row["parents"]),
        read_names(row["changed"]),
    )
    return Individual(candidate, evaluation, row["generation"], elite)


def _fingerprints_text(names: Sequence[str]) -> str:
    letters = "".join(names)
    if not (letters.isascii() and letters.isalnum()):
        return _ENCODER.encode(names)
    return '["' + '", "'.join(names) + '"]'


def _names_text(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_name_text, names))}]"


# A history of many genomes repeats few names.
@lru_cache(maxsize=4096)
def _name_text(name: str) -> str:
    return _ENCODER.encode(name)


def _genes_text(genes: Sequence[tuple[str, float]]) -> str:
    if not all(map(_is_plain, [value for _, value in genes])):
        return _ENCODER.encode(genes)
    return f"[{', '.join([f'[{_name_text(name)}, {value!r}]' for name, value in genes])}]"


def _is_plain(value: float) -> bool:
    """Tell whether JSON writes a number as Python does."""
    return type(value) is int or (type(value) is float and isfinite(value))


def _read_measures(fields: dict[str, float]) -> Measures:
    # Rows have them in the order of the fields, which a database that keeps no order may not.
    return measures_from(*fields.values()) if tuple(fields) == _MEASURES else Measures(**fields)


def _read_scored(fields: dict[str, Any]) -> Scored:
    lists = ("scores", "walk_forward_scores", "fold_sharpes", "fold_returns")
    return Scored(
        in_sample=_read_measures(fields["in_sample"]),
        walk_forward=_read_measures(fields["walk_forward"]),
        **{name: tuple(fields[name]) for name in lists},
    )
