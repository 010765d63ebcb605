"""Everybody who was born in a run, in a line each, and some of them whole: no generation is read for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Double, Row, RowMapping, Select, and_, cast, func, select

from genepool.adapters.store import codec, run_figures
from genepool.adapters.store.dialect import among, json_member
from genepool.adapters.store.tables import evaluations, genomes, lineage, runs
from genepool.collector import collector_at_rest
from genepool.evolution.population import Individual
from genepool.history import BirthLine


def lines(connection: Connection, run: Row[Any], first: int, count: int) -> list[BirthLine]:
    """Return everybody whose birth is there, of some generations, generation by generation."""
    born = lineage.c.generation, lineage.c.fingerprint, genomes.c.strategy
    window = lineage.c.generation.between(first, first + count - 1)
    query = _born(*born, run_figures.SCORE, lineage.c.parents).where(runs.c.name == run.name, window)
    with collector_at_rest():
        return [
            BirthLine(generation, fingerprint, strategy, score, codec.read_fingerprints(parents))
            for generation, fingerprint, strategy, score, parents in connection.execute(
                query.order_by(lineage.c.generation)
            )
        ]


def sharpes(connection: Connection, run: Row[Any], first: int) -> list[tuple[int, float | None]]:
    """Return generation and in-sample Sharpe ratio of everybody born from a generation on, in order."""
    sharpe = cast(json_member(connection, evaluations.c.scored, "in_sample.sharpe"), Double)
    query = _born(lineage.c.generation, sharpe).where(runs.c.name == run.name, lineage.c.generation >= first)
    found = connection.execute(query.order_by(lineage.c.generation, lineage.c.asked))
    return [(generation, value) for generation, value in found]


def failures(connection: Connection, run: Row[Any]) -> dict[str | None, int]:
    """Return how many of a run's births could not be scored, by reason."""
    query = _born(evaluations.c.error, func.count()).where(
        runs.c.name == run.name, run_figures.SCORE.is_(None)
    )
    rows = connection.execute(query.group_by(evaluations.c.error))
    return {row.error: row[1] for row in rows}


def individuals(connection: Connection, run: Row[Any], births: Iterable[tuple[int, str]]) -> list[Individual]:
    """Return those of some births that are there, by generation and fingerprint, in the order given."""
    wanted = list(births)
    by_generation: dict[int, list[str]] = defaultdict(list)
    for generation, fingerprint in wanted:
        by_generation[generation].append(fingerprint)
    found = {}
    for generation, names in by_generation.items():
        query = _whole().where(runs.c.name == run.name, lineage.c.generation == generation)
        for condition in among(connection, lineage.c.fingerprint, names):
            for row in connection.execute(query.where(condition)).mappings():
                found[generation, row["fingerprint"]] = _individual(row)
    return [found[birth] for birth in wanted if birth in found]


def champions(connection: Connection, names: Sequence[str]) -> dict[str, Individual]:
    """Return the champions of some runs, by name; those that have not ended are looked for."""
    crowned = and_(lineage.c.generation == runs.c.champion_born, lineage.c.fingerprint == runs.c.champion)
    query = _whole().add_columns(runs.c.name.label("run")).where(crowned, runs.c.evaluated.is_not(None))
    found = {
        row["run"]: _individual(row)
        for condition in among(connection, runs.c.name, names)
        for row in connection.execute(query.where(condition)).mappings()
    }
    for run in _uncounted(connection, names):
        first = connection.execute(run_figures.champion_of(run.name)).first()
        if first is not None:
            (found[run.name],) = individuals(connection, run, [(first.generation, first.fingerprint)])
    return found


def _uncounted(connection: Connection, names: Sequence[str]) -> list[Row[Any]]:
    query = select(runs.c.name).where(runs.c.evaluated.is_(None))
    conditions = among(connection, runs.c.name, names)
    return [row for condition in conditions for row in connection.execute(query.where(condition))]


def _born(*columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of any type
    # By way of the run's row, never by its number: as in ``reading``.
    return (
        select(*columns)
        .join_from(runs, lineage, lineage.c.run_id == runs.c.id)
        .join(genomes, genomes.c.fingerprint == lineage.c.fingerprint)
        .join(evaluations, run_figures.same_result())
    )


def _whole() -> Select[Any]:
    scores = evaluations.c.scored, evaluations.c.error
    return _born(lineage, genomes.c.strategy, genomes.c.genes, *scores)


def _individual(row: RowMapping) -> Individual:
    return codec.read_individual(row, codec.read_evaluation(row), elite=False)
