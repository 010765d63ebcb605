"""What every queue of jobs promises, whatever database it stands in."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.job_queue import SqlJobQueue
from genepool.adapters.store.job_tables import schedules
from genepool.errors import Fenced, JobConflict, JobNotFound
from genepool.jobs import BRIEF_SECONDS, NewJob
from genepool.ports import JobQueue, JobSchedule
from tests.fakes.postgres import history_url

KINDS = ("evolve", "backtest", "batch")
Opener = Callable[..., SqlStore]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield embedded_url(folder / "h.sqlite")
    else:
        with history_url() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    with database(request.param, tmp_path) as url, ExitStack() as held:

        def opener(owner: str = "one", lease_seconds: float = 15.0) -> SqlStore:
            store = open_sql_store(url, owner=owner, lease_seconds=lease_seconds)
            held.callback(store.close)
            return store

        yield opener


@pytest.fixture
def queue(opened: Opener) -> JobQueue:
    return opened().jobs


class TestSubmitting:
    def test_jobs_that_wait_and_jobs_that_are_worked_on_are_counted(self, opened: Opener) -> None:
        queue = opened().jobs
        assert queue.open_jobs() == (0, 0)
        for _ in range(3):
            queue.submit(NewJob("evolve"))
        taken = queue.take(KINDS)
        assert queue.open_jobs() == (2, 1)
        assert taken is not None
        queue.end(taken, "done", {})
        assert queue.open_jobs() == (2, 0)

    def test_a_job_comes_back_as_it_was_asked_for(self, queue: JobQueue) -> None:
        first = queue.submit(NewJob("evolve", {"seed": 1}))
        asked = NewJob(
            "backtest", {"genes": [1, 0.1], "note": "é"}, "interactive", 60.0, 3, "key", "run-1", first.id,
            (first.id,), 2,
        )  # fmt: skip
        made = queue.submit(asked)
        assert queue.job(made.id) == made
        assert (made.asked, made.state, made.attempts, made.result) == (asked, "queued", 0, None)

    def test_one_idempotency_key_is_one_job(self, queue: JobQueue) -> None:
        asked = NewJob("evolve", {"seed": 1}, idempotency_key="once")
        assert queue.submit(asked) == queue.submit(asked)
        with pytest.raises(JobConflict, match="belongs to job 1"):
            queue.submit(NewJob("evolve", {"seed": 2}, idempotency_key="once"))

    def test_many_at_once_under_one_key_are_one_job(self, opened: Opener) -> None:
        stores = [opened(f"owner-{number}") for number in range(4)]
        asked = NewJob("evolve", {"seed": 1}, idempotency_key="once")
        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(lambda store: store.jobs.submit(asked).id, stores))
        # A database may have given a number to one that came too late.
        assert len(set(made)) == 1
        assert [job.id for job in stores[0].jobs.jobs()] == made[:1]

    def test_what_it_comes_after_must_be_there(self, queue: JobQueue) -> None:
        with pytest.raises(JobNotFound, match="no job 7"):
            queue.submit(NewJob("evolve", after=(7,)))
        with pytest.raises(JobNotFound, match="no job 8"):
            queue.submit(NewJob("evolve", parent=8))
        assert not queue.jobs()

    def test_lists_are_filtered_and_paged_newest_first(self, queue: JobQueue) -> None:
        for run in ("a", "b", "a"):
            queue.submit(NewJob("evolve", run=run))
        queue.submit(NewJob("backtest"))
        assert [job.id for job in queue.jobs()] == [4, 3, 2, 1]
        assert [job.id for job in queue.jobs(run="a")] == [3, 1]
        assert [job.id for job in queue.jobs(kinds=["evolve"], before=3, count=1)] == [2]
        assert queue.jobs(states=["done"]) == []


class TestTaking:
    def test_those_that_a_person_waits_for_go_first_then_the_oldest(self, queue: JobQueue) -> None:
        for priority in ("batch", "normal", "interactive", "normal"):
            queue.submit(NewJob("evolve", priority=priority))
        taken = [queue.take(KINDS) for _ in range(5)]
        assert [job and job.id for job in taken] == [3, 2, 4, 1, None]

    def test_a_kept_place_takes_what_is_short_before_what_has_taken_long(self, queue: SqlJobQueue) -> None:
        long = queue.submit(NewJob("evolve", priority="interactive"))
        taken = queue.take(KINDS, least="interactive")
        assert taken is not None
        queue.beat(taken, {}, BRIEF_SECONDS + 1)
        assert not queue.brief_waits(KINDS)
        queue.submit(NewJob("evolve", priority="normal"))
        assert not queue.brief_waits(KINDS)
        whole, part = queue.submit_batch(
            NewJob("batch", priority="interactive"), [NewJob("evolve", priority="interactive")]
        )
        assert queue.brief_waits(KINDS)
        queue.cancel(part.id)
        queue.cancel(whole.id)
        queue.put_back(taken)
        assert not queue.brief_waits(KINDS), "what has taken long gives way to nothing of its kind"
        short = queue.submit(NewJob("evolve", priority="interactive"))
        order = [queue.take(KINDS, least="interactive") for _ in range(2)]
        assert [job and job.id for job in order] == [short.id, long.id]

    def test_only_what_a_worker_can_and_wants_to_do(self, queue: JobQueue) -> None:
        queue.submit(NewJob("report"))
        queue.submit(NewJob("evolve"))
        assert queue.take(KINDS, least="interactive") is None
        assert queue.take(["backtest"]) is None
        taken = queue.take(["evolve"])
        assert taken is not None
        assert (taken.asked.kind, taken.state, taken.epoch, taken.attempts) == ("evolve", "running", 1, 1)

    def test_one_that_works_on_a_batch_alone_takes_it_and_its_parts(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve", priority="interactive"))
        queue.submit_batch(NewJob("evolve"), [NewJob("evolve")])
        part = queue.take(KINDS, family=2)
        assert part is not None
        queue.end(part, "done")
        whole = queue.take(KINDS, family=2)
        assert (part.id, whole and whole.id, queue.take(KINDS, family=2)) == (3, 2, None)

    def test_no_two_workers_take_one_job(self, opened: Opener) -> None:
        stores = [opened(f"owner-{number}") for number in range(4)]
        for _ in range(8):
            stores[0].jobs.submit(NewJob("evolve"))

        def take_all(store: SqlStore) -> list[int]:
            found = []
            while job := store.jobs.take(KINDS):
                found.append(job.id)
            return found

        with ThreadPoolExecutor(4) as threads:
            taken = [number for numbers in threads.map(take_all, stores) for number in numbers]
        assert sorted(taken) == list(range(1, 9))

    def test_a_job_waits_for_those_that_it_comes_after_however_they_end(self, queue: JobQueue) -> None:
        first = queue.submit(NewJob("evolve"))
        queue.submit(NewJob("backtest", after=(first.id,)))
        taken = queue.take(KINDS)
        assert taken is not None
        assert queue.take(KINDS) is None
        queue.end(taken, "failed", error="no luck")
        then = queue.take(KINDS)
        assert then is not None
        assert then.id == 2

    def test_no_more_parts_at_once_than_their_parent_lets(self, queue: JobQueue) -> None:
        whole = queue.submit(NewJob("batch", together=1, priority="batch"))
        for _ in range(2):
            queue.submit(NewJob("evolve", parent=whole.id))
        one = queue.take(["evolve"])
        assert one is not None
        assert queue.take(["evolve"]) is None
        queue.end(one, "done")
        assert queue.take(["evolve"]) is not None


class TestHolding:
    def test_a_heartbeat_renews_the_claim_and_tells_how_far_it_is(self, opened: Opener) -> None:
        mine, other = opened("mine", 0.5).jobs, opened("other").jobs
        mine.submit(NewJob("evolve"))
        job = mine.take(KINDS)
        assert job is not None
        for beat in range(4):
            time.sleep(0.2)
            assert mine.beat(job, {"generation": beat}, 0.2 * beat) == "running"
            assert other.take(KINDS) is None
        assert other.job(job.id).progress == {"generation": 3}
        assert other.job(job.id).seconds == pytest.approx(0.6)

    def test_a_dead_workers_job_is_taken_by_another_and_the_first_is_fenced(self, opened: Opener) -> None:
        mine, other = opened("mine", 0.1).jobs, opened("other").jobs
        mine.submit(NewJob("evolve"))
        mine.submit(NewJob("evolve", priority="interactive"))
        mine.take(KINDS)
        job = mine.take(KINDS)
        assert job is not None
        time.sleep(0.2)
        again = other.take(KINDS)
        assert again is not None
        assert again.epoch == 2
        stale = replace(again, epoch=1)
        for call in (
            lambda: mine.beat(stale, {}, 1.0),
            lambda: mine.end(stale, "done"),
            lambda: mine.put_back(stale),
        ):
            with pytest.raises(Fenced):
                call()
        assert other.job(again.id).state == "running"

    def test_a_worker_that_starts_again_takes_its_job_up_at_once(self, opened: Opener) -> None:
        opened("mine").jobs.submit(NewJob("evolve"))
        first = opened("mine").jobs.take(KINDS)
        again = opened("mine").jobs.take(KINDS)
        assert first is not None
        assert again is not None
        assert (again.id, again.epoch, again.attempts) == (first.id, 2, 2)

    def test_a_job_that_its_worker_has_let_go_is_taken_up_and_only_then(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve"))
        first = queue.take(KINDS)
        assert first is not None
        assert queue.take(KINDS) is None
        queue.let_go(first)
        again = queue.take(KINDS)
        assert again is not None
        assert (again.id, again.epoch) == (first.id, 2)
        queue.let_go(first)
        assert queue.take(KINDS) is None, "a second word of the first worker is not about this claim"

    def test_what_kills_its_workers_fails_in_the_end(self, opened: Opener) -> None:
        queue = opened("mine").jobs
        queue.submit(NewJob("backtest", attempts_at_most=2))
        assert [bool(opened("mine").jobs.take(KINDS)) for _ in range(3)] == [True, True, False]
        job = queue.job(1)
        assert (job.state, job.attempts) == ("failed", 2)
        assert "died each of the 2 times" in job.error

    def test_a_worker_that_stops_puts_it_back_with_its_progress(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve"))
        job = queue.take(KINDS)
        assert job is not None
        queue.beat(job, {"generation": 3}, 9.0)
        queue.put_back(job)
        waiting = queue.job(job.id)
        assert (waiting.state, waiting.progress, waiting.attempts) == ("queued", {"generation": 3}, 0)
        assert waiting.seconds == 9.0


class TestEnding:
    def test_an_end_stands_and_the_same_again_changes_nothing(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve"))
        job = queue.take(KINDS)
        assert job is not None
        queue.end(job, "done", {"digest": "abc"})
        ended = queue.job(job.id)
        queue.end(job, "done", {"digest": "abc"})
        assert queue.job(job.id) == ended
        assert (ended.state, ended.result, ended.ended_at is not None) == ("done", {"digest": "abc"}, True)
        with pytest.raises(Fenced):
            queue.end(job, "failed", error="late")
        with pytest.raises(Fenced):
            queue.beat(job, {}, 1.0)

    def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve"))
        queue.submit(NewJob("evolve"))
        job = queue.take(KINDS)
        assert job is not None
        assert queue.cancel(2).state == "cancelled"
        assert queue.cancel(job.id).state == "cancelling"
        assert queue.beat(job, {}, 1.0) == "cancelling"
        queue.end(job, "cancelled")
        assert queue.cancel(job.id).state == "cancelled"
        with pytest.raises(JobNotFound, match="no job 9"):
            queue.cancel(9)

    def test_a_cancelled_batch_takes_its_parts_with_it(self, queue: JobQueue) -> None:
        whole = queue.submit(NewJob("batch", priority="batch"))
        parts = [queue.submit(NewJob("evolve", parent=whole.id)) for _ in range(2)]
        assert queue.take(KINDS) is not None
        queue.cancel(whole.id)
        assert [queue.job(part.id).state for part in parts] == ["cancelling", "cancelled"]
        assert queue.job(whole.id).state == "cancelled"

    def test_a_user_who_cancels_while_its_worker_stops_is_heard(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve"))
        job = queue.take(KINDS)
        assert job is not None
        queue.cancel(job.id)
        queue.put_back(job)
        assert queue.job(job.id).state == "cancelled"

    def test_what_a_dead_worker_was_asked_to_cancel_is_taken_as_such(self, opened: Opener) -> None:
        queue = opened("mine").jobs
        queue.submit(NewJob("evolve"))
        queue.take(KINDS)
        queue.cancel(1)
        again = opened("mine").jobs.take(KINDS)
        assert again is not None
        assert again.state == "cancelling"

    def test_only_what_ended_undone_is_retried_and_may_get_more_time(self, queue: JobQueue) -> None:
        queue.submit(NewJob("evolve", time_limit=5.0))
        with pytest.raises(JobConflict, match="is queued"):
            queue.retry(1)
        job = queue.take(KINDS)
        assert job is not None
        queue.beat(job, {"generation": 2}, 6.0)
        queue.end(job, "expired", error="took 6 s of 5")
        again = queue.retry(1, 60.0)
        assert (again.state, again.seconds, again.error) == ("queued", 0.0, "")
        assert (again.asked.time_limit, again.progress) == (60.0, {"generation": 2})
        job = queue.take(KINDS)
        assert job is not None
        queue.end(job, "done")
        with pytest.raises(JobConflict, match="is done"):
            queue.retry(1)


class TestSchedules:
    def test_a_job_is_submitted_when_it_is_due_once_for_all_coordinators(self, opened: Opener) -> None:
        one, two = opened("one").jobs, opened("two").jobs
        queues: list[JobSchedule] = [one, two]
        plan = one.plan(NewJob("backtest", {"run": "a"}, after=()), 7 * 86_400.0)
        assert [queue.submit_due() for queue in queues] == [[], []]
        # Long ago: what was missed since is not made up for.
        with one._access.writing() as connection:
            connection.execute(update(schedules).values(next_at="2020-01-02T03:04:05.678+00:00"))
        submitted = [job for queue in queues for job in queue.submit_due()]
        assert [(job.asked, job.state) for job in submitted] == [(plan.asked, "queued")]
        (planned,) = two.planned()
        assert planned.next_at[11:16] == "03:04", "a whole number of periods after what was planned"
        assert planned.next_at > datetime.now(UTC).isoformat()
        two.unplan(plan.id)
        assert one.planned() == []
        with pytest.raises(JobNotFound, match="no schedule 1"):
            one.unplan(plan.id)
