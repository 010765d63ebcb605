"""A service that does not answer is asked ever more rarely, and trusted again as soon as it answers."""

import pytest

from genepool.resilience.circuit_breaker import CircuitBreaker
from tests.fakes.memory import ManualClock


class Caller:
    """Asks once a second, and notes when it was allowed to."""

    def __init__(self) -> None:
        self.changes: list[bool] = []
        self.asked: list[int] = []
        self.clock = ManualClock()
        self.breaker = CircuitBreaker(self.clock, self.changes.append)

    def ask(self, seconds: int, *, answered: bool) -> None:
        for _ in range(seconds):
            if self.breaker.allows():
                self.asked.append(round(self.clock.seconds()))
                (self.breaker.succeeded if answered else self.breaker.failed)()
            self.clock.advance(1.0)


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_three_failures_in_a_row_open_it_and_each_question_after_that_doubles_the_pause(
    caller: Caller,
) -> None:
    caller.ask(120, answered=False)
    assert caller.asked == [0, 1, 2, 3, 5, 9, 17, 33, 63, 93]
    assert caller.changes == [False]


def test_an_answer_closes_it_and_the_next_outage_begins_anew(caller: Caller) -> None:
    caller.ask(60, answered=False)
    caller.asked.clear()
    caller.ask(10, answered=True)
    caller.ask(6, answered=False)
    assert caller.asked == [63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 75]
    assert caller.changes == [False, True, False]


def test_two_failures_between_answers_change_nothing(caller: Caller) -> None:
    for _ in range(10):
        caller.ask(1, answered=True)
        caller.ask(2, answered=False)
    assert len(caller.asked) == 30
    assert caller.changes == [True]
