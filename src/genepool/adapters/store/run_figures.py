"""What a list says of each run: counted once when a run ends, at every look before."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, select, update

from genepool.adapters.store.tables import evaluations, generations, individuals, lineage, runs
from genepool.history import RunSpec, RunState, RunSummary

# The worse of two, and no number where one is missing: the two engines have no function in common.
SCORE: ColumnElement[float] = case(
    (evaluations.c.fitness < evaluations.c.walk_forward_score, evaluations.c.fitness),
    else_=evaluations.c.walk_forward_score,
)
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("evaluated", "best_fitness", "champion", "champion_born", "champion_score")
)


def evaluated() -> ColumnElement[int]:
    """Return how many unique genomes a row of ``runs`` evaluated."""
    unique = select(func.count(lineage.c.fingerprint.distinct())).where(lineage.c.run_id == runs.c.id)
    return _counted_or(runs.c.evaluated, unique)


def best_fitness() -> ColumnElement[float]:
    """Return the best fitness of any member of a row of ``runs``."""
    highest = select(func.max(individuals.c.fitness)).where(individuals.c.run_id == runs.c.id)
    return _counted_or(runs.c.best_fitness, highest)


def champion_score() -> ColumnElement[float]:
    """Return the selection score of the champion of a row of ``runs``."""
    highest = (
        select(func.max(SCORE))
        .join_from(lineage, evaluations, same_result())
        .where(lineage.c.run_id == runs.c.id)
    )
    return _counted_or(runs.c.champion_score, highest)


def summarised() -> Select[Any]:
    """Select the rows of runs with what ``summary_of`` reads."""
    count = select(func.count()).where(generations.c.run_id == runs.c.id).correlate(runs).scalar_subquery()
    return select(
        runs,
        count.label("generations"),
        evaluated().label("evaluations"),
        best_fitness().label("best"),
    )


def summary_of(row: Row[Any], state: RunState | None = None) -> RunSummary:
    """Read a row of ``summarised``; in another state than it says, where one is given."""
    return RunSummary(
        spec=RunSpec.from_json(row.spec),
        state=state or row.state,
        generations=row.generations,
        evaluations=row.evaluations,
        best_fitness=row.best,
        digest=row.digest,
        started_at=row.started_at,
        finished_at=row.finished_at,
        pruned_at=row.pruned_at,
        note=row.note,
    )


def ranked(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the births of runs that have a selection score."""
    # By way of the run's row, never by its number: as in ``reading``.
    return (
        select(*columns)
        .join_from(runs, lineage, lineage.c.run_id == runs.c.id)
        .join(evaluations, same_result())
        .where(evaluations.c.walk_forward_score.is_not(None))
    )


def counted(connection: Connection, run: Row[Any]) -> dict[str, Any]:
    """Return what a run that ends now is found by, by column."""
    if run.pruned_at is not None:
        return {}
    found = connection.execute(select(evaluated(), best_fitness()).where(runs.c.id == run.id)).one()
    first = connection.execute(champion_of(run.name)).first()
    return {
        "evaluated": found[0],
        "best_fitness": found[1],
        "champion": first and first.fingerprint,
        "champion_born": first and first.generation,
        "champion_score": first and first.score,
    }


def champion_of(run: str) -> Select[Any]:
    """Select fingerprint, generation of birth and score of the best genome of a run."""
    columns = lineage.c.fingerprint, lineage.c.generation, SCORE.label("score")
    best_first = SCORE.desc(), lineage.c.fingerprint, lineage.c.generation.desc()
    return ranked(*columns).where(runs.c.name == run).order_by(*best_first).limit(1)


def discard(connection: Connection, run: Row[Any]) -> None:
    """Forget what was counted of a run that is bred again."""
    if run.evaluated is not None:
        connection.execute(update(runs).where(runs.c.id == run.id).values(**_NOTHING))


def _counted_or(column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[Any]:
    live = query.correlate(runs).scalar_subquery()
    return case((runs.c.evaluated.is_not(None), column), else_=live)


def same_result() -> ColumnElement[bool]:
    """Return the condition that a row of ``evaluations`` is what a birth of a run scored."""
    return and_(
        evaluations.c.problem_digest == runs.c.problem_digest,
        evaluations.c.fingerprint == lineage.c.fingerprint,
        evaluations.c.rules == lineage.c.rules,
    )
