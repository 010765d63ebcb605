"""What ``genepool check`` shows, and the pages that it writes."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from genepool.cli import check as command
from genepool.cli._check_pages import documentation
from genepool.errors import ConfigError
from genepool.robustness.checks import robustness_checks
from tests.fakes.programs import here

PAGES = Path(__file__).resolve().parents[3] / "docs/checks"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    command.register(app)
    return app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    words = "evolve --data synthetic:regimes:seed=5,candles=3000 --preset all --generations 2 --seed 3 "
    words += "--population-size 16 --strategies ema_crossover,rsi_filter --no-report --name small"
    assert here(folder, *words.split()).code == 0
    return folder


def test_a_table_has_a_line_for_each_check_that_was_asked_for(folder: Path) -> None:
    done = here(folder, "check", "small", "--only", "constant_side,look_ahead")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert "place 1 of run small" in lines[0]
    assert lines[1].split()[:4] == ["check", "figure", "threshold", "outcome"]
    assert [line.split()[0] for line in lines if line.startswith((" constant_side", " look_ahead"))]
    assert "passed" in lines[-1]


def test_a_narrow_screen_has_the_sentences_below_the_figures(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow, wide = (
        _printed(folder, monkeypatch, columns, "--only", "constant_side") for columns in ("80", "150")
    )
    assert [line.split()[0] for line in narrow[1:4]] == ["check", "constant_side", "constant_side"]
    assert "what was found" in wide[1]
    assert "what was found" not in narrow[1]


def _printed(folder: Path, monkeypatch: pytest.MonkeyPatch, columns: str, *words: str) -> list[str]:
    monkeypatch.setenv("COLUMNS", columns)
    done = here(folder, "check", "small", *words)
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_a_place_that_there_is_not_is_refused(folder: Path) -> None:
    done = here(folder, "check", "small", "--rank", "0")
    assert done.code == 2
    assert "has no rank 0: it has ranks 1 to" in done.err


def test_a_failed_check_is_no_failure_of_the_command(folder: Path) -> None:
    done = here(folder, "check", "small", "--json")
    document = json.loads(done.out)
    assert done.code == 0
    assert [line["name"] for line in document["checks"]] == list(robustness_checks())
    assert document["failed"] > 0


def test_an_unknown_check_is_refused_before_the_run_is_read(folder: Path) -> None:
    done = here(folder, "check", "nobody", "--only", "luck")
    assert done.code == 2
    assert "there is no check 'luck': choose from ambiguity_gap, " in done.err


def test_a_place_and_a_fingerprint_at_once_are_refused(app: typer.Typer) -> None:
    with pytest.raises(ConfigError, match="give one of them"):
        CliRunner().invoke(app, ["x", "--rank", "2", "--genome", "0" * 16], catch_exceptions=False)


def test_the_committed_pages_are_what_the_checks_say() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert committed == documentation(robustness_checks()), "run: genepool check --write-docs docs/checks"
