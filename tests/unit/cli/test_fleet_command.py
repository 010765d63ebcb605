"""``genepool fleet``: tables for people, JSON for programs, a report to keep."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, GenepoolError
from genepool.settings import load_settings
from tests.fakes.bred_runs import bred_run, record_in

Command = Callable[..., Result]


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Return the program, at home in a folder with two runs."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    run = bred_run()
    with closing(open_store(load_settings())) as store:
        for name in ("one", "two"):
            record_in(store, replace(run, plan=replace(run.plan, spec=replace(run.plan.spec, run=name))))
    app, runner = build(), CliRunner()

    def call(*arguments: str) -> Result:
        result = runner.invoke(app, ["fleet", "--paths", "100", *arguments])
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    yield call
    structlog.reset_defaults()


def test_a_user_sees_bots_account_weightings_and_the_sentence(genepool: Command) -> None:
    told = genepool("one", "two/2", "--weights", "equal").output
    for word in ("one", "two/2", "50.0%", "correlation", "inverse_volatility", "ahead after 12 months"):
        assert word in told
    assert "No champion of this fleet is believed" in told


def test_without_names_all_finished_runs_take_part(genepool: Command) -> None:
    document = json.loads(genepool("--json", "--max-correlation", "0.9").stdout)
    assert sorted(bot["name"] for bot in document["bots"]) == ["one", "two"]
    assert [bot["left_out_because"] is None for bot in document["bots"]].count(True) == 1
    assert document["terms"]["max_correlation"] == 0.9


def test_the_report_holds_its_drawings_and_asks_nobody(genepool: Command, tmp_path: Path) -> None:
    page = tmp_path / "fleet.html"
    assert str(page) in genepool("one", "two/2", "--report", str(page)).output.replace("\n", "")
    written = page.read_text(encoding="utf-8")
    for name in ("joint-equity", "correlation", "shares"):
        assert f'id="{name}"' in written
    assert "http" not in written.replace("http-equiv", "")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--clock", "year"), "there is no clock 'year': choose from hour, day, week, month"),
        (("--weights", "best"), "there are no weights 'best'"),
        (("--paths", "3"), "--paths is 3: give 100 or more"),
        (("one/best",), "'one/best' names no genome"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(genepool: Command, flags: tuple[str, ...], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        genepool(*flags)
