"""The proxy of the tests does what its toxics say; otherwise the tests that use it prove nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.fakes.tcp_proxy import TcpProxy


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    """Yield a proxy in front of a server that says back what it hears."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_echo_all, args=(listener,))
    thread.start()
    with TcpProxy(*listener.getsockname()) as made:
        yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)


def client_of(proxy: TcpProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), 5)


def test_bytes_pass_both_ways_and_answers_are_counted(proxy: TcpProxy) -> None:
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
    assert proxy.answers == [5]


def test_a_cut_lets_that_many_bytes_of_the_answer_pass(proxy: TcpProxy) -> None:
    proxy.cut_after(3)
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hel"
        assert client.recv(100) == b""
    assert proxy.cut
    with client_of(proxy) as client:
        client.sendall(b"again")
        assert client.recv(100) == b"again"


def test_a_frozen_connection_is_silent_and_continues_afterwards(proxy: TcpProxy) -> None:
    with client_of(proxy) as client:
        proxy.freeze()
        client.sendall(b"hello")
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(100)
        proxy.thaw()
        client.settimeout(5)
        assert client.recv(100) == b"hello"


def test_a_refused_client_can_connect_again_later(proxy: TcpProxy) -> None:
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
        proxy.refuse()
        assert client.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        client_of(proxy)
    proxy.admit()
    with client_of(proxy) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"


def _echo_all(listener: socket.socket) -> None:
    threads = []
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            thread = threading.Thread(target=_echo, args=(client,))
            thread.start()
            threads.append(thread)
    for thread in threads:
        thread.join(10)


def _echo(client: socket.socket) -> None:
    with client, suppress(OSError):
        while data := client.recv(100):
            client.sendall(data)
