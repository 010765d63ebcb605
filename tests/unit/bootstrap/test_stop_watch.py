"""The watch notices a stop that a user asked for, and no other."""

import threading

import pytest

from genepool.bootstrap import stop_watch
from genepool.bootstrap.stop_watch import StopWatch
from genepool.errors import StoreAway
from tests.fakes.memory import MemoryStore


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_watch, "_EVERY_SECONDS", 0.01)


class Asked(MemoryStore):
    """A queue that is away at first, and then says that a user asked."""

    def __init__(self) -> None:
        super().__init__()
        self.questions = 0

    def stop_requested(self, run: str) -> bool:  # type: ignore[explicit-override] # noqa: ARG002 - Python 3.11 has no override
        self.questions += 1
        if self.questions == 1:
            raise StoreAway("the history does not answer")
        return True


def test_it_is_told_once_even_when_the_history_was_away_first() -> None:
    told = threading.Event()
    with StopWatch(Asked(), "first", told.set) as stop:
        assert told.wait(10.0)
        assert stop()


def test_an_answer_that_comes_after_the_run_ended_is_not_told() -> None:
    asked, answer, told = threading.Event(), threading.Event(), threading.Event()

    class Slow(MemoryStore):
        def stop_requested(self, run: str) -> bool:  # type: ignore[explicit-override] # noqa: ARG002 - as above
            asked.set()
            return answer.wait(10.0)

    with StopWatch(Slow(), "first", told.set) as stop:
        assert asked.wait(10.0)
    answer.set()
    stop._thread.join(0.1)
    assert not told.is_set()
    assert not stop()
