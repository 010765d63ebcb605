"""``genepool cluster`` on a history of its own."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, GenepoolError
from genepool.scheduling.node_cpu import NodeCpu
from genepool.settings import load_settings

Command = Callable[..., Result]


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    app, runner = build(), CliRunner()

    def call(*arguments: str) -> Result:
        result = runner.invoke(app, ["cluster", *arguments])
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return call


def noted(*nodes: NodeCpu) -> None:
    with closing(open_store(load_settings())) as store:
        store.nodes.note(nodes)


def wishes() -> dict[str, float]:
    with closing(open_store(load_settings())) as store:
        return dict(store.nodes.shares())


def test_machines_show_seats_budget_and_real_use(genepool: Command) -> None:
    noted(NodeCpu("desk", "local", 2, 2.0, 0.75, 0.742), NodeCpu("far", "cpu", 4, 4.0, 1.0, 0.99))
    lines = [line.split() for line in genepool().output.splitlines()]
    assert ["desk", "local", "2", "2", "75", "%", "74", "%"] in lines
    assert ["far", "cpu", "4", "4", "100", "%", "99", "%"] in lines


def test_as_json_they_are_a_document(genepool: Command) -> None:
    noted(NodeCpu("desk", "local", 2, 1.5, 0.75, 0.742))
    document = json.loads(genepool("budget", "40", "--node", "other", "--json").output)
    assert document == json.loads(genepool("--json").output)
    assert document["wished_percent"] is None
    desk, other = document["nodes"]
    assert (desk["budget_percent"], desk["used_percent"], desk["cpus"], desk["at_work"]) == (
        75.0,
        74.2,
        1.5,
        True,
    )
    assert (other["node"], other["wished_percent"], other["used_percent"]) == ("other", 40.0, None)


def test_one_that_nobody_saw_is_listed_with_its_wish(genepool: Command) -> None:
    assert "never seen" in genepool("budget", "40%", "--node", "other").output


def test_a_wish_is_for_all_machines_or_for_one_and_is_taken_back(genepool: Command) -> None:
    genepool("budget", "50", "--node", "desk")
    genepool("budget", "60")
    assert wishes() == {"": 0.6}
    assert "60 % of every machine" in genepool().output
    genepool("budget", "usual")
    assert wishes() == {}
    assert "no machine has worked within a day" in genepool().output


@pytest.mark.parametrize("percent", ["0", "101", "nan", "most"])
def test_an_impossible_budget_is_refused_with_what_to_give(genepool: Command, percent: str) -> None:
    with pytest.raises(ConfigError, match=r"give 1 to 100, or `usual`"):
        genepool("budget", percent)


def test_a_machine_without_a_name_is_refused(genepool: Command) -> None:
    with pytest.raises(ConfigError, match="--node is empty"):
        genepool("budget", "50", "--node", " ")
