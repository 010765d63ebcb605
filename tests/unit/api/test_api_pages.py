"""What the coordinator's pages say, asked over real HTTP."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from starlette.applications import Starlette

from genepool.api.board import Board
from genepool.api.plain_pages import plain_pages
from genepool.api.server import serving
from genepool.errors import ServiceUnavailable
from genepool.pool.service_status import ServiceStatus
from genepool.ports import (
    CrewChanged,
    GenerationAdvanced,
    GenerationFinished,
    Hindered,
    Hindrance,
    QueueChanged,
    RunClosing,
    RunEnded,
    RunStarted,
    Seat,
)
from tests.fakes.histories import a_history, a_spec

SERVICES = {"history": True, "cache": True}


@pytest.fixture(scope="module")
def boards() -> list[Board]:
    """Return the boards that were shown; the pages show the last."""
    return [Board()]


@pytest.fixture
def board(boards: list[Board]) -> Board:
    boards.append(Board())
    return boards[-1]


@pytest.fixture(scope="module")
def address(boards: list[Board]) -> Iterator[str]:
    def progress() -> dict[str, Any]:
        return boards[-1].document()

    routes = plain_pages(lambda: b"genepool_generation 3.0\n", progress, lambda: SERVICES)
    with serving(Starlette(routes=routes), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def read(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def document(url: str) -> Any:  # noqa: ANN401 - whatever the page holds
    return json.loads(read(url)[1])


def test_metrics_are_passed_on_as_they_are(address: str) -> None:
    assert read(f"{address}/metrics") == (200, b"genepool_generation 3.0\n")
    with urllib.request.urlopen(f"{address}/metrics", timeout=5) as answer:  # noqa: S310 - as above
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize("page", ["metrics", "progress", "healthz", "readyz"])
def test_the_head_of_a_page_can_be_asked_for_alone(address: str, page: str) -> None:
    request = urllib.request.Request(f"{address}/{page}", method="HEAD")  # noqa: S310 - as above
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
        assert (answer.status, answer.read()) == (200, b"")
        assert int(answer.headers["content-length"]) > 0


def test_a_page_that_waits_for_something_holds_up_no_other(
    address: str, monkeypatch: pytest.MonkeyPatch, boards: list[Board]
) -> None:
    asked, go = threading.Event(), threading.Event()

    def slow() -> dict[str, Any]:
        asked.set()
        return {"gone on": go.wait(5)}

    monkeypatch.setattr(boards[-1], "document", slow)
    waiting = threading.Thread(target=document, args=(f"{address}/progress",))
    waiting.start()
    assert asked.wait(5)
    assert document(f"{address}/healthz") == {"alive": True}
    go.set()
    waiting.join()


def test_a_coordinator_that_serves_is_alive(address: str) -> None:
    assert document(f"{address}/healthz") == {"alive": True}


def test_it_is_ready_when_every_service_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(f"{address}/readyz")[0] == 200
    monkeypatch.setitem(SERVICES, "cache", False)
    assert read(f"{address}/readyz")[0] == 503
    assert document(f"{address}/readyz") == {"history": True, "cache": False}


def test_progress_follows_the_run(board: Board, address: str) -> None:
    assert document(f"{address}/progress")["state"] == "idle"
    board(RunStarted(a_spec(), None))
    board(GenerationAdvanced(3, 8))
    board(CrewChanged([Seat("one", "cpu"), Seat("two", "memory"), Seat("two", "memory")]))
    board(QueueChanged(5, 2))
    shown = document(f"{address}/progress")
    assert (shown["run"], shown["done"], shown["asked"], shown["generation"]) == ("first", 3, 8, None)
    assert shown["queue"] == {"waiting": 5, "running": 2}
    assert [(node["node"], node["seats"]) for node in shown["nodes"]] == [("one", 1), ("two", 2)]
    assert shown["phase"] == "breeding"
    board(GenerationFinished(a_spec(), a_history()[0]))
    board(RunClosing(a_spec(), 1, 3))
    shown = document(f"{address}/progress")
    assert (shown["phase"], shown["read"], shown["state"]) == ("digest", 1, "running")
    board(RunEnded(a_spec(), "finished"))
    shown = document(f"{address}/progress")
    assert (shown["generation"], shown["asked"], shown["state"]) == (0, 0, "finished")
    assert shown["phase"] is None


def test_progress_says_what_a_run_waits_for() -> None:
    moments = [0.0]
    board = Board(lambda: moments[0])
    assert board.document()["waiting_for"] is None
    board(RunStarted(a_spec(), None))
    board(QueueChanged(5, 0))
    moments[0] = 29.0
    assert board.document()["waiting_for"] is None
    moments[0] = 31.0
    assert "no worker answers, for 31 s: the run waits for nodes" in board.document()["waiting_for"]
    board(CrewChanged([Seat("one", "cpu")]))
    assert board.document()["waiting_for"] is None
    board(CrewChanged([]))
    board(QueueChanged(0, 0))
    moments[0] = 99.0
    assert board.document()["waiting_for"] is None


def test_what_stops_a_run_is_said_before_what_it_gets_by_without() -> None:
    moments = [0.0]
    board = Board(lambda: moments[0])
    board(QueueChanged(5, 0))
    moments[0] = 60.0
    status = ServiceStatus(lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    status(Hindered("history", "the disk of its server is full"))
    assert "no worker answers" in board.document(status.hindrance)["waiting_for"]
    board(CrewChanged([Seat("one", "cpu")]))
    assert board.document(status.hindrance)["waiting_for"] == (
        "the history is away, and the journal keeps what it has not got yet, since 2026-01-02 03:04:05 UTC: "
        "the disk of its server is full"
    )
    status(Hindered("journal", "No space left on device"))
    assert "the journal takes no more" in board.document(status.hindrance)["waiting_for"]
    for by in get_args(Hindrance):
        status(Hindered(by, None))
    assert board.document(status.hindrance)["waiting_for"] is None


def test_a_hindrance_keeps_its_beginning_and_shows_its_latest_reason() -> None:
    days = iter([1, 2])
    status = ServiceStatus(lambda: datetime(2026, 1, next(days), tzinfo=UTC))
    status(Hindered("cluster", "no cluster answers"))
    status(Hindered("cluster", "its head restarts"))
    assert "since 2026-01-01 00:00:00 UTC: its head restarts" in str(status.hindrance("cluster"))


def test_an_unknown_page_is_not_there(address: str) -> None:
    assert read(f"{address}/admin")[0] == 404


@pytest.mark.parametrize("page", ["progress", "metrics"])
def test_nothing_can_be_sent(address: str, page: str) -> None:
    request = urllib.request.Request(f"{address}/{page}", data=b"{}", method="POST")  # noqa: S310 - as above
    with pytest.raises(urllib.error.HTTPError, match="405") as refused:
        urllib.request.urlopen(request, timeout=5)  # noqa: S310 - as above
    with refused.value as error:
        assert set(error.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_reader_that_says_nothing_holds_up_nobody(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))):
        assert read(f"{address}/healthz")[0] == 200


def test_a_port_that_is_taken_is_named() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ServiceUnavailable, match="GENEPOOL_SERVICE_PORT"),
        serving(Starlette(), "127.0.0.1", taken.getsockname()[1]),
    ):
        pass
