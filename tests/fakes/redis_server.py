"""A real Redis for the tests, in a container of its own that can be killed, frozen and starved."""

import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.fakes.postgres import docker, docker_answers

IMAGE = "redis:8"
PASSWORD = "only-for-tests"  # noqa: S105 - a server that lives for one test run
_PATIENCE_SECONDS = 30
_LIFETIME_SECONDS = "3600"


@dataclass(frozen=True, slots=True)
class RedisServer:
    """Where a Redis listens.

    Parameters
    ----------
    port
        On this machine.
    container
        Its container.
    """

    port: int
    container: str

    @property
    def url(self) -> str:
        """What GENEPOOL_REDIS_URL would say."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> Redis:
        """Return a patient client, for tests that disturb the server."""
        return Redis(
            port=self.port, password=PASSWORD, socket_timeout=_PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0)
        )

    def configure(self, **settings: str | int) -> None:
        """Set settings of the running server; a hyphen is written as an underscore."""
        with self.client() as client:
            for name, value in settings.items():
                client.config_set(name.replace("_", "-"), value)

    def empty(self) -> None:
        """Forget every key."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """Kill it as ``kill -9`` does."""
        docker("kill", self.container)

    def start(self) -> None:
        """Start it again, and return when it answers."""
        docker("start", self.container)
        self.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop it from running for a while; its kernel keeps accepting connections."""
        docker("pause", self.container)
        try:
            yield
        finally:
            docker("unpause", self.container)
            self.wait()

    def wait(self) -> None:
        """Return as soon as it answers."""
        end = time.monotonic() + _PATIENCE_SECONDS
        with self.client() as client:
            while True:
                try:
                    client.ping()
                except RedisError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.05)
                else:
                    return


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Yield a server that is gone afterwards; skip the test when there is no Docker."""
    if not docker_answers():
        pytest.skip("needs Docker: `docker info` fails")
    name, port = f"genepool-test-redis-{uuid.uuid4().hex[:12]}", free_port()
    docker(
        "run", "--detach", "--name", name, "--publish", f"127.0.0.1:{port}:6379", IMAGE,
        "timeout", _LIFETIME_SECONDS, "redis-server", "--save", "", "--requirepass", PASSWORD,
    )  # fmt: skip
    made = RedisServer(port, name)
    try:
        made.wait()
        yield made
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", name], capture_output=True, check=False)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
