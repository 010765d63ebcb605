"""A run never waits for its history, and its history misses nothing."""

import math
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typing_extensions import override

from genepool.adapters.journal.carrier import LONGEST_PAUSE_SECONDS
from genepool.adapters.journal.intake import FAR_BEHIND, GIVE_WAY_SECONDS
from genepool.errors import Fenced, Interrupted, RunFinished, RunNotFound, StoreAway, StoreError
from genepool.evolution.engine import Engine
from genepool.evolution.settings import EvolutionSettings
from genepool.history import GenerationRecord, NodeWork, RunState
from genepool.pool.cached import CachedEvaluator
from genepool.pool.loop import Pool, evolve
from genepool.pool.recalled import RecalledEvaluations
from genepool.ports import RecordedGenerations
from genepool.randomness import Purpose, generator
from tests.fakes.clocks import RealClock
from tests.fakes.histories import a_generation, a_genome, a_history, a_result, a_spec
from tests.fakes.journaled_store import JournaledStore
from tests.fakes.memory import EventLog, ManualClock, MemoryEvaluator, MemoryStore
from tests.fakes.moody_store import MoodyStore
from tests.fakes.recorded import populations
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.species import SPECIES, hilly
from tests.fakes.stores import WholeHistory

RECORDS = a_history(6)
MOODS = [MoodyStore.away, MoodyStore.frozen]
MOOD_NAMES = ["away", "frozen"]


@pytest.fixture
def inner() -> MoodyStore:
    store = MoodyStore()
    store.create(a_spec())
    return store


@pytest.fixture
def notes() -> ServiceNotes:
    return ServiceNotes()


@contextmanager
def journaled(
    inner: MoodyStore,
    folder: Path,
    notes: ServiceNotes | None = None,
    interrupted: Callable[[], bool] = lambda: False,
    limit: int = 1 << 30,
) -> Iterator[JournaledStore]:
    store = JournaledStore(inner, folder, notes or ServiceNotes(), RealClock(), interrupted, limit)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def store(inner: MoodyStore, tmp_path: Path, notes: ServiceNotes) -> Iterator[JournaledStore]:
    with journaled(inner, tmp_path, notes) as opened:
        opened.claim("first")
        yield opened


def texts(store: RecordedGenerations, run: str = "first") -> list[str]:
    """Return a run's populations as texts, because -0.0 equals 0.0."""
    return [repr(population) for population in populations(store, run)]


MANY = a_history(45)
EXPECTED = [repr(record.population) for record in RECORDS]


def leave_behind(inner: MoodyStore, folder: Path, records: list[GenerationRecord]) -> None:
    """Acknowledge generations that never reach the history, as a killed coordinator does."""
    with capture_logs(), inner.away():
        store = JournaledStore(inner, folder, ServiceNotes(), RealClock())
        store._inquiry.claimed.add("first")
        for record in records:
            store.record("first", record)
        store.close()


