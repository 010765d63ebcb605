"""What the history tells: queries over one connection."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from genepool.adapters.store import codec
from genepool.adapters.store.tables import evaluations, generations, genomes, individuals, lineage, runs
from genepool.backtest.evaluation import Evaluation
from genepool.errors import RunNotFound, StoreError
from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, RunSpec, RunSummary, generation_digest


def run_row(connection: Connection, run: str) -> Row[Any]:
    """Return a run's row, or raise ``RunNotFound``."""
    row = connection.execute(select(runs).where(runs.c.name == run)).one_or_none()
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


def births(connection: Connection, run: Row[Any]) -> dict[tuple[int, str], Individual]:
    """Return every individual of a run by generation of birth and fingerprint, in the order asked."""
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
        .where(lineage.c.run_id == run.id)
        .order_by(lineage.c.generation, lineage.c.asked)
    )
    rows = connection.execute(query).mappings()
    return {
        (row["generation"], row["fingerprint"]): codec.read_individual(
            row, codec.read_evaluation(row), elite=False
        )
        for row in rows
    }


def populations(connection: Connection, run: Row[Any]) -> list[Population]:
    """Return every recorded population, each checked against the digest that was stored with it."""
    born = births(connection, run)
    members: dict[int, list[Individual]] = {}
    query = select(individuals).where(individuals.c.run_id == run.id)
    for row in connection.execute(query.order_by(individuals.c.generation, individuals.c.slot)):
        individual = born[row.born, row.fingerprint]
        if row.elite:
            individual = Individual(individual.candidate, individual.evaluation, row.born, elite=True)
        members.setdefault(row.generation, []).append(individual)
    stored = connection.execute(
        select(generations.c.number, generations.c.digest)
        .where(generations.c.run_id == run.id)
        .order_by(generations.c.number)
    ).all()
    return [_checked(run.name, number, digest, members.get(number, []), born) for number, digest in stored]


def known(connection: Connection, problem_digest: str) -> Mapping[str, Evaluation]:
    """Return every evaluation of a problem that was made by the rules of today, by fingerprint."""
    query = (
        select(evaluations, genomes.c.strategy, genomes.c.genes)
        .join(genomes, genomes.c.fingerprint == evaluations.c.fingerprint)
        .where(evaluations.c.problem_digest == problem_digest)
    )
    found = {}
    for row in connection.execute(query).mappings():
        evaluation = codec.read_evaluation(row)
        if codec.rules_of(evaluation.genome) == row["rules"]:
            found[evaluation.genome.fingerprint] = evaluation
    return found


def _checked(
    run: str,
    number: int,
    digest: str,
    members: list[Individual],
    born: Mapping[tuple[int, str], Individual],
) -> Population:
    population = Population(number, tuple(members))
    newborn = tuple(individual for (generation, _), individual in born.items() if generation == number)
    if generation_digest(GenerationRecord(population, newborn, 0.0)) != digest:
        raise StoreError(
            f"generation {number} of run {run} is damaged: its digest is not the one that was recorded; "
            "restore the history from a backup"
        )
    return population
