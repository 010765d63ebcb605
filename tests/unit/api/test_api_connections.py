"""What idle, slow and misdirected clients cannot do to the coordinator's pages, over real sockets."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from genepool.api import server
from genepool.api.hosts import KnownHosts
from genepool.api.pages import Pages

HALF_A_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture
def port() -> Iterator[int]:
    pages = Pages(lambda: b"genepool_generation 3.0\n", dict, dict)
    with server.serving(KnownHosts(pages, ["coordinator", "Name.Example", ""]), "127.0.0.1", 0) as chosen:
        yield chosen


def asked(port: int, host: str | None = "localhost") -> tuple[int, bytes]:
    """Return status and body of /healthz, asked of a host; of none for None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest("GET", "/healthz", skip_host=True)
        if host is not None:
            connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def opened(stack: ExitStack, port: int, sent: bytes) -> socket.socket:
    client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
    client.sendall(sent)
    return client


@pytest.mark.parametrize("sent", [b"", HALF_A_REQUEST], ids=["idle", "slow"])
def test_five_hundred_connections_that_ask_for_nothing_hold_up_nobody(port: int, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(500):
            opened(stack, port, sent)
        began = time.monotonic()
        assert asked(port)[0] == 200
        assert time.monotonic() - began < 2


def test_one_connection_too_many_takes_the_place_of_the_oldest(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_CONNECTIONS", 3)
    with ExitStack() as stack:
        clients = [opened(stack, port, b"") for _ in range(4)]
        assert clients[0].recv(1) == b"", "hung up"
        clients[3].sendall(HALF_A_REQUEST + b"\r\n\r\n")
        assert clients[3].recv(12) == b"HTTP/1.1 200"


def test_a_byte_now_and_then_does_not_keep_a_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_SECONDS", 0.3)
    with ExitStack() as stack:
        slow = opened(stack, port, HALF_A_REQUEST)
        slow.settimeout(0.05)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                slow.sendall(b"x")
                assert slow.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                pass
            return
        pytest.fail("it is still connected")


def test_headers_without_end_are_refused(port: int) -> None:
    with ExitStack() as stack:
        client = opened(stack, port, HALF_A_REQUEST + b"x" * 9000)
        assert client.recv(12) == b"HTTP/1.0 431"


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:80", "127.0.0.1:80", "[::1]:80", "192.0.2.7", "coordinator:80", "name.example"],
)
def test_who_asks_by_a_known_name_or_an_address_is_answered(port: int, host: str) -> None:
    assert asked(port, host)[0] == 200


@pytest.mark.parametrize("host", ["other.example", "localhost.other.example:80", "127.0.0.1.x", "", None])
def test_who_asks_by_another_name_is_told_how_to_allow_it(port: int, host: str | None) -> None:
    status, body = asked(port, host)
    assert status == 421
    assert b"GENEPOOL_ALLOWED_HOSTS" in body
    assert b"alive" not in body
