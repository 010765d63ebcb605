"""Every individual of a run as one row: the ledger that an outside statistician asks for."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from operator import itemgetter
from pathlib import Path

from genepool.adapters.export.csv_table import Cell, write_csv
from genepool.evolution.population import Individual
from genepool.market.measures import Measures

_BIRTH = (
    "generation",
    "fingerprint",
    "strategy",
    "operator",
    "parents",
    "changed",
    "fitness",
    "selection_score",
)
_MEASURES = tuple(field.name for field in fields(Measures))


def write_trials(path: Path, trials: Callable[[], Iterable[tuple[int, Individual]]]) -> int:
    """Write all individuals in the order in which they were asked for, failures included.

    Columns are the birth, the measures in sample (``in_sample.sharpe``) and walk-forward
    (``walk_forward.sharpe``), the reason of a failure, and one column per gene (``gene.fast``), empty
    for strategies that do not have it.

    Parameters
    ----------
    path
        The file.
    trials
        Yields individuals with the generation that first evaluated them; asked twice, first for the names
        of all genes, so that none of them is held.

    Returns
    -------
    int
        Rows written.
    """
    genes = sorted({name for _, individual in trials() for name, _ in individual.genome.genes})
    columns = [
        *_BIRTH,
        *(f"in_sample.{name}" for name in _MEASURES),
        *(f"walk_forward.{name}" for name in _MEASURES),
        "error",
        *(f"gene.{name}" for name in genes),
    ]
    return write_csv(path, columns, (_row(k, individual, genes) for k, individual in trials()))


def _row(generation: int, individual: Individual, genes: Iterable[str]) -> list[Cell]:
    candidate, evaluation = individual.candidate, individual.evaluation
    scored = evaluation.scored
    return [
        generation,
        candidate.genome.fingerprint,
        candidate.genome.strategy,
        candidate.operator,
        " ".join(candidate.parents),
        " ".join(candidate.changed),
        evaluation.fitness,
        evaluation.selection_score,
        *_measures(scored.in_sample if scored else None),
        *_measures(scored.walk_forward if scored else None),
        evaluation.error,
        *(candidate.genome.values.get(name) for name in genes),
    ]


def _measures(measures: Measures | None) -> tuple[Cell, ...]:
    return itemgetter(*_MEASURES)(asdict(measures)) if measures else (None,) * len(_MEASURES)
