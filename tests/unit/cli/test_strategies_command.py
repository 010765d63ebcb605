"""``genepool strategies`` for people, for machines and for the documentation."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from genepool.cli import strategies as command
from genepool.cli._strategy_pages import documentation
from genepool.errors import ConfigError
from genepool.strategies import seed_strategies

PAGES = Path(__file__).resolve().parents[3] / "docs" / "strategies"
SEEDS = seed_strategies()


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    command.register(app)
    return app


def printed(app: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "160"})
    assert result.exit_code == 0
    return result.stdout


def document(app: typer.Typer, *arguments: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(printed(app, *arguments, "--json"))


def test_the_table_names_every_seed(app: typer.Typer) -> None:
    table = printed(app)
    assert [name for name in SEEDS if name not in table] == []


def test_the_document_lists_every_seed_with_its_genes(app: typer.Typer) -> None:
    listed = document(app)
    assert [seed["name"] for seed in listed] == list(SEEDS)
    crossover = next(seed for seed in listed if seed["name"] == "ema_crossover")
    assert crossover["genes"][0] == {
        "name": "fast",
        "low": 2,
        "high": 60,
        "step": 1,
        "integer": True,
        "default": 12,
        "off": None,
        "meaning": "Period of the fast average, in candles.",
    }
    assert crossover["risk_genes"][0]["name"] == "direction"
    assert crossover["requires"] == []


@pytest.mark.parametrize("name", SEEDS)
def test_each_seed_can_be_asked_for_alone(app: typer.Typer, name: str) -> None:
    alone = document(app, name)
    assert alone["lookback"] == SEEDS[name].lookback(SEEDS[name].genome().values)
    assert alone["lookback"] <= alone["longest_lookback"]
    assert alone["requires"] == sorted(SEEDS[name].requires)
    text = printed(app, name)
    assert [gene.name for gene in SEEDS[name].all_genes if gene.name not in text] == []


def test_a_name_that_is_not_there_is_answered_with_those_that_are(app: typer.Typer) -> None:
    with pytest.raises(ConfigError, match=r"no strategy 'ema': choose from .*ema_crossover"):
        CliRunner().invoke(app, ["ema"], catch_exceptions=False)


def test_the_pages_are_written_where_asked(app: typer.Typer, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pages"
    printed(app, "--write-docs", str(folder))
    assert {path.name: path.read_text() for path in folder.iterdir()} == documentation(SEEDS)


def test_a_folder_that_cannot_be_written_to_is_named(app: typer.Typer, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("here already")
    with pytest.raises(ConfigError, match=r"file cannot be written to: .*give another folder"):
        CliRunner().invoke(app, ["--write-docs", str(taken)], catch_exceptions=False)


def test_the_committed_pages_are_what_the_strategies_say() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert committed == documentation(SEEDS), "run: genepool strategies --write-docs docs/strategies"
