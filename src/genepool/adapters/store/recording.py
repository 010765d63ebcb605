"""What the history takes in of generations and results: statements over one connection and transaction."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, func, select

from genepool.adapters.store import codec, reading, run_figures, writing
from genepool.adapters.store.chaining import note_trials
from genepool.adapters.store.codec import BirthRow, ResultRow
from genepool.adapters.store.dialect import among, insert_rows, only_writer
from genepool.adapters.store.generation_rows import GenerationRows
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
from genepool.errors import StoreError


def record(connection: Connection, run: Row[Any], all_rows: Sequence[GenerationRows], now: str) -> None:
    """Write generations; those that are there already change nothing, other ones are refused.

    Parameters
    ----------
    connection, run
        The run, kept from everybody else.
    all_rows
        Its next generations, in order.
    now
        The time, as it is stored.

    Raises
    ------
    RunFinished
        When the run is finished, and one of them is new.
    """
    fresh = _missing(connection, run, all_rows)
    if fresh:
        writing.check_open(run)
        run_figures.discard(connection, run)
    results = [result for rows in fresh for result in rows.results]
    keep(connection, run.problem_digest, results)
    names = [result.fingerprint for result in results]
    note_trials(connection, run.market_digest, "generation", run.name, names, now)
    for table, columns, rows in _tables_of(run, fresh, now):
        insert_rows(connection, table, columns, rows)


def holds(connection: Connection, run: Row[Any], rows: GenerationRows) -> bool:
    """Tell whether a generation is there, bit for bit."""
    return _digests(connection, run, [rows]).get(rows.number) == rows.digest


def keep(connection: Connection, problem_digest: str, results: Sequence[ResultRow]) -> None:
    """Insert evaluations that are not there; one that is there with other bits is refused."""
    only_writer(connection)
    stored = _stored(connection, problem_digest, [result.fingerprint for result in results])
    new = {}
    for result in results:
        key = (result.fingerprint, result.rules)
        if stored.get(key, result.scored) != result.scored:
            raise StoreError(
                f"history diverged: genome {result.fingerprint} scored otherwise before on the same problem; "
                "this machine or version computes other bits, so start a new history (GENEPOOL_HOME)"
            )
        if key not in stored:
            new[key], stored[key] = result, result.scored
    known = _present(connection, genomes.c.fingerprint, [fingerprint for fingerprint, _ in new])
    unknown = {result.fingerprint: result[:3] for result in new.values() if result.fingerprint not in known}
    insert_rows(connection, genomes, ("fingerprint", "strategy", "genes"), [*unknown.values()])
    scores = [(problem_digest, result.fingerprint, *result[3:]) for result in new.values()]
    insert_rows(connection, evaluations, ("problem_digest", "fingerprint", *ResultRow._fields[3:]), scores)


def remember(connection: Connection, problem_digest: str, results: Sequence[Evaluation], now: str) -> None:
    """Keep evaluations and count them as trials of the data sets whose runs pose this problem."""
    keep(connection, problem_digest, [codec.result_of(result) for result in results])
    fingerprints = [result.genome.fingerprint for result in results]
    query = (
        select(runs.c.market_digest, func.min(runs.c.name))
        .where(runs.c.problem_digest == problem_digest)
        .group_by(runs.c.market_digest)
        .order_by(runs.c.market_digest)
    )
    for market_digest, run in connection.execute(query).all():
        note_trials(connection, market_digest, "evaluations", run, fingerprints, now)


def _missing(
    connection: Connection, run: Row[Any], all_rows: Sequence[GenerationRows]
) -> list[GenerationRows]:
    """Return the generations that are not there yet; raise when they are not the next ones."""
    count, stored = reading.generation_count(connection, run), _digests(connection, run, all_rows)
    fresh: list[GenerationRows] = []
    for rows in all_rows:
        if stored.get(rows.number, rows.digest) != rows.digest:
            raise StoreError(
                f"history diverged: generation {rows.number} of run {run.name} is recorded with other bits; "
                "the data, the version or the machine changed, so start a new run"
            )
        if rows.number in stored:
            continue
        if rows.number != count + len(fresh):
            raise StoreError(
                f"run {run.name} has {count + len(fresh)} generations: number {rows.number} cannot be the "
                "next"
            )
        fresh.append(rows)
    return fresh


def _digests(connection: Connection, run: Row[Any], all_rows: Sequence[GenerationRows]) -> dict[int, str]:
    numbers = [rows.number for rows in all_rows]
    query = select(generations.c.number, generations.c.digest).where(
        generations.c.run_id == run.id, generations.c.number.between(min(numbers), max(numbers))
    )
    return {row.number: row.digest for row in connection.execute(query)}


def _tables_of(
    run: Row[Any], all_rows: Sequence[GenerationRows], now: str
) -> Iterator[tuple[Table, Sequence[str], Sequence[Sequence[object]]]]:
    """Yield what belongs to the run alone, each table after those that it refers to."""
    yield (
        generations,
        ("run_id", "number", "digest", "seconds", "cache_hits", "epoch", "recorded_at"),
        [(run.id, s.number, s.digest, s.seconds, s.cache_hits, run.epoch, now) for s in all_rows],
    )
    yield (
        generation_nodes,
        ("run_id", "generation", "node", "worker_kind", "evaluations", "seconds"),
        [(run.id, rows.number, *work) for rows in all_rows for work in rows.work],
    )
    yield (
        lineage,
        ("run_id", "generation", "asked", "fingerprint", "rules", *BirthRow._fields),
        [
            (run.id, rows.number, asked, result.fingerprint, result.rules, *birth)
            for rows in all_rows
            for asked, (result, birth) in enumerate(zip(rows.results, rows.births, strict=True))
        ],
    )
    yield (
        individuals,
        ("run_id", "generation", "slot", "fingerprint", "born", "elite", "fitness"),
        [
            (run.id, rows.number, slot, *member)
            for rows in all_rows
            for slot, member in enumerate(rows.members)
        ],
    )


def _stored(
    connection: Connection, problem_digest: str, fingerprints: Sequence[str]
) -> dict[tuple[str, str], str | None]:
    """Return what genomes scored on a problem, by fingerprint and rules."""
    query = select(evaluations.c.fingerprint, evaluations.c.rules, evaluations.c.scored).where(
        evaluations.c.problem_digest == problem_digest
    )
    return {
        (row.fingerprint, row.rules): row.scored
        for condition in among(connection, evaluations.c.fingerprint, fingerprints)
        for row in connection.execute(query.where(condition))
    }


def _present(
    connection: Connection, column: Column[str], names: Sequence[str], *conditions: ColumnElement[bool]
) -> set[str]:
    """Return which of some names a column holds."""
    return {
        name
        for condition in among(connection, column, names)
        for name in connection.execute(select(column).where(condition, *conditions)).scalars()
    }
