"""``genepool db``, as a user types it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from genepool.adapters.store import HEAD, embedded_url, open_sql_store
from genepool.cli import db
from genepool.errors import ConfigError, StoreError
from tests.fakes.histories import a_history, a_spec
from tests.fakes.postgres import PASSWORD, USER, empty_database, postgres_server


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of a history with three runs that have ended."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    url = embedded_url(tmp_path / "genepool.sqlite")
    with closing(open_sql_store(url)) as store:
        for run in ("first", "second", "third"):
            store.create(a_spec(run))
            store.record(run, a_history()[0])
            store.finish(run, "finished", "abc")
    return url


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point the environment at an empty Postgres database; yield the file with its password."""
    password = tmp_path / "postgres_password"
    password.write_text(f"{PASSWORD}\n")
    with empty_database() as name:
        url = f"postgresql+psycopg://{USER}@127.0.0.1:{postgres_server().port}/{name}"
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.setenv("GENEPOOL_DATABASE_URL", url)
        monkeypatch.setenv("GENEPOOL_DATABASE_PASSWORD_FILE", str(password))
        yield password


def typed(*words: str) -> str:
    program = typer.Typer()
    db.register(program)
    result = CliRunner().invoke(program, ["db", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def runs(url: str) -> list[str]:
    with closing(open_sql_store(url)) as store:
        return [summary.spec.run for summary in store.summaries()]


class TestPrune:
    def test_it_says_what_it_forgot(self, history: str) -> None:
        said = typed("prune", "--keep-runs", "1", "--older-than", "0")
        assert said.splitlines()[:2] == ["first", "second"]
        assert "forgot 2 runs and 0 evaluations; 1 runs stay, and every trial stays counted" in said
        assert runs(history) == ["third"]

    def test_a_dry_run_says_the_same_and_forgets_nothing(self, history: str) -> None:
        said = json.loads(typed("prune", "--keep-runs", "0", "--older-than", "0", "--dry-run", "--json"))
        assert said == {"dry_run": True, "runs": ["first", "second", "third"], "evaluations": 4, "kept": 0}
        assert len(runs(history)) == 3

    def test_without_flags_what_is_young_stays(self, history: str) -> None:
        assert "forgot 0 runs and 0 evaluations; 3 runs stay" in typed("prune")
        assert len(runs(history)) == 3


class TestPruneTrials:
    @pytest.mark.usefixtures("history")
    def test_it_says_what_it_forgot_and_every_run_stays(self) -> None:
        told = json.loads(typed("prune", "--trials", "--older-than", "0", "--dry-run", "--json"))
        assert told == {"dry_run": True, "runs": ["first", "second", "third"], "trials": 3, "kept": 9}
        said = typed("prune", "--trials", "--older-than", "0")
        assert said.splitlines()[:3] == ["first", "second", "third"]
        assert "forgot 3 trials of 3 runs; 9 champions and ancestors stay" in said
        assert json.loads(typed("size", "--json"))["pruned_runs"] == 3

    @pytest.mark.usefixtures("history")
    def test_the_age_is_that_of_the_setting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GENEPOOL_KEEP_TRIALS_DAYS", "7")
        assert "forgot 0 trials of 0 runs" in typed("prune", "--trials")
        monkeypatch.setenv("GENEPOOL_KEEP_TRIALS_DAYS", "0")
        assert "forgot 3 trials of 3 runs" in typed("prune", "--trials")

    @pytest.mark.usefixtures("history")
    def test_without_an_age_nothing_is_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("GENEPOOL_KEEP_TRIALS_DAYS", raising=False)
        with pytest.raises(ConfigError, match=r"give --older-than DAYS .* GENEPOOL_KEEP_TRIALS_DAYS"):
            typed("prune", "--trials")
        with pytest.raises(ConfigError, match="--keep-runs is about whole runs"):
            typed("prune", "--trials", "--keep-runs", "3", "--older-than", "0")


class TestSize:
    @pytest.mark.usefixtures("history")
    def test_it_tells_bytes_by_table_and_by_evaluation(self) -> None:
        told = json.loads(typed("size", "--json"))
        assert (told["runs"], told["evaluations"]) == (3, 12)
        assert told["bytes_an_evaluation"] == pytest.approx(
            (told["bytes"] - told["free_bytes"]) / 12, abs=0.1
        )
        assert told["tables"]["evaluations"]["rows"] > 0

    @pytest.mark.usefixtures("history")
    def test_people_read_it_as_a_table(self) -> None:
        said = typed("size")
        assert "evaluations" in said
        assert "it holds 3 runs, with 12 evaluations: " in said


class TestServer:
    @pytest.mark.usefixtures("server")
    def test_it_is_migrated_with_the_password_of_the_file(self) -> None:
        assert json.loads(typed("current", "--json")) == {"current": None, "newest": HEAD}
        assert json.loads(typed("upgrade", "--json")) == {"before": None, "after": HEAD}
        assert f"has layout {HEAD}, the newest" in typed("upgrade")

    def test_a_password_file_that_is_not_there_is_named(self, server: Path) -> None:
        server.unlink()
        with pytest.raises(ConfigError, match=r"GENEPOOL_DATABASE_PASSWORD_FILE names .*: `make secrets`"):
            typed("current")

    def test_a_wrong_password_is_said_to_be(self, server: Path) -> None:
        server.write_text("wrong")
        with pytest.raises(StoreError, match="refuses the password"):
            typed("upgrade")
