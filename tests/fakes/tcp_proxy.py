"""A TCP proxy that does to a connection what networks do: cut it, freeze it, refuse it."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 65_536
_PATIENCE_SECONDS = 10


class TcpProxy:
    """Passes bytes on to a server until told otherwise; use it as a context.

    Parameters
    ----------
    host, port
        The server.
    listen
        Address to listen on; ``"0.0.0.0"`` for clients in containers.

    Attributes
    ----------
    port
        Where clients connect to; it stays the same when connections are refused for a while.
    answers
        Sizes, in bytes, of what the server said since ``count_answers``.
    """

    def __init__(self, host: str, port: int, listen: str = "127.0.0.1") -> None:
        self._server = (host, port)
        self._lock = threading.Lock()
        self._flowing = threading.Event()
        self._flowing.set()
        self._left: int | None = None
        self._answers_left: int | None = None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._threads: list[threading.Thread] = []
        self.answers: list[int] = []
        self._listener = _listen((listen, 0))
        self._address: tuple[str, int] = self._listener.getsockname()
        self.port = self._address[1]
        self._start_accepting()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cut_after(self, size: int) -> None:
        """Let the server say so many bytes more, then cut every connection, once.

        What the client sent has reached the server by then: this is how an acknowledgement is lost.
        """
        with self._lock:
            self._left = size

    def cut_before_answer(self, number: int) -> None:
        """Let the server answer so many times more, then cut every connection, once."""
        with self._lock:
            self._answers_left = number

    @property
    def cut(self) -> bool:
        """Whether the cut that was asked for has come."""
        return self._left is None and self._answers_left is None

    def count_answers(self) -> None:
        """Forget the sizes of what the server said so far."""
        with self._lock:
            self.answers = []

    def freeze(self) -> None:
        """Pass nothing on, in neither direction; connections stay open and new ones are accepted."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Pass everything on again, what was held back first."""
        self._flowing.set()

    def drop(self) -> None:
        """Cut every connection now; new ones are accepted."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def refuse(self) -> None:
        """Cut every connection and refuse new ones, as a host without the server does."""
        _hang_up(self._listener)
        self._accepting.join(_PATIENCE_SECONDS)
        self.drop()

    def admit(self) -> None:
        """Accept connections again, on the same port."""
        self._listener = _listen(self._address)
        self._start_accepting()

    def close(self) -> None:
        """End every connection and every thread."""
        self.refuse()
        self.thaw()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)

    def _start_accepting(self) -> None:
        self._accepting = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._accepting.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._server, _PATIENCE_SECONDS)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self._serve(client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._pairs.append((client, server))
        thread = threading.Thread(target=self._carry, args=(client, server), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            asking = threading.Thread(target=self._pump, args=(client, server, False), daemon=True)
            asking.start()
            self._pump(server, client, True)
            asking.join()

    def _pump(self, source: socket.socket, target: socket.socket, answering: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                self._flowing.wait()
                passing = self._allowed(data) if answering else data
                target.sendall(passing)
                if len(passing) < len(data):
                    self.drop()
        # When one side hangs up, the proxy hangs up on the other.
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, data: bytes) -> bytes:
        with self._lock:
            self.answers.append(len(data))
            if self._answers_left is not None:
                self._answers_left = self._answers_left - 1 if self._answers_left else None
                return b"" if self._answers_left is None else data
            if self._left is None:
                return data
            passing = data[: self._left]
            self._left = None if len(passing) < len(data) else self._left - len(data)
            return passing


def _listen(address: tuple[str, int]) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(64)
    return listener


def _hang_up(listener: socket.socket) -> None:
    # Closing alone does not wake the thread that waits in accept.
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
