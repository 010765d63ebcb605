"""Prune what old runs tell of their trials; never the best, their ancestors, or the count of trials.

One transaction marks a run as pruned and keeps what its summary says; then its generations are gone through,
newest first, some at a time. Parents are born before their children, so that one pass knows who is an
ancestor. A process that is killed half-way leaves a pruned run of which more is there than need be; the next
one continues, and keeps the same births.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from genepool.adapters.store import codec, reading, run_figures
from genepool.adapters.store.access import Access
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.dialect import among, only_writer
from genepool.adapters.store.tables import evaluations, individuals, lineage, runs
from genepool.errors import RunNotFound
from genepool.history import BOARD_PLACES

# Births of one transaction, its last generation counted whole: a fraction of a second.
_BIRTHS = 2_000


@dataclass(frozen=True, slots=True)
class PrunedTrials:
    """What was pruned, or would be.

    Parameters
    ----------
    runs
        Names, oldest first.
    trials
        How many births went; of each a genome and its place in the ledger stay.
    kept
        How many births of these runs stay: the leaderboard's first places and their ancestors.
    complete
        Whether nothing is left to prune; false when it had to stop.
    """

    runs: tuple[str, ...] = ()
    trials: int = 0
    kept: int = 0
    complete: bool = True


def prune_trials(
    access: Access, claims: Claims, before: str, now: str, enough: Callable[[], bool]
) -> PrunedTrials:
    """Prune the trials of runs that finished before some time and that no process owns.

    Parameters
    ----------
    access, claims
        The history, and which process owns which run.
    before, now
        Two times, as they are stored.
    enough
        Asked before every transaction whether to leave the rest to another time.
    """
    with access.reading() as connection:
        names = _old(connection, before)
    done = PrunedTrials()
    for name in names:
        if enough():
            return _sum(done, PrunedTrials(complete=False))
        with access.writing() as connection:
            run = _marked(connection, claims, name, before, now)
        if run is not None:
            done = _sum(done, _prune_run(access, run, enough))
    return done


def rehearse(access: Access, before: str) -> PrunedTrials:
    """Return what ``prune_trials`` would do now; nothing is written."""
    done = PrunedTrials()
    with access.reading() as connection:
        for name in _old(connection, before):
            run, gone, born = reading.run_row(connection, name), 0, 0
            wanted = _best(connection, run)
            for count, window in _windows(connection, run):
                born += count
                gone += len(_doomed(connection, run, window, wanted))
            done = _sum(done, PrunedTrials((name,), gone, born - gone))
    return done


def _sum(one: PrunedTrials, other: PrunedTrials) -> PrunedTrials:
    return PrunedTrials(
        one.runs + other.runs,
        one.trials + other.trials,
        one.kept + other.kept,
        one.complete and other.complete,
    )


def _old(connection: Connection, before: str) -> Sequence[str]:
    """Return the names of runs that are old enough and not pruned to the end, oldest first."""
    query = select(runs.c.name).where(*_ended(before), runs.c.kept_births.is_(None))
    return connection.execute(query.order_by(runs.c.id)).scalars().all()


def _ended(before: str) -> tuple[Any, Any]:
    return runs.c.state == "finished", runs.c.finished_at < before


def _marked(connection: Connection, claims: Claims, name: str, before: str, now: str) -> Row[Any] | None:
    """Mark a run as pruned, so that no process resumes it any more; None when that cannot be."""
    try:
        run = reading.run_row(connection, name, locked=True)
    except RunNotFound:
        return None
    if run.pruned_at is not None:
        return run
    unique = select(func.count(lineage.c.fingerprint.distinct())).where(lineage.c.run_id == run.id)
    best = select(func.max(individuals.c.fitness)).where(individuals.c.run_id == run.id)
    values = {
        "pruned_at": now,
        "evaluated": connection.execute(unique).scalar_one(),
        "best_fitness": connection.execute(best).scalar_one(),
    }
    mark = update(runs).where(runs.c.id == run.id, *_ended(before), claims.free(name)).values(**values)
    return run if connection.execute(mark).rowcount else None


def _prune_run(access: Access, run: Row[Any], enough: Callable[[], bool]) -> PrunedTrials:
    with access.reading() as connection:
        wanted, windows = _best(connection, run), [window for _, window in _windows(connection, run)]
    gone = 0
    for window in windows:
        if enough():
            return PrunedTrials((run.name,), gone, complete=False)
        with access.writing() as connection:
            gone += _prune_window(connection, run, window, wanted)
    with access.writing() as connection:
        kept = connection.execute(
            select(func.count()).select_from(lineage).where(lineage.c.run_id == run.id)
        ).scalar_one()
        connection.execute(update(runs).where(runs.c.id == run.id).values(kept_births=kept))
    return PrunedTrials((run.name,), gone, kept)


def _best(connection: Connection, run: Row[Any]) -> set[str]:
    """Return the fingerprints of the leaderboard's first places."""
    query = (
        run_figures.ranked(lineage.c.fingerprint, run_figures.SCORE)
        .where(runs.c.name == run.name)
        .distinct()
        .order_by(run_figures.SCORE.desc(), lineage.c.fingerprint)
    )
    return set(connection.execute(query.limit(BOARD_PLACES)).scalars())


