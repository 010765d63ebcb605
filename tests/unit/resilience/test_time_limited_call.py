"""A caller that waits for a call that hangs returns when the time is over."""

import threading
import time
from collections.abc import Iterator

import pytest

from genepool.errors import Interrupted
from genepool.resilience.time_limited_call import TimeLimitedCall, attend


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Yield what hanging calls wait for."""
    event = threading.Event()
    yield event
    event.set()


def _fail() -> None:
    raise ValueError("out of order")


def test_an_answer_and_an_error_come_through() -> None:
    assert TimeLimitedCall().call(lambda: 7, 5.0) == attend(lambda: 7, lambda: False) == 7
    with pytest.raises(ValueError, match="out of order"):
        TimeLimitedCall().call(_fail, 5.0)
    with pytest.raises(ValueError, match="out of order"):
        attend(_fail, lambda: False)


def test_a_call_that_hangs_is_left_behind_and_the_next_is_not_even_made(gate: threading.Event) -> None:
    calls, made = TimeLimitedCall(), []
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        calls.call(gate.wait, 0.05)
    began = time.monotonic()
    for _ in range(100):
        with pytest.raises(TimeoutError, match="an earlier call has not ended yet"):
            calls.call(lambda: made.append(1), 5.0)
    assert time.monotonic() - began < 1.0
    assert made == []


def test_calls_are_made_again_when_the_hanging_one_has_ended(gate: threading.Event) -> None:
    calls, ended = TimeLimitedCall(), threading.Event()

    def hang() -> None:
        gate.wait()
        ended.set()

    with pytest.raises(TimeoutError):
        calls.call(hang, 0.01)
    gate.set()
    assert ended.wait(5.0)
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join(5.0)
    assert calls.call(lambda: 7, 5.0) == 7


def test_a_user_who_wants_to_stop_does_not_wait_for_a_frozen_service(gate: threading.Event) -> None:
    with pytest.raises(Interrupted, match="stopped while a service did not answer"):
        attend(gate.wait, lambda: True)