class TestOutages:
    @pytest.mark.parametrize("mood", MOODS, ids=MOOD_NAMES)
    def test_generations_are_acknowledged_at_once_and_carried_in_order_later(
        self,
        inner: MoodyStore,
        store: JournaledStore,
        mood: Callable[[MoodyStore], AbstractContextManager[None]],
    ) -> None:
        with mood(inner):
            began = time.monotonic()
            for record in RECORDS:
                store.record("first", record)
            assert time.monotonic() - began < 1.0
        assert texts(store) == EXPECTED
        assert texts(inner) == EXPECTED

    def test_a_run_gives_way_to_a_history_that_is_back_and_far_behind(
        self, inner: MoodyStore, store: JournaledStore
    ) -> None:
        with inner.away():
            for record in MANY[:-1]:
                store.record("first", record)
        time.sleep(LONGEST_PAUSE_SECONDS / 2)
        store.record("first", MANY[-1])
        assert len(inner._run("first").records) >= len(MANY) - FAR_BEHIND

    def test_a_frozen_history_is_given_way_to_once(self, inner: MoodyStore, store: JournaledStore) -> None:
        with inner.frozen():
            began = time.monotonic()
            for record in MANY:
                store.record("first", record)
            assert time.monotonic() - began < 1.5 * GIVE_WAY_SECONDS

    def test_a_history_that_refuses_one_of_many_keeps_those_before_it(
        self, inner: MoodyStore, store: JournaledStore
    ) -> None:
        with inner.away():
            for record in [*RECORDS[:2], a_generation(5, 77)]:
                store.record("first", record)
        with pytest.raises(StoreError, match="cannot be the next"):
            populations(store, "first")
        assert texts(inner) == EXPECTED[:2]

    def test_everything_that_a_generation_is_made_of_arrives(
        self, inner: MoodyStore, store: JournaledStore
    ) -> None:
        work = (NodeWork("ray-worker-1", "cpu", 3, 0.1), NodeWork("ray-worker-2", "memory", 1, 1 / 3))
        record = replace(RECORDS[0], work=work)
        store.record("first", record)
        populations(store, "first")
        assert repr(inner._run("first").records) == repr([record])

    @pytest.mark.timed
    @pytest.mark.parametrize("mood", MOODS, ids=MOOD_NAMES)
    def test_the_cache_that_the_history_is_knows_nothing_then_and_costs_a_second_at_most(
        self,
        inner: MoodyStore,
        store: JournaledStore,
        mood: Callable[[MoodyStore], AbstractContextManager[None]],
    ) -> None:
        store.remember("p" * 16, [a_result(a_genome(0))])
        populations(store, "first")
        name = a_genome(0).fingerprint
        assert list(store.evaluations("p" * 16, [name])) == [name]
        with mood(inner):
            began = time.monotonic()
            for record in RECORDS:
                assert store.evaluations("p" * 16, [name]) == {}
                assert not store.stop_requested("first")
                store.record("first", record)
            # One wait of a second, and what a busy machine adds.
            assert time.monotonic() - began < 1.9
        populations(store, "first")
        assert list(store.evaluations("p" * 16, [name])) == [name]

    def test_a_reader_of_the_whole_history_waits_until_it_is_there(
        self, inner: MoodyStore, store: JournaledStore
    ) -> None:
        answers: list[int] = []
        with inner.away():
            for record in RECORDS:
                store.record("first", record)
            asking = threading.Thread(target=lambda: answers.append(len(populations(store, "first"))))
            asking.start()
            asking.join(0.3)
            assert answers == []
        asking.join(10.0)
        assert answers == [len(RECORDS)]

    def test_an_outage_is_told_once_each_way(
        self, inner: MoodyStore, store: JournaledStore, notes: ServiceNotes
    ) -> None:
        store.record("first", RECORDS[0])
        populations(store, "first")
        with inner.away(), capture_logs() as log:
            for record in RECORDS[1:]:
                store.record("first", record)
                store.evaluations("p" * 16, ["x"])
            time.sleep(0.7)
        populations(store, "first")
        assert notes.store == [True, False, True]
        assert [entry["event"] for entry in log] == ["history_away"]
        assert [reason for by, reason in notes.hindrances if by == "history" and reason]
        assert notes.hindrances[-1] == ("history", None)

    def test_what_the_journal_holds_is_told(
        self, inner: MoodyStore, store: JournaledStore, notes: ServiceNotes
    ) -> None:
        with inner.away():
            for record in RECORDS:
                store.record("first", record)
            generations, size = notes.held[-1]
            assert generations == len(RECORDS)
            assert size > 1_000
        populations(store, "first")
        assert notes.held[-1] == (0, 0)
        # The first went alone; what waited behind it is carried together.
        assert notes.transactions["record"] <= 2

    def test_a_watch_for_a_stop_on_another_thread_delays_no_record(
        self, store: JournaledStore, notes: ServiceNotes
    ) -> None:
        enough = threading.Event()

        def watch() -> None:
            while not enough.is_set():
                assert not store.stop_requested("first")

        thread = threading.Thread(target=watch)
        thread.start()
        for record in RECORDS:
            for _ in range(20):
                store.evaluations("p" * 16, ["x"])
            store.record("first", record)
        enough.set()
        thread.join()
        assert False not in notes.store


