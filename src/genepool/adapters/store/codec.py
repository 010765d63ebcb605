"""Rows from domain objects, and back bit for bit."""

import json
from typing import Any, TypeAlias

from sqlalchemy import RowMapping

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.backtest.problem import ENGINE_VERSION
from genepool.errors import StoreError
from genepool.evolution.population import Candidate, Individual
from genepool.genome import Genome
from genepool.history import scored_text
from genepool.market.measures import Measures
from genepool.strategies import seed_strategies

Row: TypeAlias = dict[str, Any]

# Behind the rules of a result that says nothing of its genome.
_LOST = "-lost"


def rules_of(genome: Genome) -> str:
    """Return the version of all rules that a genome's score depends on, such as ``"1.2"``."""
    strategy = seed_strategies().get(genome.strategy)
    return f"{ENGINE_VERSION}.{strategy.version if strategy else 0}"


def _rules_under(evaluation: Evaluation) -> str:
    """Return the rules that a result is kept under; no rule made one that was lost with a worker."""
    return rules_of(evaluation.genome) + (_LOST if evaluation.lost else "")


def genome_row(genome: Genome) -> Row:
    """Return the row of ``genomes``."""
    return {
        "fingerprint": genome.fingerprint,
        "strategy": genome.strategy,
        "genes": json.dumps(genome.genes),
    }


def evaluation_row(problem_digest: str, evaluation: Evaluation) -> Row:
    """Return the row of ``evaluations``.

    Raises
    ------
    StoreError
        When a number is not finite: one NaN would top every leaderboard.
    """
    scored = evaluation.scored
    try:
        text = scored_text(scored)
    except ValueError as error:
        raise StoreError(
            f"the evaluation of {evaluation.genome.strategy} {evaluation.genome.fingerprint} holds a "
            "number that is not finite: history stores finite numbers or the reason for a failure"
        ) from error
    return {
        "problem_digest": problem_digest,
        "rules": _rules_under(evaluation),
        "fingerprint": evaluation.genome.fingerprint,
        "fitness": evaluation.fitness,
        "walk_forward_score": scored.walk_forward_scores[0] if scored else None,
        "scored": text,
        "error": None if scored else evaluation.error or "failed without a reason",
    }


def lineage_row(run_id: int, asked: int, individual: Individual) -> Row:
    """Return the row of ``lineage``."""
    candidate = individual.candidate
    return {
        "run_id": run_id,
        "generation": individual.born,
        "fingerprint": candidate.genome.fingerprint,
        "asked": asked,
        "operator": candidate.operator,
        "parents": json.dumps(candidate.parents),
        "changed": json.dumps(candidate.changed),
        "rules": _rules_under(individual.evaluation),
    }


def member_row(run_id: int, generation: int, slot: int, individual: Individual) -> Row:
    """Return the row of ``individuals``."""
    return {
        "run_id": run_id,
        "generation": generation,
        "slot": slot,
        "fingerprint": individual.genome.fingerprint,
        "born": individual.born,
        "elite": individual.elite,
        "fitness": individual.fitness,
    }


def read_evaluation(row: RowMapping) -> Evaluation:
    """Read a row of ``evaluations`` joined with ``genomes``."""
    genes = tuple((name, value) for name, value in json.loads(row["genes"]))
    genome = Genome(row["strategy"], genes)
    if row["scored"] is None:
        return Evaluation(genome, None, row["error"], lost=row["rules"].endswith(_LOST))
    return Evaluation(genome, _read_scored(json.loads(row["scored"])))


def read_individual(row: RowMapping, evaluation: Evaluation, *, elite: bool) -> Individual:
    """Read a row of ``lineage``; the evaluation is shared by all generations that hold it."""
    candidate = Candidate(
        evaluation.genome,
        row["operator"],
        tuple(json.loads(row["parents"])),
        tuple(json.loads(row["changed"])),
    )
    return Individual(candidate, evaluation, row["generation"], elite)


def _read_scored(fields: dict[str, Any]) -> Scored:
    lists = ("scores", "walk_forward_scores", "fold_sharpes", "fold_returns")
    return Scored(
        in_sample=Measures(**fields["in_sample"]),
        walk_forward=Measures(**fields["walk_forward"]),
        **{name: tuple(fields[name]) for name in lists},
    )
