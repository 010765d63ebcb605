"""What idle, slow, greedy and misdirected clients cannot do to the service, over real sockets."""

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from starlette.types import Receive, Scope, Send

from genepool.api.hosts import KnownHosts
from genepool.api.limits import BodyLimit
from genepool.api.places import ConnectionLimits
from genepool.api.server import serving
from genepool.errors import ServiceUnavailable
from tests.fakes.asgi_apps import LARGE, many_kinds

HALF_A_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
STREAM = b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
UPLOAD = b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
# What takes seconds takes tenths of one.
HASTY = ConnectionLimits(
    places=3, refused=2, asking_seconds=0.3, reading_seconds=0.3, slowest=400,
    leaving_seconds=0.1,
)  # fmt: skip


LARGE_PAGE = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a service as it is configured, but for its places: a process may open 1024 files."""
    app = KnownHosts(BodyLimit(many_kinds), ["coordinator", "Name.Example", ""])
    with serving(app, "127.0.0.1", 0, ConnectionLimits(places=200)) as chosen:
        yield chosen


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """Return the port of a service with little patience and three places."""
    with serving(many_kinds, "127.0.0.1", 0, HASTY) as chosen:
        yield chosen


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened_clients:
        yield opened_clients


def asked(port: int, host: str | None = "localhost", path: str = "/healthz") -> tuple[int, bytes]:
    """Return status and body of a page, asked of a host; of none for None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest("GET", path, skip_host=True)
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


def opened_narrow(stack: ExitStack, port: int, sent: bytes) -> socket.socket:
    """Return a client whose system holds little of what it has not read."""
    client = stack.enter_context(socket.socket())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    client.settimeout(5)
    client.connect(("127.0.0.1", port))
    client.sendall(sent)
    return client


def all_of(client: socket.socket) -> bytes:
    """Return what a client is sent until it is hung up."""
    received = b""
    while chunk := client.recv(65536):
        received += chunk
    return received


def answer_of(client: socket.socket) -> tuple[int, bytes]:
    """Return status and body of an answer after which the connection may live on."""
    answer = http.client.HTTPResponse(client)
    answer.begin()
    return answer.status, answer.read()


def until_hung_up(*clients: socket.socket, sent: bytes = b"") -> list[float]:
    """Return for how many seconds each client stays connected that sends this now and then; five at most."""
    began, lasted = time.monotonic(), dict.fromkeys(clients, 5.0)
    for client in clients:
        client.settimeout(0.01)
    while time.monotonic() < began + 5 and 5.0 in lasted.values():
        for client in (client for client in clients if lasted[client] == 5.0):
            if is_hung_up(client, sent):
                lasted[client] = time.monotonic() - began
    return list(lasted.values())


def is_hung_up(client: socket.socket, sent: bytes) -> bool:
    try:
        client.sendall(sent)
        return client.recv(65536) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def streaming(stack: ExitStack, port: int) -> socket.socket:
    """Return a client that has got the beginning of a stream."""
    client = opened(stack, port, STREAM)
    received = b""
    while b"first" not in received:
        received += client.recv(4096)
    return client


def until(true: Callable[[], bool]) -> None:
    """Wait for something, five seconds at most."""
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


