"""When one connection is hung up, second by second, without a socket."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from genepool.api.connections import LimitedConnection
from genepool.api.places import ConnectionLimits, Places
from tests.fakes.asgi_apps import many_kinds


class StillClock:
    """What a connection asks of its event loop."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def call_later(self, *_: object) -> Any:  # noqa: ANN401 - whatever can be cancelled
        return SimpleNamespace(cancel=lambda: None)


class Wire(asyncio.Transport):
    """A transport that has written what its reader has not read yet."""

    unread = 0
    aborted = False

    def get_write_buffer_size(self) -> int:  # type: ignore[explicit-override] # Python 3.11 has no @override
        return self.unread

    def abort(self) -> None:  # type: ignore[explicit-override] # as above
        self.aborted = True

    def is_closing(self) -> bool:  # type: ignore[explicit-override] # as above
        return self.aborted

    def pause_reading(self) -> None:  # type: ignore[explicit-override] # as above
        """Read no more."""

    def resume_reading(self) -> None:  # type: ignore[explicit-override] # as above
        """Read again."""


class Watched:
    """A connection, its wire and its clock."""

    def __init__(self) -> None:
        self.clock, self.wire = StillClock(), Wire()

        class Connection(LimitedConnection):
            places = Places(ConnectionLimits())

        config = Config(many_kinds, log_config=None, ws="none")
        loop: Any = self.clock
        self.connection = Connection(config, ServerState(), {}, loop)
        self.connection.connection_made(self.wire)

    def hears(self, *, more_body: bool) -> None:
        """Have a request begin to be answered."""
        cycle: Any = SimpleNamespace(response_complete=False, more_body=more_body)
        self.connection.cycle = cycle

    def answers_all(self) -> None:
        self.connection.cycle.response_complete = True
        self.connection.on_response_complete()

    def seconds(self, count: float) -> Iterator[float]:
        """Let tenths of seconds pass, until it is hung up."""
        for _ in range(round(count * 10)):
            self.clock.now += 0.1
            yield self.clock.now
            self.connection.check(self.clock.now)
            if self.wire.aborted:
                return

    def lasts(self, count: float) -> bool:
        """Tell whether it is still open after so many seconds."""
        for _ in self.seconds(count):
            pass
        return not self.wire.aborted


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_an_idle_connection_has_ten_seconds(watched: Watched) -> None:
    assert watched.lasts(9.9)
    assert not watched.lasts(0.3)


def test_a_stream_has_all_the_time_that_it_wants(watched: Watched) -> None:
    watched.hears(more_body=False)
    assert watched.lasts(7200)


def test_a_reader_who_takes_nothing_has_thirty_seconds(watched: Watched) -> None:
    watched.hears(more_body=False)
    watched.wire.unread = 60_000
    assert watched.lasts(29.9)
    assert not watched.lasts(0.3)


@pytest.mark.parametrize(("bytes_a_second", "stays"), [(11_000, True), (9_000, False)])
def test_a_reader_has_to_take_ten_kilobytes_a_second(
    watched: Watched, bytes_a_second: int, *, stays: bool
) -> None:
    watched.hears(more_body=False)
    watched.wire.unread = 10_000_000
    for _ in watched.seconds(600):
        watched.wire.unread -= bytes_a_second // 10
    assert watched.wire.aborted is not stays


def test_one_who_reads_as_fast_as_is_written_is_not_taken_for_one_who_reads_nothing(watched: Watched) -> None:
    watched.hears(more_body=False)
    watched.wire.unread = 70_000
    for now in watched.seconds(120):
        if now % 5 < 0.1:
            # Between two looks, all was read and as much written anew.
            watched.connection.pause_writing()
            watched.connection.resume_writing()
    assert not watched.wire.aborted


def test_an_answer_ends_when_it_has_been_read(watched: Watched) -> None:
    watched.hears(more_body=False)
    watched.wire.unread = 1_000_000
    watched.answers_all()
    for _ in watched.seconds(20):
        watched.wire.unread -= 5000
    assert not watched.wire.aborted
    assert watched.wire.unread == 0
    assert watched.lasts(9.8)
    assert not watched.lasts(0.5)


def test_a_body_that_the_application_is_slow_to_read_is_not_its_senders_fault(watched: Watched) -> None:
    watched.hears(more_body=True)
    watched.connection.flow.pause_reading()
    assert watched.lasts(3600)
    watched.connection.flow.resume_reading()
    assert watched.lasts(9)
    assert not watched.lasts(2)


@pytest.mark.parametrize(("bytes_a_second", "lasts"), [(9_000, (10, 120)), (1_000_000, (900, 901))])
def test_a_body_has_to_advance_and_to_end(
    watched: Watched, bytes_a_second: int, lasts: tuple[float, float]
) -> None:
    watched.hears(more_body=True)
    for _ in watched.seconds(1000):
        watched.connection._asks.moved += bytes_a_second // 10
    assert lasts[0] <= watched.clock.now <= lasts[1]
