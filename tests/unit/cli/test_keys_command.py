"""``genepool keys`` on a ring of its own."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.settings import load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)


def keys(*arguments: str) -> Result:
    return CliRunner().invoke(build(), ["keys", *arguments])


def test_a_key_stands_alone_on_its_line_and_opens_what_was_asked_for() -> None:
    made = keys("create", "--scope", "admin", "--name", "laptop").stdout
    assert made.count("\n") == 1
    with closing(open_store(load_settings())) as store:
        found = store.keys.find(made.strip())
    assert found is not None
    assert (found.name, found.scope) == ("laptop", "admin")


def test_the_list_shows_no_key_and_what_is_revoked() -> None:
    assert "no keys yet" in keys("list").stdout
    key = keys("create").stdout.strip()
    assert "opens nothing any more" in keys("revoke", "1").stdout
    shown = keys("list", "--json").stdout
    assert key not in shown
    (entry,) = json.loads(shown)
    assert (entry["scope"], entry["revoked_at"] is not None) == ("run", True)
    assert keys("revoke", "9").exit_code != 0
