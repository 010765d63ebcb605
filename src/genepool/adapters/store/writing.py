"""What the history takes in: statements over one connection, all inside the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from genepool.adapters.store import codec, reading
from genepool.adapters.store.dialect import insert_missing, insert_rows
from genepool.adapters.store.reading import CHUNK
from genepool.adapters.store.tables import (
    datasets,
    evaluations,
    generation_nodes,
    generations,
    genomes,
    individuals,
    ledger,
    lineage,
    runs,
)
from genepool.backtest.evaluation import Evaluation
from genepool.errors import Fenced, RunExists, StoreError
from genepool.history import GenerationRecord, RunSpec, RunState, generation_digest


def create(connection: Connection, spec: RunSpec, now: str) -> None:
    """Insert a run that is running, and its data set."""
    if connection.execute(select(runs.c.id).where(runs.c.name == spec.run)).first():
        raise RunExists(
            f"there is a run {spec.run} already: choose another --name, or carry it on with --resume"
        )
    connection.execute(
        insert_missing(connection, datasets),
        {
            "digest": spec.data_digest,
            "symbol": spec.symbol,
            "timeframe": spec.timeframe,
            "candles": spec.candles,
            "source": spec.data,
            "synthetic": spec.synthetic,
        },
    )
    connection.execute(
        insert(runs),
        {
            "name": spec.run,
            "spec": spec.to_json(),
            "state": "running",
            "data_digest": spec.data_digest,
            "market_digest": spec.market_digest,
            "problem_digest": spec.problem_digest,
            "started_at": now,
        },
    )


def held_row(connection: Connection, run: str, epoch: int) -> Row[Any]:
    """Return a run's row, kept from everybody else, when the claim that writes is the newest one.

    Parameters
    ----------
    connection, run
        Where to look, and for what.
    epoch
        What the claim counted; 0 for a run that nobody ever claimed.

    Raises
    ------
    Fenced
        When somebody claimed the run later.
    """
    row = reading.run_row(connection, run, locked=True)
    if row.epoch != epoch:
        raise Fenced(
            f"another coordinator carries run {run} on (claim {row.epoch}, this one is {epoch}): "
            "nothing was written"
        )
    return row


def claim(
    connection: Connection, row: Row[Any], free: ColumnElement[bool], marks: dict[str, Any], *, again: bool
) -> int:
    """Mark a run as carried on, and return how often that was done.

    Parameters
    ----------
    connection, row
        The run.
    free
        Condition on its row that lets the claim stand.
    marks
        Columns that name the owner.
    again
        Whether the owner holds the newest claim already.

    Raises
    ------
    Fenced
        When another process carries it on.
    """
    wanted: RunState = "stopping" if row.state == "stopping" else "running"
    epoch: int = row.epoch if again else row.epoch + 1
    values = {"state": wanted, "digest": None, "finished_at": None, "epoch": epoch, **marks}
    done = connection.execute(update(runs).where(runs.c.id == row.id, free).values(**values))
    if done.rowcount == 0:
        raise Fenced(
            f"run {row.name} is being carried on by another process ({row.owner}): wait for it, or stop it "
            "and resume"
        )
    return epoch


def finish(connection: Connection, row: Row[Any], state: RunState, digest: str | None, now: str) -> None:
    """Record how a run ended, and free it; one that somebody asked to stop is not queued again."""
    if state == "queued" and row.state == "stopping":
        state = "interrupted"
    goes_on = state in ("running", "queued")
    values = {"state": state, "digest": digest, "finished_at": None if goes_on else now}
    connection.execute(update(runs).where(runs.c.id == row.id).values(**values, owner=None, lease_until=None))


def record(connection: Connection, run: Row[Any], generation: GenerationRecord, now: str) -> None:
    """Write a generation; the same one again changes nothing, another one is refused."""
    number, digest = generation.population.generation, generation_digest(generation)
    query = select(generations.c.number, generations.c.digest).where(generations.c.run_id == run.id)
    stored = {row.number: row.digest for row in connection.execute(query)}
    if number in stored:
        if stored[number] == digest:
            return
        raise StoreError(
            f"history diverged: generation {number} of run {run.name} is recorded with other bits; "
            "the data, the version or the machine changed, so start a new run"
        )
    if number != len(stored):
        raise StoreError(f"run {run.name} has {len(stored)} generations: number {number} cannot be the next")
    keep(connection, run.problem_digest, [individual.evaluation for individual in generation.newborn])
    note_trials(
        connection,
        run.market_digest,
        run.name,
        [individual.genome.fingerprint for individual in generation.newborn],
        now,
    )
    connection.execute(
        insert(generations),
        {
            "run_id": run.id,
            "number": number,
            "digest": digest,
            "seconds": generation.seconds,
            "cache_hits": generation.cache_hits,
            "epoch": run.epoch,
            "recorded_at": now,
        },
    )
    _insert_work(connection, run.id, generation)
    _insert_individuals(connection, run.id, generation)


def keep(connection: Connection, problem_digest: str, results: Sequence[Evaluation]) -> None:
    """Insert evaluations that are not there; one that is there with other bits is refused."""
    rows = [codec.evaluation_row(problem_digest, evaluation) for evaluation in results]
    if not rows:
        return
    fingerprints = [row["fingerprint"] for row in rows]
    stored = {
        (row.fingerprint, row.rules): row.scored for row in _rows_of(connection, problem_digest, fingerprints)
    }
    for row in rows:
        key = (row["fingerprint"], row["rules"])
        if key in stored and stored[key] != row["scored"]:
            raise StoreError(
                f"history diverged: genome {row['fingerprint']} scored otherwise before on the same problem; "
                "this machine or version computes other bits, so start a new history (GENEPOOL_HOME)"
            )
    # In one order everywhere: two writers that insert the same rows wait for each other, never in a ring.
    ordered = sorted(results, key=lambda result: result.genome.fingerprint)
    insert_rows(connection, genomes, [codec.genome_row(result.genome) for result in ordered], missing=True)
    rows.sort(key=itemgetter("fingerprint", "rules"))
    insert_rows(connection, evaluations, rows, missing=True)


def note_trials(
    connection: Connection, market_digest: str, run: str, fingerprints: Sequence[str], now: str
) -> None:
    """Enter genomes in the ledger of a data set, those that are not there yet."""
    rows = [
        {"market_digest": market_digest, "fingerprint": fingerprint, "first_run": run, "first_at": now}
        for fingerprint in sorted(fingerprints)
    ]
    insert_rows(connection, ledger, rows, missing=True)


def remember(connection: Connection, problem_digest: str, results: Sequence[Evaluation], now: str) -> None:
    """Keep evaluations and count them as trials of the data sets whose runs pose this problem."""
    keep(connection, problem_digest, results)
    fingerprints = [result.genome.fingerprint for result in results]
    query = (
        select(runs.c.market_digest, func.min(runs.c.name))
        .where(runs.c.problem_digest == problem_digest)
        .group_by(runs.c.market_digest)
        .order_by(runs.c.market_digest)
    )
    for market_digest, run in connection.execute(query).all():
        note_trials(connection, market_digest, run, fingerprints, now)


def _insert_individuals(connection: Connection, run_id: int, generation: GenerationRecord) -> None:
    born = [
        codec.lineage_row(run_id, asked, individual) for asked, individual in enumerate(generation.newborn)
    ]
    insert_rows(connection, lineage, born)
    number = generation.population.generation
    members = [
        codec.member_row(run_id, number, slot, individual)
        for slot, individual in enumerate(generation.population.individuals)
    ]
    insert_rows(connection, individuals, members)


def _insert_work(connection: Connection, run_id: int, generation: GenerationRecord) -> None:
    rows = [
        {"run_id": run_id, "generation": generation.population.generation, **asdict(work)}
        for work in generation.work
    ]
    if rows:
        connection.execute(insert(generation_nodes), rows)


def _rows_of(connection: Connection, problem_digest: str, fingerprints: Sequence[str]) -> Iterator[Row[Any]]:
    for start in range(0, len(fingerprints), CHUNK):
        yield from connection.execute(
            select(evaluations).where(
                evaluations.c.problem_digest == problem_digest,
                evaluations.c.fingerprint.in_(fingerprints[start : start + CHUNK]),
            )
        )
