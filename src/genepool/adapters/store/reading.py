"""What the history tells: queries over one connection."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, true

from genepool.adapters.store import codec, run_figures
from genepool.adapters.store.dialect import among
from genepool.adapters.store.tables import (
    evaluations,
    generation_nodes,
    generations,
    genomes,
    individuals,
    lineage,
    runs,
)
from genepool.backtest.evaluation import Evaluation
from genepool.collector import collector_at_rest
from genepool.errors import RunNotFound, RunPruned, StoreError
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, NodeWork, RunSummary, generation_digest
from genepool.names import storable
from genepool.program import program

# As many come from the driver at once.
_ROWS = 1_000


class Born(NamedTuple):
    """Somebody who was born in a run, and what he scored as digests have it."""

    individual: Individual
    scored: str | None


# By generation of birth and fingerprint, in the order asked.
Births: TypeAlias = dict[tuple[int, str], Born]


def run_row(connection: Connection, run: str, *, locked: bool = False) -> Row[Any]:
    """Return a run's row, or raise ``RunNotFound``.

    Parameters
    ----------
    connection, run
        Where to look, and for what.
    locked
        Whether nobody else may change the row, or write to the run, until the transaction ends.
    """
    query = select(runs).where(runs.c.name == run)
    if locked:
        # Rows that refer to this one may come meanwhile; SQLite knows no locks of rows and needs none.
        query = query.with_for_update(key_share=True)
    # A server would refuse the question.
    row = connection.execute(query).one_or_none() if storable(run) else None
    if row is None:
        raise RunNotFound(no_run(run))
    return row


def no_run(run: str) -> str:
    """Return the sentence that there is no run of a name."""
    return f"there is no run {run!r} in the history: `{program()} runs` lists them"


def refuse_pruned(run: Row[Any]) -> None:
    """Raise ``RunPruned`` for a run of which something is gone."""
    if run.pruned_at is not None:
        raise RunPruned(
            f"run {run.name} was pruned on {run.pruned_at[:10]}: its leaderboard's first places and their "
            "ancestors are left, so it can be shown, but neither resumed nor read generation by "
            f"generation; `genepool show {run.name}` prints the command that repeats it"
        )


def summaries(connection: Connection) -> list[RunSummary]:
    """Return all runs, newest first."""
    query = run_figures.summarised().order_by(runs.c.id.desc())
    return [run_figures.summary_of(row) for row in connection.execute(query)]


def records(connection: Connection, run: Row[Any], first: int, count: int) -> list[GenerationRecord]:
    """Return some generations of a run, each checked against its stored digest.

    Parameters
    ----------
    connection, run
        Where to look.
    first
        Number of the first one that is wanted.
    count
        How many at most.

    Raises
    ------
    RunPruned
        When they are not whole any more.
    """
    refuse_pruned(run)
    rows = _generations(connection, run, first, count)
    if not rows:
        return []
    window = (first, first + len(rows) - 1)
    born = _births(connection, run, lineage.c.generation.between(*window))
    members = _members(connection, run, window, born | _survivors(connection, run, window))
    newborn: dict[int, list[Born]] = defaultdict(list)
    for (number, _), somebody in born.items():
        newborn[number].append(somebody)
    work = _work(connection, run, window)
    return [
        _checked(
            run.name,
            row.digest,
            [somebody.scored for somebody in newborn[row.number]],
            GenerationRecord(
                Population(row.number, tuple(members[row.number])),
                tuple(somebody.individual for somebody in newborn[row.number]),
                row.seconds,
                row.cache_hits,
                tuple(work[row.number]),
            ),
        )
        for row in rows
    ]


def births(connection: Connection, run: Row[Any]) -> list[Individual]:
    """Return everybody whose birth is there, in the order asked: of a pruned run, those that are left."""
    return [born.individual for born in _births(connection, run).values()]


def generation_count(connection: Connection, run: Row[Any]) -> int:
    """Return how many generations of a run are recorded."""
    query = select(func.count()).select_from(generations).where(generations.c.run_id == run.id)
    return connection.execute(query).scalar_one()


def known(
    connection: Connection, problem_digest: str, fingerprints: Sequence[str] | None = None
) -> dict[str, Evaluation]:
    """Return evaluations of a problem that were made by the rules of today, by fingerprint.

    Parameters
    ----------
    connection, problem_digest
        Where to look.
    fingerprints
        The genomes that are asked for; None for all that there are.
    """
    query = (
        select(evaluations, genomes.c.strategy, genomes.c.genes)
        .join(genomes, genomes.c.fingerprint == evaluations.c.fingerprint)
        .where(evaluations.c.problem_digest == problem_digest)
    )
    conditions = (
        [true()] if fingerprints is None else among(connection, evaluations.c.fingerprint, fingerprints)
    )
    found = {}
    for condition in conditions:
        for row in connection.execute(query.where(condition)).mappings():
            evaluation = codec.read_evaluation(row)
            if codec.rules_of(evaluation.genome) == row["rules"]:
                found[evaluation.genome.fingerprint] = evaluation
    return found


def _generations(connection: Connection, run: Row[Any], first: int, count: int) -> Sequence[Row[Any]]:
    query = select(generations).where(generations.c.run_id == run.id, generations.c.number >= first)
    return connection.execute(query.order_by(generations.c.number).limit(count)).all()


def _births(connection: Connection, run: Row[Any], *conditions: ColumnElement[bool]) -> Births:
    # By way of the run's row, never by its number: a server whose statistics are older than the run takes
    # what they do not know for a row or none, and compares every birth with every evaluation.
    query = (
        select(lineage, genomes.c.strategy, genomes.c.genes, evaluations.c.scored, evaluations.c.error)
        .join(runs, runs.c.id == lineage.c.run_id)
        .join(genomes, genomes.c.fingerprint == lineage.c.fingerprint)
        .join(
            evaluations,
            and_(
                evaluations.c.problem_digest == runs.c.problem_digest,
                evaluations.c.fingerprint == lineage.c.fingerprint,
                evaluations.c.rules == lineage.c.rules,
            ),
        )
        .where(runs.c.name == run.name, *conditions)
        .order_by(lineage.c.generation, lineage.c.asked)
    )
    with collector_at_rest():
        return {
            (row["generation"], row["fingerprint"]): Born(
                codec.read_individual(row, codec.read_evaluation(row), elite=False),
                codec.scored_text_of(row),
            )
            for rows in connection.execute(query).mappings().partitions(_ROWS)
            for row in rows
        }


def _survivors(connection: Connection, run: Row[Any], window: tuple[int, int]) -> Births:
    """Return who is a member in the window and was born before it."""
    # From the members to their births: the other way round all births before the window would be looked at.
    # A sum has no index, or SQLite would look at all members that were born before it.
    born = individuals.c.born + 0
    elders = (
        select(individuals.c.born, individuals.c.fingerprint)
        .where(
            individuals.c.run_id == run.id,
            individuals.c.generation.between(*window),
            born < window[0],
        )
        .distinct()
        .subquery()
    )
    return _births(
        connection,
        run,
        lineage.c.generation == elders.c.born,
        lineage.c.fingerprint == elders.c.fingerprint,
    )


def _members(
    connection: Connection, run: Row[Any], window: tuple[int, int], born: Births
) -> dict[int, list[Individual]]:
    members: dict[int, list[Individual]] = defaultdict(list)
    query = select(individuals).where(
        individuals.c.run_id == run.id, individuals.c.generation.between(*window)
    )
    for row in connection.execute(query.order_by(individuals.c.generation, individuals.c.slot)):
        individual = born[row.born, row.fingerprint].individual
        if row.elite:
            individual = Individual(individual.candidate, individual.evaluation, individual.born, elite=True)
        members[row.generation].append(individual)
    return members


def _work(connection: Connection, run: Row[Any], window: tuple[int, int]) -> dict[int, list[NodeWork]]:
    work: dict[int, list[NodeWork]] = defaultdict(list)
    query = select(generation_nodes).where(
        generation_nodes.c.run_id == run.id, generation_nodes.c.generation.between(*window)
    )
    for row in connection.execute(query.order_by(generation_nodes.c.node)):
        work[row.generation].append(NodeWork(row.node, row.worker_kind, row.evaluations, row.seconds))
    return work


def _checked(
    run: str, digest: str, texts: Sequence[str | None], record: GenerationRecord
) -> GenerationRecord:
    if generation_digest(record, texts) != digest:
        raise StoreError(
            f"generation {record.population.generation} of run {run} is damaged: its digest is not the one "
            "that was recorded; restore the history from a backup"
        )
    return record
