"""A log that nobody takes any more ends nothing but itself."""

import io
import sys
from collections.abc import Iterator
from typing import TextIO

import pytest
import structlog
from typing_extensions import override

from genepool.logs import configure


class _Broken(io.StringIO):
    @override
    def write(self, _text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def unconfigured() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def _log_to(stream: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    configure(as_json=True)


def test_each_event_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    _log_to(stream, monkeypatch)
    structlog.get_logger().info("job_taken", job=1)
    structlog.get_logger("named").warning("queue_away")
    first, second = stream.getvalue().splitlines()
    assert '"event": "job_taken"' in first
    assert '"event": "queue_away"' in second


def test_a_reader_that_has_left_disturbs_no_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    _log_to(_Broken(), monkeypatch)
    structlog.get_logger().exception("job_taken")


def test_nor_does_a_stream_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    _log_to(stream, monkeypatch)
    stream.close()
    structlog.get_logger().error("job_taken")
