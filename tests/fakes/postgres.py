"""A real Postgres for the tests: in a container of its own, or from the programs that are installed here.

One server a test process, made when the first test asks for it; one database a test. The data lie in
memory. A server that a killed test process leaves behind ends by itself within the hour.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from genepool.adapters.store import upgrade_layout

IMAGE = "postgres:17"
USER = "genepool"
PASSWORD = "only-for-tests"  # noqa: S105 - a server that lives for one test run
_PATIENCE_SECONDS = 60
_LIFETIME_SECONDS = "3600"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a Postgres listens.

    Parameters
    ----------
    port
        On this machine.
    container
        Its container; empty for a plain process.
    """

    port: int
    container: str = ""

    def url(self, database: str = "postgres", port: int | None = None) -> str:
        """Return the SQLAlchemy URL of a database, through another port when one is given."""
        return f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:{port or self.port}/{database}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Return a plain connection that commits every statement."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            dbname=database,
            autocommit=True,
            connect_timeout=3,
        )

    def wait(self) -> None:
        """Return as soon as it answers."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return


@cache
def postgres_server() -> Server:
    """Return this process' server; skip the test when there is neither Docker nor a Postgres here."""
    if docker_answers():
        made = _start_container("--tmpfs", "/var/lib/postgresql/data", "--rm", command=_LIMITED)
        atexit.register(_remove, made.container)
        return made
    return _start_programs()


@contextmanager
def durable_server() -> Iterator[Server]:
    """Yield a server in a container of its own that can be killed and started again on the same data."""
    if not docker_answers():
        pytest.skip("needs Docker: `docker info` fails")
    made = _start_container("--init")
    try:
        yield made
    finally:
        _remove(made.container)


@contextmanager
def empty_database(server: Server | None = None, template: str = "template1") -> Iterator[str]:
    """Yield the name of a database without tables; it is gone afterwards."""
    server = server or postgres_server()
    name = f"test_{uuid.uuid4().hex[:12]}"
    with closing(server.connect()) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )
        try:
            yield name
        finally:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def migrated_database() -> Iterator[str]:
    """Yield the name of a database with the newest layout and no rows; it is gone afterwards."""
    with empty_database(template=_template()) as name:
        yield name


@contextmanager
def history_url() -> Iterator[str]:
    """Yield the URL of a history with the newest layout and no rows; it is gone afterwards."""
    with migrated_database() as name:
        yield postgres_server().url(name)


def count_rows(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> object:
    """Return how many rows a table has."""
    found = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
    return found[0] if found else None


@cache
def docker_answers() -> bool:
    """Tell whether there is a Docker engine that may be used."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def docker(*words: str) -> str:
    """Run a Docker command and return what it prints."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


_LIMITED = ("timeout", _LIFETIME_SECONDS, "postgres", "-c", "listen_addresses=*")


@cache
def _template() -> str:
    name = "migrated"
    with closing(postgres_server().connect()) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    upgrade_layout(postgres_server().url(name))
    return name


def _start_container(*flags: str, command: tuple[str, ...] = ()) -> Server:
    name, port = f"genepool-test-postgres-{uuid.uuid4().hex[:12]}", _free_port()
    setting = ["--env", f"POSTGRES_USER={USER}", "--env", f"POSTGRES_PASSWORD={PASSWORD}"]
    docker(
        "run", "--detach", "--name", name, "--publish", f"127.0.0.1:{port}:5432", *setting, *flags,
        IMAGE, *command,
    )  # fmt: skip
    made = Server(port, name)
    try:
        made.wait()
    except psycopg.OperationalError:
        _remove(name)
        raise
    return made


def _remove(container: str) -> None:
    subprocess.run(["docker", "rm", "--force", "--volumes", container], capture_output=True, check=False)


def _start_programs() -> Server:
    if not (shutil.which("initdb") and shutil.which("postgres")):
        pytest.skip("needs Docker (`docker info` fails) or the programs initdb and postgres")
    folder = Path(tempfile.mkdtemp(prefix="genepool-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # The programs refuse to run as root; nobody owns nothing else here.
    other = {"user": "nobody"} if os.geteuid() == 0 else {}
    (folder / "password").write_text(PASSWORD)
    if other:
        shutil.chown(folder, "nobody")
        shutil.chown(folder / "password", "nobody")
    made, data = Server(_free_port()), str(folder / "data")
    words = ["initdb", "-D", data, "-U", USER, "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    subprocess.run(words, check=True, capture_output=True, **other)  # type: ignore[call-overload] # one flag or none
    process = subprocess.Popen(
        ["postgres", "-D", data, "-p", str(made.port), "-k", str(folder)], stderr=subprocess.DEVNULL, **other
    )  # type: ignore[call-overload] # as above
    atexit.register(process.kill)
    made.wait()
    return made


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
