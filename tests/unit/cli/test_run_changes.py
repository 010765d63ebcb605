"""``genepool runs rename``, ``note`` and ``delete``."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, GenepoolError, RunBusy, RunExists, RunNotFound
from genepool.settings import load_settings
from tests.fakes.histories import a_generation, a_spec

Command = Callable[..., str]


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Return the program, at home in a history of two runs."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    app, runner = build(), CliRunner()
    with closing(open_store(load_settings())) as store:
        for number, name in enumerate(("first", "second")):
            store.create(a_spec(name))
            store.record(name, a_generation(0, 10 * number))
            store.finish(name, "finished", "abc")

    def call(*arguments: str) -> str:
        result = runner.invoke(app, list(arguments))
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    yield call
    structlog.reset_defaults()


def listed(genepool: Command) -> dict[str, Any]:
    return {line["run"]: line for line in json.loads(genepool("runs", "--json"))}


def test_a_run_has_another_name_and_the_same_digest(genepool: Command) -> None:
    assert genepool("runs", "rename", "fi", "amber falcon".replace(" ", "-")) == (
        "run first is called amber-falcon now\n"
    )
    found = listed(genepool)
    assert list(found) == ["second", "amber-falcon"]
    assert found["amber-falcon"]["digest"] == "abc"
    document = json.loads(genepool("runs", "rename", "amber-falcon", "zoë", "--json"))
    assert document == listed(genepool)["zoë"]


def test_a_name_that_no_run_can_have_is_refused(genepool: Command) -> None:
    for name in ("latest", "a/b", "nul", ""):
        with pytest.raises(ConfigError, match=r"choose another name|use up to 64 letters"):
            genepool("runs", "rename", "first", name)
    with pytest.raises(RunExists, match="there is a run second already: choose another name"):
        genepool("runs", "rename", "first", "second")
    assert set(listed(genepool)) == {"first", "second"}


def test_a_note_stands_in_the_list_until_it_is_taken_away(genepool: Command) -> None:
    assert genepool("runs", "note", "first", "  no costs, do not trust ") == "run first has a note now\n"
    assert listed(genepool)["first"]["note"] == "no costs, do not trust"
    assert "no costs, do not trust" in genepool("runs")
    assert genepool("runs", "note", "first", "") == "run first has no note any more\n"
    assert listed(genepool)["first"]["note"] == ""


@pytest.mark.parametrize(("text", "sentence"), [("x" * 2_001, "has 2,001 signs"), ("a\0b", "control char")])
def test_a_note_is_plain_text_of_some_length(genepool: Command, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        genepool("runs", "note", "first", text)


def test_a_run_is_deleted_by_its_whole_name_and_on_confirmation_alone(genepool: Command) -> None:
    with pytest.raises(RunNotFound, match="no run 'fi'"):
        genepool("runs", "delete", "fi", "--yes")
    with pytest.raises(ConfigError, match="would be deleted for good: say so with --yes"):
        genepool("runs", "delete", "first")
    assert set(listed(genepool)) == {"first", "second"}
    assert json.loads(genepool("runs", "delete", "first", "--yes", "--json")) == {
        "run": "first", "evaluations": 4
    }  # fmt: skip
    assert set(listed(genepool)) == {"second"}
    assert "every trial stays counted" in genepool("runs", "delete", "second", "--yes")


def test_a_run_that_waits_is_neither_renamed_nor_deleted(genepool: Command) -> None:
    with closing(open_store(load_settings())) as store:
        store.create(a_spec("third"))
        store.submit("third")
    for words in (["rename", "third", "fourth"], ["delete", "third", "--yes"]):
        with pytest.raises(RunBusy, match=r"run third is queued: .* stop third` stops it"):
            genepool("runs", *words)
    assert RunBusy.exit_code == 2


def test_a_change_stands_in_the_log_of_the_folders_service(genepool: Command, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "acknowledged.jsonl"
    genepool("runs", "rename", "second", "other")
    assert not log.exists(), "no service, no log"
    log.parent.mkdir()
    log.touch()
    genepool("runs", "rename", "first", "gold")
    genepool("runs", "delete", "gold", "--yes")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["run"], line.get("renamed")) for line in lines] == [("first", "gold"), ("gold", None)]
    assert lines[1]["deleted"] is True


def test_a_log_that_cannot_be_written_keeps_nobody_from_a_change(genepool: Command, tmp_path: Path) -> None:
    (tmp_path / "logs" / "acknowledged.jsonl").mkdir(parents=True)
    genepool("runs", "rename", "first", "gold")
    assert "gold" in listed(genepool)
