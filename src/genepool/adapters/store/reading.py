"""What the history tells: queries over one connection."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, func, select

from genepool.adapters.store import codec
from genepool.adapters.store.tables import evaluations, generations, genomes, individuals, lineage, runs
from genepool.backtest.evaluation import Evaluation
from genepool.errors import RunNotFound, StoreError
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunSummary, generation_digest

# By generation of birth and fingerprint, in the order asked.
Births: TypeAlias = dict[tuple[int, str], Individual]

# Names per IN list; SQLite takes 32,766 variables a statement, other engines differ.
CHUNK = 500


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
    row = connection.execute(query).one_or_none()
    if row is None:
        raise RunNotFound(f"there is no run {run!r} in the history: `genepool runs` lists them")
    return row


def summaries(connection: Connection) -> list[RunSummary]:
    """Return all runs, newest first."""
    members = individuals.c.run_id == runs.c.id
    count = select(func.count()).where(generations.c.run_id == runs.c.id).scalar_subquery()
    unique = select(func.count(lineage.c.fingerprint.distinct())).where(lineage.c.run_id == runs.c.id)
    best = select(func.max(individuals.c.fitness)).where(members).scalar_subquery()
    query = select(
        runs, count.label("generations"), unique.scalar_subquery().label("evaluations"), best.label("best")
    )
    return [
        RunSummary(
            spec=RunSpec.from_json(row.spec),
            state=row.state,
            generations=row.generations,
            evaluations=row.evaluations,
            best_fitness=row.best,
            digest=row.digest,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )
        for row in connection.execute(query.order_by(runs.c.id.desc()))
    ]


def births(connection: Connection, run: Row[Any], first: int = 0) -> Births:
    """Return every individual of a run that was born in this generation or a later one."""
    query = (
        select(lineage, genomes.c.strategy, genomes.c.genes, evaluations.c.scored, evaluations.c.error)
        .join(genomes, genomes.c.fingerprint == lineage.c.fingerprint)
        .join(
            evaluations,
            and_(
                evaluations.c.problem_digest == run.problem_digest,
                evaluations.c.rules == lineage.c.rules,
                evaluations.c.fingerprint == lineage.c.fingerprint,
            ),
        )
        .where(lineage.c.run_id == run.id, lineage.c.generation >= first)
        .order_by(lineage.c.generation, lineage.c.asked)
    )
    with _collector_at_rest():
        return {
            (row["generation"], row["fingerprint"]): codec.read_individual(
                row, codec.read_evaluation(row), elite=False
            )
            for row in connection.execute(query).mappings()
        }


def populations(connection: Connection, run: Row[Any], born: Births, first: int = 0) -> list[Population]:
    """Return the populations from this generation on, each checked against its stored digest.

    Parameters
    ----------
    connection, run
        Where to look.
    born
        Everybody who was ever born in the run.
    first
        Number of the first generation that is wanted.
    """
    members: dict[int, list[Individual]] = {}
    query = select(individuals).where(individuals.c.run_id == run.id, individuals.c.generation >= first)
    for row in connection.execute(query.order_by(individuals.c.generation, individuals.c.slot)):
        individual = born[row.born, row.fingerprint]
        if row.elite:
            individual = replace(individual, elite=True)
        members.setdefault(row.generation, []).append(individual)
    newborn: dict[int, list[Individual]] = {}
    for (number, _), individual in born.items():
        if number >= first:
            newborn.setdefault(number, []).append(individual)
    stored = connection.execute(
        select(generations.c.number, generations.c.digest)
        .where(generations.c.run_id == run.id, generations.c.number >= first)
        .order_by(generations.c.number)
    ).all()
    return [
        _checked(
            run.name, digest, Population(number, tuple(members.get(number, []))), newborn.get(number, [])
        )
        for number, digest in stored
    ]


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
    if fingerprints is None:
        queries = [query]
    else:
        parts = [fingerprints[start : start + CHUNK] for start in range(0, len(fingerprints), CHUNK)]
        queries = [query.where(evaluations.c.fingerprint.in_(part)) for part in parts]
    found = {}
    for part in queries:
        for row in connection.execute(part).mappings():
            evaluation = codec.read_evaluation(row)
            if codec.rules_of(evaluation.genome) == row["rules"]:
                found[evaluation.genome.fingerprint] = evaluation
    return found


def _checked(run: str, digest: str, population: Population, newborn: Sequence[Individual]) -> Population:
    record = GenerationRecord(population, tuple(newborn), 0.0)
    if generation_digest(record) != digest:
        raise StoreError(
            f"generation {population.generation} of run {run} is damaged: its digest is not the one that was "
            "recorded; restore the history from a backup"
        )
    return population


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking over objects that all stay: it takes half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