def _windows(connection: Connection, run: Row[Any]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield how many births there are, and from which generation to which, the newest first."""
    births = (
        select(lineage.c.generation, func.count())
        .where(lineage.c.run_id == run.id)
        .group_by(lineage.c.generation)
    )
    newest = reading.generation_count(connection, run) - 1
    born, count = {number: born for number, born in connection.execute(births)}, 0  # noqa: C416 - rows are no pairs to mypy
    for number in range(newest, -1, -1):
        count += born.get(number, 0)
        if count >= _BIRTHS or number == 0:
            yield count, (number, newest)
            newest, count = number - 1, 0


def _prune_window(connection: Connection, run: Row[Any], window: tuple[int, int], wanted: set[str]) -> int:
    # A writer that found an evaluation here must not lose it before it commits.
    only_writer(connection)
    doomed = _doomed(connection, run, window, wanted)
    of_run = individuals.c.run_id == run.id, individuals.c.generation.between(*window)
    connection.execute(delete(individuals).where(*of_run))
    names = [fingerprint for fingerprint, _ in doomed]
    for condition in among(connection, lineage.c.fingerprint, names):
        born = lineage.c.run_id == run.id, lineage.c.generation.between(*window)
        connection.execute(delete(lineage).where(*born, condition))
    _forget(connection, run.problem_digest, set(doomed))
    return len(doomed)


def _doomed(
    connection: Connection, run: Row[Any], window: tuple[int, int], wanted: set[str]
) -> list[tuple[str, str]]:
    """Return fingerprint and rules of the births that nobody wants; parents of the others are wanted now."""
    query = (
        select(lineage.c.fingerprint, lineage.c.rules, lineage.c.parents)
        .where(lineage.c.run_id == run.id, lineage.c.generation.between(*window))
        .order_by(lineage.c.generation.desc())
    )
    births = connection.execute(query).all()
    for birth in births:
        if birth.fingerprint in wanted:
            wanted.update(codec.read_names(birth.parents))
    return [(birth.fingerprint, birth.rules) for birth in births if birth.fingerprint not in wanted]


def _forget(connection: Connection, problem_digest: str, scores: set[tuple[str, str]]) -> None:
    """Delete evaluations that no birth of any run refers to."""
    names = sorted({fingerprint for fingerprint, _ in scores})
    poses = select(lineage.c.fingerprint, lineage.c.rules).join(runs, runs.c.id == lineage.c.run_id)
    needed: set[tuple[str, str]] = set()
    for condition in among(connection, lineage.c.fingerprint, names):
        query = poses.where(runs.c.problem_digest == problem_digest, condition)
        needed.update((row.fingerprint, row.rules) for row in connection.execute(query))
    by_rules: dict[str, list[str]] = defaultdict(list)
    for fingerprint, rules in scores - needed:
        by_rules[rules].append(fingerprint)
    for rules, unneeded in by_rules.items():
        for condition in among(connection, evaluations.c.fingerprint, unneeded):
            key = evaluations.c.problem_digest == problem_digest, evaluations.c.rules == rules
            connection.execute(delete(evaluations).where(*key, condition))
