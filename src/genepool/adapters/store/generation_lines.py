"""Generations in figures: sums that the database makes, so that no individual is read."""

from collections import defaultdict
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, case, func, select

from genepool.adapters.store.tables import generations, genomes, individuals
from genepool.history import GenerationLine

_Figures: TypeAlias = tuple[float | None, float | None, float | None]
_NOBODY: _Figures = (None, None, None)


def lines(connection: Connection, run: Row[Any], first: int, count: int) -> list[GenerationLine]:
    """Return up to ``count`` generations from ``first`` on, in order."""
    query = (
        select(generations)
        .where(generations.c.run_id == run.id, generations.c.number >= first)
        .order_by(generations.c.number)
        .limit(count)
    )
    rows = connection.execute(query).all()
    if not rows:
        return []
    # Of a pruned run some members may be left for a while.
    window = (rows[0].number, rows[-1].number) if run.pruned_at is None else (0, -1)
    figures, species = _figures(connection, run, window), _species(connection, run, window)
    return [
        GenerationLine(
            row.number,
            row.digest,
            row.seconds,
            row.cache_hits,
            row.recorded_at,
            *figures.get(row.number, _NOBODY),
            species[row.number],
        )
        for row in rows
    ]


def _figures(connection: Connection, run: Row[Any], window: tuple[int, int]) -> dict[int, _Figures]:
    """Return best, median and worst; the median is the mean of the one or two in the middle."""
    number = individuals.c.generation
    placed = (
        select(
            number,
            individuals.c.fitness,
            func.row_number().over(partition_by=number, order_by=individuals.c.fitness).label("place"),
            func.count().over(partition_by=number).label("size"),
        )
        .where(
            individuals.c.run_id == run.id,
            number.between(*window),
            individuals.c.fitness.is_not(None),
        )
        .subquery()
    )
    middle = (2 * placed.c.place).between(placed.c.size, placed.c.size + 2)
    query = select(
        placed.c.generation,
        func.max(placed.c.fitness),
        func.avg(case((middle, placed.c.fitness))),
        func.min(placed.c.fitness),
    ).group_by(placed.c.generation)
    return {number: (best, median, worst) for number, best, median, worst in connection.execute(query)}


def _species(connection: Connection, run: Row[Any], window: tuple[int, int]) -> dict[int, dict[str, int]]:
    members = func.count().label("members")
    query = (
        select(individuals.c.generation, genomes.c.strategy, members)
        .join(genomes, genomes.c.fingerprint == individuals.c.fingerprint)
        .where(individuals.c.run_id == run.id, individuals.c.generation.between(*window))
        .group_by(individuals.c.generation, genomes.c.strategy)
        .order_by(members.desc(), genomes.c.strategy)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for number, strategy, count in connection.execute(query):
        found[number][strategy] = count
    return found
