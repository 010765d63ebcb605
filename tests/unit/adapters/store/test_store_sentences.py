"""What a database says becomes a sentence about what is the matter, and not about something else."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from genepool.adapters.store.translation import translated
from genepool.errors import StoreAway, StoreError

SERVER_RUNS = "check that its server runs"


class FromServer(psycopg.OperationalError):
    """What Postgres answers, with a state or without one."""

    def __init__(self, said: str, state: str | None) -> None:
        super().__init__(said)
        self.sqlstate = state


def sentence(error: Exception, kind: type[DBAPIError] = OperationalError) -> StoreError:
    with pytest.raises(StoreError) as caught, translated("pool on db:5432"):
        raise kind("SELECT 1", None, error)
    return caught.value


@pytest.mark.parametrize(
    ("state", "said", "words"),
    [
        (
            "53100",
            "no room",
            "the disk of its server is full (no room): free space",
        ),
        ("53200", "out of memory", "its server is out of memory (out of memory): give it more"),
        ("53300", "sorry", "takes no more clients (sorry): end some of them, or raise max_connections"),
        ("53400", "temporary file size", "a limit of its server is reached (temporary file size): raise"),
        ("57014", "statement timeout", "broke off what took too long (statement timeout): see what keeps"),
        ("57P03", "starting up", "takes no clients yet (starting up): wait until its server has started"),
        ("40P01", "deadlock", "was wanted by two at once (deadlock): the same is tried again"),
        ("55P03", "lock timeout", "is locked by another client (lock timeout): end the one"),
        (None, "FATAL: sorry, too many clients already", "takes no more clients"),
        (None, "FATAL: remaining connection slots are reserved", "takes no more clients"),
        (None, "FATAL: the database system is starting up", "takes no clients yet"),
    ],
)
def test_what_a_server_lacks_is_named_and_may_pass(state: str | None, said: str, words: str) -> None:
    error = sentence(FromServer(said, state))
    assert isinstance(error, StoreAway)
    assert words in str(error)
    assert SERVER_RUNS not in str(error)


@pytest.mark.parametrize("state", ["08006", "57P01", "25P03", None])
def test_only_a_server_that_is_gone_may_not_run(state: str | None) -> None:
    error = sentence(FromServer("server closed the connection unexpectedly", state))
    assert isinstance(error, StoreAway)
    assert f"does not answer (server closed the connection unexpectedly): {SERVER_RUNS}" in str(error)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("database or disk is full", "cannot grow: the disk is full; free some space"),
        ("attempt to write a readonly database", "cannot be written: give this user write access"),
        ("database is locked", "is busy: another process has been writing for too long"),
        ("database table is locked: runs", "is busy: another process has been writing for too long"),
        ("disk I/O error", "its disk fails or is full; see to it"),
    ],
)
def test_what_a_file_lacks_is_named_and_stays(said: str, words: str) -> None:
    error = sentence(sqlite3.OperationalError(said))
    assert not isinstance(error, StoreAway)
    assert words in str(error)
