"""Rows from domain objects, and back bit for bit: the one place that knows how columns are encoded."""

import json
from collections.abc import Sequence
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import RowMapping

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.errors import StoreError
from genepool.evolution.population import Candidate, Individual
from genepool.genome import Genome
from genepool.history import scored_text
from genepool.market.measures import Measures

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
    return BirthRow(candidate.operator, _json_of(candidate.parents), _json_of(candidate.changed))


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
        _json_of(genome.genes),
        _rules_under(evaluation),
        evaluation.fitness,
        scored.walk_forward_scores[0] if scored else None,
        text,
        None if scored else evaluation.error or "failed without a reason",
    )


def read_names(stored: str) -> tuple[str, ...]:
    """Read a column of names, such as the parents of a birth."""
    # Interned: a history of many genomes repeats few names.
    return tuple(map(intern, json.loads(stored)))


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
    genes = tuple((intern(name), value) for name, value in json.loads(row["genes"]))
    genome = Genome(intern(row["strategy"]), genes)
    if row["scored"] is None:
        return Evaluation(genome, None, row["error"], lost=row["rules"].endswith(_LOST))
    return Evaluation(genome, _read_scored(json.loads(row["scored"])))


def read_individual(row: RowMapping, evaluation: Evaluation, *, elite: bool) -> Individual:
    """Read a row of ``lineage``; the evaluation is shared by all generations that hold it."""
    candidate = Candidate(
        evaluation.genome,
        row["operator"],
        read_names(row["parents"]),
        read_names(row["changed"]),
    )
    return Individual(candidate, evaluation, row["generation"], elite)


def _json_of(values: Sequence[object]) -> str:
    return _ENCODER.encode(values)


def _read_scored(fields: dict[str, Any]) -> Scored:
    lists = ("scores", "walk_forward_scores", "fold_sharpes", "fold_returns")
    return Scored(
        in_sample=Measures(**fields["in_sample"]),
        walk_forward=Measures(**fields["walk_forward"]),
        **{name: tuple(fields[name]) for name in lists},
    )
