"""The loop: start and resume are one path, and every ending leaves a history that can be resumed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.errors import (
    Fenced,
    GenepoolError,
    Interrupted,
    RunFinished,
    ServiceUnavailable,
    StoreAway,
    StoreError,
)
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.history import RunSpec, RunState
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Outcome, Pool, evolve
from genepool.pool.resuming import resume
from genepool.ports import Clock, Watcher
from tests.fakes.histories import a_spec
from tests.fakes.memory import EventLog, ManualClock, MemoryCache, MemoryEvaluator, MemoryStore
from tests.fakes.recorded import populations
from tests.fakes.species import SPECIES, hilly
from tests.fakes.stores import Crash, CrashingStore, FullStore, WholeHistory

SETTINGS = EvolutionSettings(population_size=12, generations=5)


def run(
    store: WholeHistory,
    spec: RunSpec,
    interrupted: Callable[[], bool] = lambda: False,
    watcher: Watcher | None = None,
    clock: Clock | None = None,
    score: Callable[[Genome], Evaluation] = hilly,
    left: Callable[[], RunState] = lambda: "interrupted",
    manner: Callable[[RunSpec, Pool], Outcome] = evolve,
) -> Outcome:
    """Resume a run as a fresh process would: with new objects around the old store."""
    problem = spec.problem_digest
    remember: Callable[[Sequence[Evaluation]], None] = lambda found: store.remember(problem, found)  # noqa: E731 - a port's shape
    coat = CachedEvaluator(
        MemoryEvaluator(score, 5).evaluate, MemoryCache(store.evaluations(problem)), remember
    )
    engine = Engine(SPECIES, spec.settings, spec.seed)
    watching = watcher or EventLog()
    return manner(spec, Pool(engine, coat, store, watching, clock or ManualClock(), interrupted, left=left))


def started(settings: EvolutionSettings = SETTINGS) -> tuple[MemoryStore, RunSpec]:
    store, spec = MemoryStore(), a_spec(settings=settings, strategies=("cycle", "slope"))
    store.create(spec)
    return store, spec


def after(calls: int) -> Callable[[], bool]:
    """Return a wish to stop that comes after so many questions."""
    asked = iter(range(1_000_000))
    return lambda: next(asked) >= calls


@pytest.fixture(scope="module")
def uninterrupted() -> str:
    return run(*started()).digest


class TestEndings:
    def test_a_run_ends_with_its_generations_and_its_digest_in_the_history(self) -> None:
        store, spec = started()
        outcome = run(store, spec)
        summary = store.summaries()[0]
        assert (summary.state, summary.generations, summary.digest) == ("finished", 5, outcome.digest)
        assert outcome.reason == "5 generations"

    def test_a_budget_of_evaluations_is_kept_exactly(self) -> None:
        store, spec = started(replace(SETTINGS, evaluations=31))
        outcome = run(store, spec)
        assert store.summaries()[0].evaluations == 31
        assert outcome.reason == "31 evaluations"

    def test_minutes_end_a_run_between_generations_and_it_can_be_resumed(self, uninterrupted: str) -> None:
        store, spec = started(replace(SETTINGS, minutes=1))
        outcome = run(store, spec, clock=ManualClock(tick=10.0))
        assert outcome.reason == "1 minutes"
        assert 0 < store.summaries()[0].generations < 5
        while store.summaries()[0].generations < 5:
            outcome = run(store, spec, clock=ManualClock(tick=10.0), manner=resume)
        assert outcome.digest == uninterrupted

    def test_a_finished_run_that_is_resumed_stays_as_it_is(self, uninterrupted: str) -> None:
        store, spec = started()
        ended = run(store, spec)
        log, before = EventLog(), store.summaries()
        outcome = run(store, spec, watcher=log, manner=resume)
        assert (outcome.digest, outcome.reason) == (uninterrupted, ended.reason)
        assert log.events == [("run_started", 4), ("run_finished", "finished")]
        assert (store.summaries(), store._run(spec.run).claims) == (before, 1)

    def test_a_finished_run_is_resumed_only_by_its_user(self) -> None:
        store, spec = started(replace(SETTINGS, minutes=1))
        run(store, spec, clock=ManualClock(tick=10.0))
        log, before = EventLog(), store.summaries()
        with pytest.raises(RunFinished, match="is finished, with the digest"):
            run(store, spec, watcher=log)
        assert (store.summaries(), log.events) == (before, [])

    def test_a_run_that_has_tried_every_genome_ends(self) -> None:
        store, spec = started(replace(SETTINGS, generations=50))
        pool_of_one = {"cycle": replace(SPECIES["cycle"], repair=lambda genes: dict.fromkeys(genes, 0.0))}
        coat = CachedEvaluator(MemoryEvaluator(hilly).evaluate, MemoryCache(), lambda _: None)
        engine = Engine(pool_of_one, spec.settings, spec.seed)
        outcome = evolve(spec, Pool(engine, coat, store, EventLog(), ManualClock()))
        assert outcome.reason == "every genome that there is was tried"

    def test_a_failing_evaluator_fails_the_run_and_what_was_finished_is_kept(self) -> None:
        store, spec = started()
        log = EventLog()
        with pytest.raises(GenepoolError, match="out of order"):
            run(store, spec, watcher=log, score=_breaks_at(9))
        assert store.summaries()[0].state == "failed"
        assert log.events[-1] == ("run_finished", "failed")
        assert len(store.evaluations(spec.problem_digest)) == 5


class TestPassingTrouble:
    @pytest.mark.parametrize(
        "trouble",
        [
            ServiceUnavailable("the cluster is lost"),
            StoreAway("the history does not answer"),
            Fenced("another coordinator owns it"),
            Interrupted("stopped"),
            KeyboardInterrupt(),
            SystemExit(15),
        ],
        ids=lambda trouble: type(trouble).__name__,
    )
    @pytest.mark.parametrize("left", ["interrupted", "queued"])
    def test_it_never_leaves_a_run_failed(self, trouble: BaseException, left: RunState) -> None:
        store, spec = started()
        log = EventLog()

        def score(_: Genome) -> Evaluation:
            raise trouble

        with pytest.raises(type(trouble)):
            run(store, spec, watcher=log, score=score, left=lambda: left)
        assert store.state(spec.run) == left
        assert log.events[-1] == ("run_finished", left)

    def test_a_run_that_is_queued_again_arrives(self, uninterrupted: str) -> None:
        store, spec = started()
        with pytest.raises(Interrupted):
            run(store, spec, after(3), left=lambda: "queued")
        assert (store.next_run(), store.summaries()[0].finished_at) == (spec.run, None)
        assert run(store, spec).digest == uninterrupted


class TestResuming:
    @pytest.mark.parametrize("calls", [0, 1, 2, 3, 4, 7, 11])
    def test_interrupted_anywhere_and_resumed_equals_uninterrupted(
        self, calls: int, uninterrupted: str
    ) -> None:
        store, spec = started()
        with pytest.raises(Interrupted):
            run(store, spec, after(calls))
        assert store.summaries()[0].state == "interrupted"
        assert run(store, spec).digest == uninterrupted

    def test_interrupted_after_every_other_batch_it_still_arrives(self, uninterrupted: str) -> None:
        store, spec = started()
        sessions = 0
        while store.summaries()[0].state != "finished":
            sessions += 1
            with suppress(Interrupted):
                run(store, spec, after(2))
        assert store.summaries()[0].digest == uninterrupted
        assert sessions > 5

    def test_a_resumed_generation_does_not_pay_again_for_what_was_finished(self) -> None:
        store, spec = started()
        with pytest.raises(Interrupted):
            run(store, spec, after(2))
        kept = len(store.evaluations(spec.problem_digest))
        log = EventLog()
        run(store, spec, watcher=log)
        assert kept == 10
        assert log.events[:2] == [("run_started", None), ("batch_finished", (10, 12))]

    @pytest.mark.parametrize("written", [False, True])
    def test_a_crash_at_every_write_leaves_a_run_that_arrives(
        self, uninterrupted: str, written: bool
    ) -> None:
        store, spec = started()
        counting = CrashingStore(store, -1, written=True)
        run(counting, spec)
        assert counting.writes == 7
        for at in range(counting.writes):
            store, spec = started()
            with pytest.raises(Crash):
                run(CrashingStore(store, at, written=written), spec)
            assert run(store, spec, manner=resume).digest == uninterrupted

    def test_a_crash_during_each_recovery_is_survived_too(self, uninterrupted: str) -> None:
        store, spec = started()
        for at in (3, 1, 2, 0):
            with pytest.raises(Crash):
                run(CrashingStore(store, at, written=at % 2 == 0), spec)
        assert run(store, spec).digest == uninterrupted

    def test_another_seed_is_another_run(self, uninterrupted: str) -> None:
        store = MemoryStore()
        spec = a_spec(settings=SETTINGS, seed=8)
        store.create(spec)
        assert run(store, spec).digest != uninterrupted


class TestWatching:
    def test_watchers_hear_of_every_batch_and_generation_in_order(self) -> None:
        store, spec = started(replace(SETTINGS, generations=2))
        log = EventLog()
        run(store, spec, watcher=log)
        batches = [("batch_finished", (done, 12)) for done in (5, 10, 12)]
        assert log.events == [
            ("run_started", None),
            *batches,
            ("generation_finished", 0),
            *batches,
            ("generation_finished", 1),
            *[("run_closing", (read, 2)) for read in (0, 1, 2)],
            ("run_finished", "finished"),
        ]

    def test_the_history_has_a_generation_before_watchers_hear_of_it(self) -> None:
        store, spec = started()
        log = EventLog()
        with pytest.raises(Crash):
            run(CrashingStore(store, 2, written=True), spec, watcher=log)
        assert len(populations(store, spec.run)) == 2
        assert ("generation_finished", 0) in log.events
        assert ("generation_finished", 1) not in log.events

    def test_a_history_that_cannot_be_written_ends_the_run_with_its_own_error(self) -> None:
        store, spec = started()
        with pytest.raises(StoreError, match="the disk is full"):
            run(FullStore(store, 3), spec)
        assert len(populations(store, spec.run)) == 2


def _breaks_at(number: int) -> Callable[[Genome], Evaluation]:
    count = iter(range(1, 1_000_000))

    def score(genome: Genome) -> Evaluation:
        if next(count) == number:
            raise GenepoolError("the evaluator is out of order")
        return hilly(genome)

    return score
