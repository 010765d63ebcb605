"""What a user sees of a run that another process evolves."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from genepool.errors import Interrupted, NotTakenUp, RunNotFound, StoreAway, StoreError
from genepool.evolution.settings import EvolutionSettings
from genepool.history import GenerationRecord, RunState
from genepool.pool.following import FollowedProgress, Follower
from tests.fakes.histories import a_history, a_spec
from tests.fakes.memory import EventLog, MemoryStore

SPEC = a_spec(settings=EvolutionSettings(population_size=4, generations=3))


@dataclass
class Elsewhere:
    """A coordinator that does one thing whenever the follower pauses."""

    steps: list[Callable[[], None]]
    seconds: float = 0.0
    paused: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.seconds += seconds
        self.steps.pop(0)()


class Clock:
    def __init__(self, elsewhere: Elsewhere) -> None:
        self._elsewhere = elsewhere

    def seconds(self) -> float:
        return self._elsewhere.seconds


def recorded(store: MemoryStore, number: int) -> Callable[[], None]:
    return lambda: store.record("first", a_history()[number])


def ended(store: MemoryStore, state: RunState, digest: str | None = None) -> Callable[[], None]:
    return lambda: store.finish("first", state, digest)


def follower(
    store: MemoryStore, steps: list[Callable[[], None]], **more: object
) -> tuple[Follower, EventLog]:
    elsewhere, log = Elsewhere(steps), EventLog()
    made = Follower(store, store, store, log, Clock(elsewhere), elsewhere.pause, **more)  # type: ignore[arg-type] # two callables
    return made, log


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.create(SPEC)
    return made


def test_every_generation_is_shown_once_and_the_end(store: MemoryStore) -> None:
    steps = [
        recorded(store, 0),
        lambda: None,
        recorded(store, 1),
        recorded(store, 2),
        ended(store, "finished", "abc"),
    ]
    watching, log = follower(store, steps)
    outcome = watching.follow(SPEC)
    assert [subject for name, subject in log.events if name == "generation_finished"] == [0, 1, 2]
    assert log.events[-1] == ("run_finished", "finished")
    assert (outcome.digest, outcome.reason) == ("abc", "3 generations")


def test_the_session_reads_each_generation_once_with_those_from_before_it(store: MemoryStore) -> None:
    recorded(store, 0)()
    read: list[GenerationRecord] = []
    steps = [recorded(store, 1), lambda: None, recorded(store, 2), ended(store, "finished", "abc")]
    watching, _ = follower(store, steps, read=read.append)
    watching.follow(SPEC)
    assert read == a_history(3)


def test_the_run_is_handed_over_before_anything_is_shown(store: MemoryStore) -> None:
    states: list[str] = []
    watching, _ = follower(
        store, [lambda: states.append(store.state("first")), ended(store, "finished", "abc")]
    )
    watching.follow(SPEC)
    assert states == ["queued"]


def test_a_finished_run_whose_budget_is_used_up_is_shown_and_stays_as_it_is(store: MemoryStore) -> None:
    for record in a_history():
        store.record("first", record)
    store.finish("first", "finished", "abc")
    before = store.summaries()
    watching, log = follower(store, [])
    outcome = watching.follow(SPEC)
    assert (outcome.digest, outcome.reason) == ("abc", "3 generations")
    assert log.events == [("run_started", 2), ("run_finished", "finished")]
    assert store.summaries() == before


def test_a_finished_run_whose_budget_allows_more_is_queued_again(store: MemoryStore) -> None:
    store.record("first", a_history()[0])
    store.finish("first", "finished", "abc")
    states: list[str] = []
    watching, _ = follower(
        store, [lambda: states.append(store.state("first")), ended(store, "finished", "def")]
    )
    assert watching.follow(SPEC).digest == "def"
    assert states == ["queued"]


def test_a_running_run_shows_only_what_is_new(store: MemoryStore) -> None:
    for record in a_history()[:2]:
        store.record("first", record)
    watching, log = follower(store, [recorded(store, 2), ended(store, "finished", "abc")])
    watching.follow(SPEC)
    assert log.events[0] == ("run_started", 1)
    assert [subject for name, subject in log.events if name == "generation_finished"] == [2]


def test_a_follower_far_behind_leaves_the_history_to_its_writer_most_of_the_time() -> None:
    elsewhere, log = Elsewhere([]), EventLog()

    class Slow(MemoryStore):
        def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:  # type: ignore[explicit-override] # as above
            page = super().generations(run, first, min(count, 2))
            elsewhere.seconds += 0.2 * len(page)
            return page

    slow = Slow()
    slow.create(SPEC)

    def gathered() -> None:
        for record in a_history(6):
            slow.record("first", record)

    elsewhere.steps = [gathered, lambda: None, ended(slow, "finished", "abc")]
    Follower(slow, slow, slow, log, Clock(elsewhere), elsewhere.pause).follow(SPEC)
    assert [subject for name, subject in log.events if name == "generation_finished"] == list(range(6))
    assert elsewhere.paused == [pytest.approx(0.5), pytest.approx(4 * 0.6), pytest.approx(4 * 0.6)]


def test_batches_are_shown_while_a_generation_is_under_way(store: MemoryStore) -> None:
    watching, log = follower(
        store, [lambda: None, ended(store, "finished", "abc")], progress=lambda: FollowedProgress(3, 8)
    )
    watching.follow(SPEC)
    assert ("batch_finished", (3, 8)) in log.events


def test_it_is_shown_how_much_of_the_history_is_read_for_the_digest(store: MemoryStore) -> None:
    steps = [recorded(store, 0), lambda: None, ended(store, "finished", "abc")]
    watching, log = follower(store, steps, progress=lambda: FollowedProgress(0, 0, read=1))
    watching.follow(SPEC)
    assert ("run_closing", (1, 1)) in log.events
    assert "batch_finished" not in {name for name, _ in log.events}


def test_a_stop_is_asked_for_once_and_waited_for() -> None:
    asked: list[str] = []

    class Noted(MemoryStore):
        def request_stop(self, run: str) -> None:  # type: ignore[explicit-override] # Python 3.11 has none
            asked.append(run)

    noted = Noted()
    noted.create(SPEC)
    watching, log = follower(noted, [lambda: None, ended(noted, "interrupted")], interrupted=lambda: True)
    with pytest.raises(Interrupted, match="first was stopped"):
        watching.follow(SPEC)
    assert asked == ["first"]
    assert log.events[-1] == ("run_finished", "interrupted")


def test_a_run_that_was_given_up_says_where_the_reason_is(store: MemoryStore) -> None:
    watching, _ = follower(store, [ended(store, "failed")])
    with pytest.raises(StoreError, match="docker compose logs genetic-pool"):
        watching.follow(SPEC)


def test_a_history_that_is_away_for_a_while_is_waited_for() -> None:
    class Absent(MemoryStore):
        away = False

        def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:  # type: ignore[explicit-override] # as above
            if self.away:
                raise StoreAway("the history does not answer")
            return super().generations(run, first, count)

    absent = Absent()
    absent.create(SPEC)

    def leave() -> None:
        absent.away = True

    def come_back() -> None:
        absent.away = False
        absent.record("first", a_history()[0])

    watching, log = follower(absent, [leave, lambda: None, come_back, ended(absent, "finished", "abc")])
    watching.follow(SPEC)
    assert [subject for name, subject in log.events if name == "generation_finished"] == [0]


def test_a_coordinator_that_leaves_the_run_in_the_queue_is_not_waited_for_for_ever(
    store: MemoryStore,
) -> None:
    watching, log = follower(store, [lambda: None] * 7, patience=3.0)
    with pytest.raises(NotTakenUp, match="first waits in the queue, and no coordinator took it up"):
        watching.follow(SPEC)
    assert store.state("first") == "queued"
    assert log.events == [("run_started", None)]


def test_a_run_behind_another_waits_as_long_as_that_takes(store: MemoryStore) -> None:
    others = [True] * 20
    steps = [lambda: None] * 22 + [ended(store, "finished", "abc")]

    def occupied() -> bool:
        return bool(others and others.pop())

    watching, _ = follower(store, list(steps), patience=3.0, occupied=occupied)
    assert watching.follow(SPEC).digest == "abc"


def test_a_run_that_was_taken_up_is_waited_for_however_long_it_takes(store: MemoryStore) -> None:
    steps = [lambda: store.claim("first"), *[lambda: None] * 20, ended(store, "finished", "abc")]
    watching, _ = follower(store, steps, patience=3.0)
    assert watching.follow(SPEC).digest == "abc"


def test_a_history_that_fails_for_good_is_not_waited_for() -> None:
    class Pruned(MemoryStore):
        gone = False

        def state(self, run: str) -> RunState:  # type: ignore[explicit-override] # as above
            if self.gone:
                raise RunNotFound(f"there is no run {run!r} in the history")
            return super().state(run)

    pruned = Pruned()
    pruned.create(SPEC)

    def prune() -> None:
        pruned.gone = True

    watching, _ = follower(pruned, [prune])
    with pytest.raises(RunNotFound, match="there is no run 'first'"):
        watching.follow(SPEC)