class TestAsking:
    def test_five_hundred_connections_that_ask_for_nothing_hold_up_nobody(
        self, port: int, stack: ExitStack
    ) -> None:
        for _ in range(250):
            opened(stack, port, b"")
            opened(stack, port, HALF_A_REQUEST)
        began = time.monotonic()
        assert asked(port)[0] == 200
        assert time.monotonic() - began < 2

    def test_a_byte_now_and_then_does_not_keep_a_connection(self, hasty: int, stack: ExitStack) -> None:
        clients = [opened(stack, hasty, sent) for sent in (HALF_A_REQUEST, UPLOAD)]
        assert all(0.25 < seconds < 0.75 for seconds in until_hung_up(*clients, sent=b"x"))

    def test_a_connection_that_asks_nothing_ends(self, hasty: int, stack: ExitStack) -> None:
        again = opened(stack, hasty, HALF_A_REQUEST + b"\r\n\r\n")
        assert answer_of(again)[0] == 200
        assert all(0.25 < seconds < 1 for seconds in until_hung_up(opened(stack, hasty, b""), again))

    def test_a_connection_that_is_used_again_has_its_time_anew(self, hasty: int, stack: ExitStack) -> None:
        client = opened(stack, hasty, b"")
        for _ in range(4):
            time.sleep(0.1)
            client.sendall(HALF_A_REQUEST + b"\r\n\r\n")
            assert answer_of(client) == (200, b"alive")

    def test_a_connection_that_is_used_again_waits_for_no_acknowledgement(self, port: int) -> None:
        connection, took = http.client.HTTPConnection("127.0.0.1", port, timeout=5), []
        with closing(connection):
            for _ in range(10):
                began = time.perf_counter()
                connection.request("GET", "/healthz", headers={"Host": "localhost"})
                connection.getresponse().read()
                took.append(time.perf_counter() - began)
        # A client acknowledges the head of an answer after 40 ms, and the rest would wait for that.
        assert min(took[1:]) < 0.03

    def test_headers_without_end_are_refused(self, port: int, stack: ExitStack) -> None:
        client = opened(stack, port, HALF_A_REQUEST + b"x" * 9000)
        answer = all_of(client)
        assert answer.startswith(b"HTTP/1.1 431")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 431

    def test_a_long_head_is_refused_even_when_it_comes_at_once(self, port: int, stack: ExitStack) -> None:
        client = opened(stack, port, HALF_A_REQUEST + b"x" * 9000 + b"\r\n\r\n")
        assert all_of(client).startswith(b"HTTP/1.1 431")
        client = opened(stack, port, HALF_A_REQUEST + b"x" * 8000 + b"\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"

    @pytest.mark.parametrize(
        "sent",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n",
            b"GET / HTTP/1.1\r\nno header\r\n\r\n",
            b"POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        ],
        ids=["another protocol", "headers", "chunks"],
    )
    def test_what_is_no_request_is_refused_in_silence(
        self, port: int, stack: ExitStack, capfd: pytest.CaptureFixture[str], sent: bytes
    ) -> None:
        answer = all_of(opened(stack, port, sent))
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"application/problem+json" in answer
        assert asked(port)[0] == 200
        assert capfd.readouterr() == ("", "")

    def test_a_body_that_breaks_off_under_an_answer_ends_it_in_silence(
        self, port: int, stack: ExitStack, capfd: pytest.CaptureFixture[str]
    ) -> None:
        chunked = UPLOAD.replace(b"/upload", b"/stream").replace(
            b"Content-Length: 1000", b"Transfer-Encoding: chunked"
        )
        client = opened(stack, port, chunked)
        assert client.recv(12) == b"HTTP/1.1 200"
        client.sendall(b"not a size\r\n")
        assert b"first" in all_of(client)
        assert asked(port)[0] == 200
        assert capfd.readouterr() == ("", "")

    def test_requests_that_are_sent_together_are_answered_in_turn(self, port: int, stack: ExitStack) -> None:
        last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        client = opened(stack, port, last.replace(b"close", b"keep-alive") * 3 + last)
        assert all_of(client).count(b"\r\n\r\nalive") == 4


class TestSending:
    def test_a_body_that_advances_may_take_longer(self, hasty: int, stack: ExitStack) -> None:
        client = opened(stack, hasty, UPLOAD)
        for _ in range(5):
            time.sleep(0.09)
            client.sendall(b"x" * 200)
        assert answer_of(client) == (200, b"1000")

    def test_a_large_body_is_refused_before_it_is_read(self, port: int, stack: ExitStack) -> None:
        client = opened(stack, port, UPLOAD.replace(b"1000", b"1000001"))
        assert client.recv(12) == b"HTTP/1.1 413"

    def test_a_body_of_unknown_length_is_cut_and_its_client_told(self, port: int, stack: ExitStack) -> None:
        head = UPLOAD.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked")
        chunk = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
        client = opened(stack, port, head + chunk * 17 + b"0\r\n\r\n")
        assert answer_of(client)[0] == 413
        client = opened(stack, port, head + chunk * 15 + b"0\r\n\r\n")
        assert answer_of(client) == (200, b"983040")


class TestReading:
    def test_a_stream_that_says_nothing_lives_on(self, hasty: int, stack: ExitStack) -> None:
        client = opened(stack, hasty, STREAM)
        client.settimeout(0.6)
        with pytest.raises(TimeoutError):
            all_of(client)

    def test_one_who_reads_nothing_is_hung_up(self, hasty: int, stack: ExitStack) -> None:
        client = opened_narrow(stack, hasty, LARGE_PAGE)
        assert asked(hasty)[0] == 200, "nobody is held up"
        time.sleep(0.5)
        assert len(all_of(client)) < LARGE

    def test_one_who_reads_slowly_is_sent_all(self, hasty: int, stack: ExitStack) -> None:
        pages = (LARGE_PAGE, LARGE_PAGE.replace(b"/large", b"/chunks"))
        received = {opened_narrow(stack, hasty, page): 0 for page in pages}
        while any(size < LARGE for size in received.values()):
            for client in (client for client, size in received.items() if size < LARGE):
                chunk = client.recv(32768)
                assert chunk, f"hung up after {received}"
                received[client] += len(chunk)
                time.sleep(len(chunk) / LARGE * 0.25)


class TestPlaces:
    def test_one_connection_too_many_takes_the_place_of_the_oldest(
        self, hasty: int, stack: ExitStack
    ) -> None:
        clients = [opened(stack, hasty, b"") for _ in range(4)]
        assert clients[0].recv(1) == b"", "hung up"
        clients[3].sendall(HALF_A_REQUEST + b"\r\n\r\n")
        assert answer_of(clients[3])[0] == 200

    def test_no_stream_makes_room(self, hasty: int, stack: ExitStack) -> None:
        streams = [streaming(stack, hasty) for _ in range(2)]
        idle = opened(stack, hasty, b"")
        assert asked(hasty)[0] == 200
        assert idle.recv(1) == b"", "hung up"
        for stream in streams:
            stream.settimeout(0.1)
            with pytest.raises(TimeoutError):
                stream.recv(1)

    def test_when_all_are_being_answered_the_newest_is_told(self, hasty: int, stack: ExitStack) -> None:
        streams = [streaming(stack, hasty) for _ in range(3)]
        status, body = asked(hasty)
        assert status == 503
        assert "ask again later" in json.loads(body)["detail"]
        streams[0].close()
        until(lambda: asked(hasty)[0] == 200)


class TestFailing:
    def test_what_is_raised_is_logged_once_and_told_to_no_client(
        self, port: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        status, body = asked(port, path="/raise")
        logged = "".join(capfd.readouterr())
        assert (status, json.loads(body)["title"]) == (500, "Internal Server Error")
        assert b"only the log" not in body
        assert logged.count("ValueError: what only the log may tell") == 1
        assert "/raise" in logged

    def test_half_an_answer_is_not_taken_for_a_whole_one(
        self, port: int, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(http.client.IncompleteRead):
            asked(port, path="/half")
        assert "".join(capfd.readouterr()).count("ValueError: what only the log may tell") == 1

    def test_an_application_that_does_not_start_is_no_service(self) -> None:
        async def fails(_scope: object, _receive: object, send: Send) -> None:
            await send({"type": "lifespan.startup.failed", "message": ""})

        with pytest.raises(ServiceUnavailable, match="did not start"), serving(fails, "127.0.0.1", 0):
            pass


class TestEnding:
    def test_idle_connections_and_streams_are_closed_within_a_second(self, stack: ExitStack) -> None:
        threads = set(threading.enumerate())
        with serving(many_kinds, "127.0.0.1", 0) as port:
            clients = [opened(stack, port, b""), streaming(stack, port)]
            began = time.monotonic()
        assert time.monotonic() - began < 1
        assert [all_of(client) for client in clients] == [b"", b""]
        assert set(threading.enumerate()) <= threads
        with pytest.raises(ConnectionRefusedError):
            asked(port)

    def test_what_is_being_answered_is_answered(self, stack: ExitStack) -> None:
        began, go = threading.Event(), threading.Event()

        async def slow(scope: Scope, _receive: Receive, send: Send) -> None:
            assert scope["type"] == "http", "it knows of no lifespan"
            began.set()
            await asyncio.to_thread(go.wait)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        with serving(slow, "127.0.0.1", 0) as port:
            client = opened(stack, port, STREAM)
            began.wait()
            threading.Timer(0.05, go.set).start()
        assert answer_of(client)[0] == 204


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        [
            "localhost", "LOCALHOST:80", "127.0.0.1:80", "[::1]:80", "192.0.2.7", "coordinator:80",
            "name.example",
        ],
    )  # fmt: skip
    def test_who_asks_by_a_known_name_or_an_address_is_answered(self, port: int, host: str) -> None:
        assert asked(port, host)[0] == 200

    @pytest.mark.parametrize("host", ["other.example", "localhost.other.example:80", "127.0.0.1.x", ""])
    def test_who_asks_by_another_name_is_told_how_to_allow_it(self, port: int, host: str) -> None:
        status, body = asked(port, host)
        assert status == 421
        assert b"GENEPOOL_ALLOWED_HOSTS" in body
        assert b"alive" not in body

    def test_who_names_no_host_is_not_answered(self, port: int, stack: ExitStack) -> None:
        assert asked(port, None)[0] == 400
        assert answer_of(opened(stack, port, b"GET /healthz HTTP/1.0\r\n\r\n"))[0] == 421


def test_no_answer_tells_what_the_server_is(port: int, stack: ExitStack) -> None:
    client = opened(stack, port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head = all_of(client).lower().partition(b"\r\n\r\n")[0]
    assert b"server:" not in head
    assert b"uvicorn" not in head


def test_it_listens_on_addresses_of_the_sixth_version_too() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no such address")
    with (
        serving(many_kinds, "::1", 0) as port,
        socket.create_connection(("::1", port), timeout=5) as client,
    ):
        client.sendall(HALF_A_REQUEST + b"\r\n\r\n")
        assert answer_of(client)[0] == 200
