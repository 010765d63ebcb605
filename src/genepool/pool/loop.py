"""The loop: ask, evaluate, tell, record. Starting and resuming are one path."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from genepool.backtest.evaluation import Evaluation
from genepool.errors import Fenced, Interrupted, ServiceUnavailable, StoreAway, StoreError
from genepool.evolution.engine import stop_reason
from genepool.evolution.population import Individual, Population, best_fitness
from genepool.history import GenerationRecord, RunSpec, RunState, champion_of, run_digest
from genepool.optimizers import Search
from genepool.pool.cached import CachedEvaluator
from genepool.pool.recorded import pages, recorded
from genepool.pool.tried import Tried
from genepool.pool.watchers import WorkTally
from genepool.ports import (
    Clock,
    GenerationAdvanced,
    GenerationFinished,
    RecordedGenerations,
    RunClosing,
    RunEnded,
    RunLog,
    RunStarted,
    Watcher,
)

# None of these is the run's own fault, and the same run may be resumed later.
_PASSING = (Interrupted, KeyboardInterrupt, SystemExit, ServiceUnavailable, StoreAway, Fenced)


@dataclass(frozen=True)
class Pool:
    """Everything that a run needs beside its specification.

    Parameters
    ----------
    engine, evaluator, log, watcher, clock
        As their names say.
    interrupted
        Tells whether the user wants to stop; asked after every batch.
    tally
        Knows which machine did what.
    left
        Tells what becomes of a run that was stopped or lost its services: ``"interrupted"``, or
        ``"queued"`` when the next coordinator is to resume it.
    read
        Told each generation of a run that is over, in order, as the history has it: once, so that nobody
        reads them another time.
    recall
        Told of everybody who was born in the generations that a resumed run has, in order.
    """

    engine: Search
    evaluator: CachedEvaluator
    log: RunLog
    watcher: Watcher
    clock: Clock
    interrupted: Callable[[], bool] = lambda: False
    tally: WorkTally = field(default_factory=WorkTally)
    left: Callable[[], RunState] = lambda: "interrupted"
    read: Callable[[GenerationRecord], None] = lambda _: None
    recall: Callable[[Sequence[Individual]], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Parameters
    ----------
    digest
        Run digest over all generations and the leaderboard.
    reason
        Which budget ended it.
    seconds
        Wall-clock time of this session, earlier ones of a resumed run not counted.
    """

    digest: str
    reason: str
    seconds: float


def evolve(spec: RunSpec, pool: Pool) -> Outcome:
    """Breed a recorded run from its newest generation, or from nothing, until a budget ends it.

    Raises
    ------
    Interrupted
        When the user wanted to stop; the history holds what was finished, and the run is resumable.
    RunFinished
        When it is finished: ``resume`` says what becomes of it then.
    StoreError
        When another process owns the run, or the history fails.
    """
    pool.log.claim(spec.run)
    began = pool.clock.seconds()
    try:
        reason, generations = _breed(spec, pool, began)
        # As the history has it: what is not there, or is damaged, is not part of a finished run.
        digest = run_digest(read_once(pool, _read_again(spec, pool, generations)))
        pool.log.finish(spec.run, "finished", digest)
    except BaseException as error:
        state: RunState = pool.left() if isinstance(error, _PASSING) else "failed"
        with suppress(StoreError):
            pool.log.finish(spec.run, state, None)
        pool.watcher(RunEnded(spec, state))
        raise
    pool.watcher(RunEnded(spec, "finished"))
    return Outcome(digest, reason, pool.clock.seconds() - began)


def read_once(pool: Pool, records: Iterable[GenerationRecord]) -> Iterator[GenerationRecord]:
    """Yield the generations of a run that is over, and give each to the session."""
    for record in records:
        pool.read(record)
        yield record


def _read_again(spec: RunSpec, pool: Pool, generations: int) -> Iterator[GenerationRecord]:
    """Yield what the history has, and tell how much of it that is: of a large run it takes a while."""
    read = 0
    pool.watcher(RunClosing(spec, read, generations))
    for page in pages(pool.log, spec.run):
        yield from page
        read += len(page)
        pool.watcher(RunClosing(spec, read, generations))


def _breed(spec: RunSpec, pool: Pool, began: float) -> tuple[str, int]:
    """Add generations until a budget is used up; return which one, and how many there are."""

    def learn(newborn: Sequence[Individual]) -> None:
        pool.engine.recall(newborn)
        pool.recall(newborn)

    population, best, seen, champion = recalled(pool.log, spec.run, learn)
    pool.watcher(RunStarted(spec, population, champion))
    while (reason := _over(spec, pool, best, seen, began)) is None:
        started = pool.clock.seconds()
        candidates = pool.engine.ask(population, seen)
        if not candidates:
            return "every genome that there is was tried", len(best)
        genomes = [candidate.genome for candidate in candidates]
        evaluations = pool.evaluator.evaluate(genomes, _progress(pool, len(genomes)))
        population = pool.engine.tell(population, candidates, evaluations)
        newborn = tuple(map(Individual, candidates, evaluations, [population.generation] * len(genomes)))
        seconds = pool.clock.seconds() - started
        record = GenerationRecord(population, newborn, seconds, pool.evaluator.hits, pool.tally.take())
        pool.log.record(spec.run, record)
        pool.watcher(GenerationFinished(spec, record))
        best.append(best_fitness(population))
        seen.update(genome.fingerprint for genome in genomes)
    return reason, len(best)


class Recalled(NamedTuple):
    """What a run is resumed from.

    Parameters
    ----------
    population
        Its newest population; None before the first.
    best
        Best fitness of each generation.
    seen
        Fingerprints of all genomes that were asked for.
    champion
        First of the leaderboard so far.
    """

    population: Population | None
    best: list[float | None]
    seen: Tried
    champion: Individual | None


def recalled(
    store: RecordedGenerations, run: str, learn: Callable[[Sequence[Individual]], None] = lambda _: None
) -> Recalled:
    """Return what the history holds of a run that is resumed, and tell who has to learn from it again."""
    population: Population | None = None
    champion: Individual | None = None
    best, seen = list[float | None](), Tried()
    for record in recorded(store, run):
        population, champion = record.population, champion_of(champion, record.newborn)
        learn(record.newborn)
        best.append(best_fitness(population))
        seen.update(individual.genome.fingerprint for individual in record.newborn)
    return Recalled(population, best, seen, champion)


def _over(spec: RunSpec, pool: Pool, best: list[float | None], seen: Tried, began: float) -> str | None:
    """Return which budget is used up, None when none is; raise when the user wants to stop."""
    minutes = spec.settings.minutes
    if reason := stop_reason(best, len(seen), spec.settings):
        return reason
    if minutes is not None and pool.clock.seconds() - began >= 60 * minutes:
        return f"{minutes:g} minutes"
    if pool.interrupted():
        raise Interrupted(f"run {spec.run} was stopped")
    return None


def _progress(pool: Pool, asked: int) -> Callable[[Sequence[Evaluation]], None]:
    done = 0

    def batch_finished(batch: Sequence[Evaluation]) -> None:
        nonlocal done
        done += len(batch)
        pool.watcher(GenerationAdvanced(done, asked))
        if done < asked and pool.interrupted():
            raise Interrupted("stopped between two batches")

    return batch_finished
