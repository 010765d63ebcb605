"""What every ring of keys promises, whatever database it stands in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.api_keys import fresh_key
from genepool.errors import KeyNotFound
from genepool.ports import KeyRing
from tests.fakes.postgres import history_url


@pytest.fixture(params=["sqlite", "postgres"])
def ring(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyRing]:
    if request.param == "sqlite":
        with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as store:
            yield store.keys
    else:
        with history_url() as url, closing(open_sql_store(url)) as store:
            yield store.keys


def test_a_key_is_found_by_itself_alone_and_opens_what_its_scope_says(ring: KeyRing) -> None:
    key = fresh_key()
    made = ring.add(key, "notebook", "run")
    assert ring.find(key) == made == ring.numbered(made.id)
    assert ring.find(fresh_key()) is None
    assert [made.allows(scope) for scope in ("read", "run", "admin")] == [True, True, False]


def test_a_revoked_key_opens_nothing_and_stays_revoked(ring: KeyRing) -> None:
    key = fresh_key()
    made = ring.add(key, "notebook", "admin")
    revoked = ring.revoke(made.id)
    assert ring.revoke(made.id) == revoked
    assert ring.listed() == [revoked]
    assert not revoked.allows("read")
    with pytest.raises(KeyNotFound, match="no key 7"):
        ring.revoke(7)


def test_no_file_of_the_history_holds_a_key(tmp_path: Path) -> None:
    key = fresh_key()
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as store:
        store.keys.add(key, "notebook", "read")
        assert not any(key.encode() in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
        with closing(sqlite3.connect(tmp_path / "h.sqlite")) as raw:
            assert raw.execute("SELECT COUNT(*) FROM api_keys").fetchone() == (1,)