class TestStopping:
    @pytest.mark.parametrize("mood", MOODS, ids=MOOD_NAMES)
    def test_a_user_who_wants_to_stop_does_not_wait_for_the_history(
        self,
        inner: MoodyStore,
        tmp_path: Path,
        mood: Callable[[MoodyStore], AbstractContextManager[None]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("genepool.adapters.journal.history_calls._GRACE_SECONDS", 0.2)
        with journaled(inner, tmp_path, interrupted=lambda: True) as store:
            store.claim("first")
            with mood(inner):
                store.record("first", RECORDS[0])
                with pytest.raises(Interrupted):
                    populations(store, "first")
                store.finish("first", "interrupted", None)
                with pytest.raises(StoreAway, match="how run first ended is still in the journal"):
                    store.submit("first")
                store.close()
        with journaled(inner, tmp_path) as store:
            assert inner.state("first") == "running"
            store.claim("first")
            assert texts(store) == EXPECTED[:1]
            assert inner.state("first") == "running"

    def test_a_run_that_is_stopped_while_all_is_well_is_interrupted_when_finish_returns(
        self, inner: MoodyStore, store: JournaledStore
    ) -> None:
        store.record("first", RECORDS[0])
        store.finish("first", "interrupted", None)
        assert inner.state("first") == "interrupted"
        store.submit("first")
        assert store.next_run() == "first"

    def test_a_run_that_ended_during_an_outage_ends_in_the_history_too(
        self, inner: MoodyStore, store: JournaledStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("genepool.adapters.journal.history_calls._GRACE_SECONDS", 0.1)
        with inner.away():
            store.record("first", RECORDS[0])
            store.finish("first", "interrupted", None)
            assert inner.state("first") == "running"
        inner.create(a_spec("second"))
        store.claim("second")
        assert inner.state("first") == "interrupted"
        assert texts(inner) == EXPECTED[:1]

    def test_a_finished_run_has_its_whole_history(self, inner: MoodyStore, store: JournaledStore) -> None:
        for record in RECORDS:
            store.record("first", record)
        store.finish("first", "finished", "abc")
        assert (inner.summaries()[0].state, inner.summaries()[0].generations) == ("finished", len(RECORDS))


class TestLeftovers:
    def test_a_claim_carries_first_what_an_earlier_process_left(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:4])
        assert texts(inner) == []
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            assert texts(inner) == EXPECTED[:4]
            store.record("first", RECORDS[4])
            assert texts(store) == EXPECTED[:5]

    def test_what_was_stored_already_is_not_stored_twice(self, inner: MoodyStore, tmp_path: Path) -> None:
        leave_behind(inner, tmp_path, RECORDS[:4])
        for record in RECORDS[:2]:
            inner.record("first", record)
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            assert texts(store) == EXPECTED[:4]

    def test_a_run_with_leftovers_is_the_next(self, inner: MoodyStore, tmp_path: Path) -> None:
        inner.create(a_spec("second"))
        inner.submit("second")
        leave_behind(inner, tmp_path, RECORDS[:2])
        with journaled(inner, tmp_path) as store:
            assert store.next_run() == "first"
            store.claim("first")
            store.finish("first", "finished", "abc")
            assert store.next_run() == "second"

    def test_another_runs_leftovers_are_carried_too_and_that_run_is_queued_again(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        inner.create(a_spec("second"))
        leave_behind(inner, tmp_path, RECORDS[:2])
        with journaled(inner, tmp_path) as store:
            store.claim("second")
            assert (inner.state("first"), inner.state("second")) == ("queued", "running")
            assert texts(inner) == EXPECTED[:2]

    def test_leftovers_of_a_run_that_is_gone_are_kept_aside_and_stand_in_nobodys_way(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:2])
        fresh = MoodyStore()
        fresh.create(a_spec("second"))
        with journaled(fresh, tmp_path) as store, capture_logs() as log:
            store.claim("second")
        refused = [entry for entry in log if entry["event"] == "journal_refused"]
        assert [(entry["runs"], entry["kept"]) for entry in refused] == [
            (["first"], str(tmp_path / "journal.refused-1"))
        ]

    def test_leftovers_that_the_history_contradicts_are_an_error_once_and_kept_aside(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:2])
        inner.record("first", a_generation(0, 100))
        with journaled(inner, tmp_path) as store:
            with pytest.raises(StoreError, match="diverged"):
                store.claim("first")
            store.claim("first")
            assert len(populations(store, "first")) == 1
        assert (tmp_path / "journal.refused-1").exists()

    def test_leftovers_of_a_run_that_is_gone_do_not_come_up_again_and_again(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:2])
        with journaled(MoodyStore(), tmp_path) as store:
            assert store.next_run() == "first"
            with pytest.raises(RunNotFound):
                store.claim("first")
            assert store.next_run() is None
        assert (tmp_path / "journal.refused-1").exists()

    def test_leftovers_of_a_run_that_is_anothers_are_kept_aside_once(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        class Taken(MoodyStore):
            @override
            def claim(self, run: str) -> None:
                raise Fenced(f"run {run} is owned by another process")

        leave_behind(inner, tmp_path, RECORDS[:2])
        taken = Taken()
        taken.create(a_spec())
        with journaled(taken, tmp_path) as store:
            for _ in range(2):
                with pytest.raises(Fenced, match="owned by another"):
                    store.claim("first")
            assert store.next_run() is None
        assert len(list(tmp_path.glob("journal.refused-*"))) == 1

    def test_leftovers_outlive_a_history_that_takes_no_claims_for_now(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        class ReadOnly(MoodyStore):
            @override
            def claim(self, run: str) -> None:
                raise StoreError("the history may only be read")

        leave_behind(inner, tmp_path, RECORDS[:2])
        with journaled(ReadOnly(), tmp_path) as store, pytest.raises(StoreError, match="only be read"):
            store.claim("first")
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            assert texts(inner) == EXPECTED[:2]


class TestLeftoversOfRunsThatAreOver:
    def ended_elsewhere(self, inner: MoodyStore, records: list[GenerationRecord], state: RunState) -> None:
        inner.claim("first")
        for record in records:
            inner.record("first", record)
        inner.finish("first", state, "abc" if state == "finished" else None)

    @pytest.mark.parametrize("ask", ["next_run", "claim"])
    def test_what_the_history_has_of_a_finished_run_is_dropped_in_silence(
        self, inner: MoodyStore, tmp_path: Path, ask: str
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:2])
        self.ended_elsewhere(inner, RECORDS, "finished")
        before = inner.summaries()
        with journaled(inner, tmp_path) as store, capture_logs() as log:
            if ask == "claim":
                with pytest.raises(RunFinished):
                    store.claim("first")
            assert store.next_run() is None
            assert store.journaled._carrier.empty
        assert [entry for entry in log if entry["log_level"] != "info"] == []
        assert inner.summaries() == before
        assert list(tmp_path.glob("journal.refused-*")) == []

    @pytest.mark.parametrize("ask", ["next_run", "claim"])
    def test_what_a_finished_run_never_had_is_kept_aside(
        self, inner: MoodyStore, tmp_path: Path, ask: str
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:4])
        self.ended_elsewhere(inner, RECORDS[:3], "finished")
        before = inner.summaries()
        with journaled(inner, tmp_path) as store, capture_logs() as log:
            if ask == "claim":
                with pytest.raises(RunFinished):
                    store.claim("first")
            assert store.next_run() is None
        assert [entry["event"] for entry in log if entry["log_level"] == "error"] == ["journal_refused"]
        assert inner.summaries() == before
        assert len(list(tmp_path.glob("journal.refused-*"))) == 1

    def test_they_stand_in_no_other_runs_way(self, inner: MoodyStore, tmp_path: Path) -> None:
        leave_behind(inner, tmp_path, RECORDS[:2])
        self.ended_elsewhere(inner, RECORDS, "finished")
        before = inner.summaries()
        inner.create(a_spec("second"))
        with journaled(inner, tmp_path) as store:
            store.claim("second")
            assert inner.summaries()[1:] == before

    @pytest.mark.parametrize("state", ["interrupted", "failed"])
    @pytest.mark.parametrize("ask", ["next_run", "claim another"])
    def test_what_a_run_that_ended_otherwise_lacks_is_carried_and_its_end_stands(
        self, inner: MoodyStore, tmp_path: Path, state: RunState, ask: str
    ) -> None:
        leave_behind(inner, tmp_path, RECORDS[:4])
        self.ended_elsewhere(inner, RECORDS[:1], state)
        inner.create(a_spec("second"))
        with journaled(inner, tmp_path) as store:
            if ask == "next_run":
                assert store.next_run() is None
            else:
                store.claim("second")
        assert (inner.state("first"), texts(inner)) == (state, EXPECTED[:4])

    def test_a_run_that_failed_because_the_history_contradicts_it_is_not_tried_again(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            inner.record("first", a_generation(0, 100))
            store.record("first", RECORDS[0])
            with pytest.raises(StoreError, match="diverged"):
                populations(store, "first")
            store.finish("first", "failed", None)
            assert store.next_run() is None
        assert inner.state("first") == "failed"
        assert len(list(tmp_path.glob("journal.refused-*"))) == 1

    def test_a_run_that_failed_during_an_outage_is_not_taken_up_when_the_history_is_back(
        self, inner: MoodyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("genepool.adapters.journal.history_calls._GRACE_SECONDS", 0.1)
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            with inner.away():
                store.record("first", RECORDS[0])
                store.finish("first", "failed", None)
            assert store.next_run() is None
            assert (inner.state("first"), texts(inner)) == ("failed", EXPECTED[:1])


class TestRestarts:
    def left_during_an_outage(self, inner: MoodyStore, folder: Path) -> None:
        """Stop a coordinator, and its run with it, while the history is away."""
        with capture_logs(), inner.away():
            store = JournaledStore(inner, folder, ServiceNotes(), RealClock(), lambda: True)
            inner._run("first").claims += 1
            store._inquiry.claimed.add("first")
            store.journaled._calls.grace = lambda: lambda: True  # type: ignore[method-assign] # at once
            store.record("first", RECORDS[0])
            store.finish("first", "queued", None)
            store.close()

    def test_a_run_left_during_an_outage_is_the_next_after_the_restart(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        self.left_during_an_outage(inner, tmp_path)
        with journaled(inner, tmp_path) as store:
            assert store.next_run() == "first"
            store.claim("first")
            assert (texts(inner), inner.state("first")) == (EXPECTED[:1], "running")

    def test_it_is_not_lost_when_another_run_comes_first(self, inner: MoodyStore, tmp_path: Path) -> None:
        inner.create(a_spec("second"))
        self.left_during_an_outage(inner, tmp_path)
        with journaled(inner, tmp_path) as store:
            store.claim("second")
            assert (texts(inner), inner.state("first")) == (EXPECTED[:1], "queued")
            store.finish("second", "finished", "abc")
            assert store.next_run() == "first"

    @pytest.mark.parametrize("ask", ["next_run", "claim another"])
    def test_a_user_who_stops_it_meanwhile_has_the_last_word(
        self, inner: MoodyStore, tmp_path: Path, ask: str
    ) -> None:
        self.left_during_an_outage(inner, tmp_path)
        inner.submit("first")
        inner.request_stop("first")
        inner.create(a_spec("second"))
        with journaled(inner, tmp_path) as store:
            if ask == "next_run":
                assert store.next_run() is None
            else:
                store.claim("second")
        assert (inner.state("first"), texts(inner)) == ("interrupted", EXPECTED[:1])

    def test_an_idle_coordinator_can_be_stopped_while_the_history_is_frozen(self, tmp_path: Path) -> None:
        class Stiff(MoodyStore):
            @override
            def next_run(self) -> str | None:
                self._answer()
                return super().next_run()

        stiff = Stiff()
        store = JournaledStore(stiff, tmp_path, ServiceNotes(), RealClock(), lambda: True)
        with stiff.frozen(), pytest.raises(Interrupted):
            store.next_run()
        store.close()


class TestRefusals:
    @pytest.mark.parametrize("error", [Fenced("another coordinator owns run first"), StoreError("no")])
    def test_a_history_that_refuses_ends_the_run_at_the_next_write(
        self, inner: MoodyStore, store: JournaledStore, notes: ServiceNotes, error: StoreError
    ) -> None:
        store.record("first", RECORDS[0])
        populations(store, "first")
        inner.refusal = error
        store.record("first", RECORDS[1])
        for ask in (lambda: populations(store, "first"), lambda: store.record("first", RECORDS[2])):
            with pytest.raises(type(error), match=str(error)):
                ask()
        assert notes.fences == isinstance(error, Fenced)
        inner.refusal = None
        store.claim("first")
        store.record("first", RECORDS[1])
        assert texts(store) == EXPECTED[:2]

    def test_a_number_that_is_not_finite_is_refused_at_once(self, store: JournaledStore) -> None:
        individual = RECORDS[0].newborn[0]
        broken = replace(individual, evaluation=a_result(individual.genome, score=math.nan))
        with pytest.raises(StoreError, match="not finite"):
            store.record("first", replace(RECORDS[0], newborn=(broken,)))

    def test_a_run_that_is_not_claimed_is_written_straight_into_the_history(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        with journaled(inner, tmp_path) as store:
            store.record("first", RECORDS[0])
            assert texts(inner) == EXPECTED[:1]


class TestRoom:
    def test_at_its_limit_a_run_waits_and_continues_when_the_history_is_back(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        acknowledged: list[int] = []
        with journaled(inner, tmp_path, limit=12_000) as store:
            store.claim("first")

            def run() -> None:
                for record in RECORDS:
                    store.record("first", record)
                    acknowledged.append(record.population.generation)

            with inner.away():
                thread = threading.Thread(target=run)
                thread.start()
                thread.join(0.5)
                assert 1 <= len(acknowledged) < len(RECORDS)
                assert (tmp_path / "journal").stat().st_size < 12_000
            thread.join(20.0)
            assert texts(store) == EXPECTED

    def test_a_journal_whose_entries_are_all_carried_gives_the_disk_back(
        self, inner: MoodyStore, tmp_path: Path
    ) -> None:
        with journaled(inner, tmp_path) as store:
            store.claim("first")
            for record in RECORDS:
                store.record("first", record)
        assert (tmp_path / "journal").stat().st_size < 2_000

    @pytest.fixture
    def full_disk(self) -> Iterator[None]:
        """No file of this process can grow beyond 8 KiB."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    @pytest.mark.usefixtures("full_disk")
    def test_with_its_disk_full_generations_go_to_the_history_itself(
        self, inner: MoodyStore, tmp_path: Path, notes: ServiceNotes
    ) -> None:
        with journaled(inner, tmp_path, notes=notes) as store, capture_logs() as log:
            store.claim("first")
            for number in range(3):
                record = a_generation(number, 100 * number, size=40)
                store.record("first", record)
                assert len(populations(inner, "first")) == number + 1
        assert [entry["event"] for entry in log if entry["event"] == "journal_full"] == ["journal_full"]
        assert [reason for by, reason in notes.hindrances if by == "journal" and reason]


def bred(store: WholeHistory) -> str:
    spec = a_spec(
        settings=EvolutionSettings(population_size=20, generations=15), strategies=("cycle", "slope")
    )
    store.create(replace(spec, run="bred"))
    known = RecalledEvaluations(store, spec.problem_digest)
    coat = CachedEvaluator(MemoryEvaluator(hilly).evaluate, known, lambda _: None)
    engine = Engine(SPECIES, spec.settings, spec.seed)
    return evolve(replace(spec, run="bred"), Pool(engine, coat, store, EventLog(), ManualClock())).digest


@pytest.mark.slow
def test_a_run_through_outages_ends_in_the_same_digest(
    inner: MoodyStore, tmp_path: Path, notes: ServiceNotes
) -> None:
    enough, chance = threading.Event(), generator(3, Purpose.BENCHMARK)

    def moods() -> None:
        # Of uneven length: in step with the carrier's pauses, each of its attempts would meet the same mood.
        # A good one lasts long enough for some generations at once.
        while not enough.is_set():
            for mood in MOODS:
                with mood(inner):
                    enough.wait(chance.uniform(0.01, 0.05))
                enough.wait(chance.uniform(0.03, 0.12))

    with journaled(inner, tmp_path, notes) as store:
        thread = threading.Thread(target=moods)
        thread.start()
        digest = bred(store)
        enough.set()
        thread.join()
    assert digest == bred(MemoryStore())
    assert False in notes.store
