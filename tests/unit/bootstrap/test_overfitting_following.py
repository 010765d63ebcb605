"""A run's overfitting is told while it is bred: the same figures always, and never at its cost."""

import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from genepool.bootstrap.overfitting_following import OverfittingFollower, rest_after, share_of
from genepool.pool import kept_sample
from genepool.pool.kept_sample import SampleReturns
from genepool.ports import Event, GenerationFinished, OverfittingMeasured, RunClosing, RunEnded, RunStarted
from tests.fakes.bred_runs import bred_run

RUN = bred_run()
SPEC = RUN.plan.spec


@pytest.fixture(autouse=True)
def _every_third(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sample, "ONE_IN", 3)


class Told:
    """A follower at work, and what it told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.heard = threading.Semaphore(0)
        # Of one core all, and time that stands still: nothing rests, and the run has no patience.
        self.follower = OverfittingFollower(RUN.plan, self.hear, share=1.0, seconds=lambda: 0.0)
        self.thread = threading.Thread(target=self.follower.work, daemon=True)
        self.thread.start()

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.heard.release()

    def after(self, event: Event) -> Event:
        """Return what it tells next."""
        self.follower(event)
        assert self.heard.acquire(timeout=60)
        return self.events[-1]


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    yield made
    made.follower.close()
    made.thread.join(60)
    assert not made.thread.is_alive()


def generations(told: Told) -> list[Event]:
    return [told.after(GenerationFinished(SPEC, record)) for record in RUN.records]


def test_each_generation_has_a_figure(told: Told) -> None:
    found = generations(told)
    assert [(one.run, one.generation) for one in found if isinstance(one, OverfittingMeasured)] == [
        (SPEC.run, number) for number in range(len(RUN.records))
    ]
    assert len({one.genomes for one in found if isinstance(one, OverfittingMeasured)}) > 1


def test_a_resumed_run_goes_on_with_the_figures_of_one_that_was_never_stopped(told: Told) -> None:
    whole, resumed = generations(told), Told()
    for record in RUN.records[:2]:
        resumed.follower.recall(record.newborn)
    assert resumed.after(RunStarted(SPEC, RUN.populations[1])) == whole[1]
    assert [resumed.after(GenerationFinished(SPEC, record)) for record in RUN.records[2:]] == whole[2:]
    resumed.follower.close()


def test_a_run_that_was_stopped_is_told_no_more(told: Told) -> None:
    generations(told)
    told.follower(RunEnded(SPEC, "interrupted"))
    told.thread.join(60)
    before = list(told.events)
    told.follower(GenerationFinished(SPEC, RUN.records[0]))
    assert told.events == before


def test_a_finished_run_waits_for_its_last_figure_for_a_moment() -> None:
    told, moments = list[Event](), iter([0.0])
    follower = OverfittingFollower(RUN.plan, told.append, share=1e-6, seconds=lambda: next(moments, 6_000.0))
    thread = threading.Thread(target=follower.work, daemon=True)
    thread.start()
    follower(GenerationFinished(SPEC, RUN.records[0]))
    follower(RunClosing(SPEC, 0, 1))
    follower(RunEnded(SPEC, "finished"))
    assert len(told) == 1, "half a minute of patience, and no rests any more"
    thread.join(60)


def test_a_fault_is_logged_once_and_the_run_goes_on(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr(SampleReturns, "trade", broken)
    with capture_logs() as lines:
        for record in RUN.records:
            told.follower(GenerationFinished(SPEC, record))
        told.thread.join(60)
        told.follower(RunEnded(SPEC, "finished"))
    assert [line["event"] for line in lines] == ["overfitting_unmeasured"]
    assert told.events == []


def test_work_rests_so_that_it_keeps_to_its_share() -> None:
    """A second of work at a tenth of a core is followed by nine of rest; two of a hundred cores are many."""
    assert rest_after(1.0, share=0.1) == pytest.approx(9.0)
    assert rest_after(1.0, share=1.0) == 0.0
    assert (share_of(1.0), share_of(4.0), share_of(64.0)) == (0.015, 0.06, 0.5)
