"""``genepool runs``, ``show``, ``report`` and ``export`` on a history of small real runs."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner, Result

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.errors import ConfigError, DataError, GenepoolError, RunNotFound, RunPruned
from genepool.settings import load_settings
from genepool.usecases.named_run import find_run
from tests.fakes.bred_runs import BredRun, bred_run, record_in

Command = Callable[..., Result]
RUNGS = ("traded", "paid", "survived", "stable", "examined")


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Return the program, at home in an empty folder."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENEPOOL_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    app, runner = build(), CliRunner()

    def call(*arguments: str) -> Result:
        result = runner.invoke(app, list(arguments))
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    yield call
    # Each command sends its log to a stream that ends with it.
    structlog.reset_defaults()


def remember(*runs: BredRun) -> None:
    store = open_store(load_settings())
    try:
        for run in runs:
            record_in(store, run)
    finally:
        store.close()


def named(name: str) -> BredRun:
    run = bred_run()
    return replace(run, plan=replace(run.plan, spec=replace(run.plan.spec, run=name)))


def document(result: Result) -> Any:  # noqa: ANN401 - JSON is anything
    return json.loads(result.stdout)


def test_an_empty_history_says_how_to_fill_it(genepool: Command) -> None:
    assert "genepool evolve" in genepool("runs").stdout
    assert document(genepool("runs", "--json")) == []
    with pytest.raises(RunNotFound, match="there is no run latest: the history is empty"):
        genepool("show", "latest")


def test_runs_lists_what_there_is_newest_first(genepool: Command) -> None:
    remember(named("older"), named("newer"))
    entries = document(genepool("runs", "--json"))
    assert [entry["run"] for entry in entries] == ["newer", "older"]
    assert entries[0]["state"] == "finished"
    assert entries[0]["synthetic"] is True
    assert entries[0]["generations"] == 4
    table = genepool("runs").stdout
    assert "newer" in table
    assert "(synthetic)" in table
    assert re.search(r"in-sample\s.*best", table, re.DOTALL), "what kind of best it is"
    assert "1 older runs are not shown" in genepool("runs", "--limit", "1").stdout


def test_show_prints_the_run_the_leaderboard_and_the_verdict(genepool: Command) -> None:
    remember(named("amber-falcon"))
    text = genepool("show", "amber").stdout
    assert all(f"{place} {name}" in text for place, name in enumerate(RUNGS, 1))
    assert "genepool exam amber-falcon" in text
    assert "buy and hold" in text
    assert "amber-falcon, finished" in text
    assert "genepool evolve --data synthetic:regimes:seed=5,candles=2600" in text


def test_show_as_json_is_one_document_with_the_leaderboard(genepool: Command) -> None:
    remember(named("amber-falcon"))
    shown = document(genepool("show", "latest", "--json"))
    judged = bred_run().judged
    assert shown["run"] == "amber-falcon"
    assert shown["deflation"] == judged.deflation
    assert shown["verdict"] == shown["ladder"]["sentence"]
    assert shown["trials"] == judged.trials
    assert [place["rank"] for place in shown["leaderboard"]] == list(range(1, 21))
    assert shown["leaderboard"][0]["fingerprint"] == judged.board[0].genome.fingerprint
    assert sum(shown["species"].values()) == 24


def test_show_genome_explains_one_place(genepool: Command) -> None:
    remember(named("amber-falcon"))
    third = bred_run().judged.board[2]
    text = genepool("show", "latest", "--genome", "3").stdout
    assert third.genome.fingerprint in text
    assert "max drawdown" in text
    shown = document(genepool("show", "latest", "--genome", "3", "--json"))
    assert (shown["rank"], shown["genes"]) == (3, third.genome.values)


def test_a_rank_that_is_not_there_is_refused_with_the_ones_that_are(genepool: Command) -> None:
    remember(named("amber-falcon"))
    for rank in ("0", "97"):
        with pytest.raises(ConfigError, match=f"has no rank {rank}: it has ranks 1 to 96"):
            genepool("show", "latest", "--genome", rank)


def test_a_run_whose_candles_are_gone_is_still_shown_but_not_reported(genepool: Command) -> None:
    run = named("orphan")
    remember(replace(run, plan=replace(run.plan, spec=replace(run.plan.spec, data="gone.csv"))))
    assert "no verdict and no comparison with holding: there is no file" in genepool("show", "orphan").stdout
    shown = document(genepool("show", "orphan", "--json"))
    assert shown["verdict"] is None
    assert "gone.csv" in shown["no_verdict_because"]
    assert len(shown["leaderboard"]) == 20
    with pytest.raises(DataError, match=r"gone\.csv"):
        genepool("report", "orphan")


def test_report_writes_one_file_where_it_is_asked_to(genepool: Command, tmp_path: Path) -> None:
    remember(named("amber-falcon"))
    told = document(genepool("report", "latest", "--out", str(tmp_path / "r.html"), "--json"))
    written = (tmp_path / "r.html").read_bytes()
    assert told == {"run": "amber-falcon", "report": str(tmp_path / "r.html"), "bytes": len(written)}
    assert b"amber-falcon" in written
    genepool("report", "amber-falcon")
    assert (tmp_path / "results" / "amber-falcon.html").read_bytes() == written


@pytest.mark.parametrize(
    ("what", "rows"), [("genome", 1), ("trials", 96), ("trades", None), ("equity", None)]
)
def test_export_writes_what_it_says(genepool: Command, tmp_path: Path, what: str, rows: int | None) -> None:
    remember(named("amber-falcon"))
    path = tmp_path / "out" / f"{what}.txt"
    told = document(genepool("export", "amber", "--what", what, "--rank", "1", "--out", str(path), "--json"))
    assert told["file"] == str(path)
    assert told["rows"] > 0
    assert rows is None or told["rows"] == rows
    if what == "genome":
        assert json.loads(path.read_text(encoding="utf-8"))["run"]["name"] == "amber-falcon"
    else:
        with path.open(newline="", encoding="utf-8") as stream:
            assert len(list(csv.DictReader(stream))) == told["rows"]


def test_a_run_goes_by_its_name_or_a_beginning_that_no_other_has() -> None:
    summaries = [named(name).summary for name in ("btc-2", "btc-1", "btc", "eth")]
    assert find_run("btc", summaries).spec.run == "btc"
    assert find_run("e", summaries).spec.run == "eth"
    assert find_run("latest", summaries).spec.run == "btc-2"
    with pytest.raises(
        RunNotFound, match="several runs begin with btc-: btc-2, btc-1; give more of the name"
    ):
        find_run("btc-", summaries)


def test_an_unknown_run_is_answered_with_the_newest() -> None:
    summaries = [named(f"run-{k}").summary for k in range(7)]
    expected = "there is no run sol: the newest are run-0, run-1, run-2, run-3, run-4 and others"
    with pytest.raises(RunNotFound, match=expected):
        find_run("sol", summaries)
    with pytest.raises(RunNotFound, match="there is no run"):
        find_run("", summaries)


class TestPrunedRun:
    """A run whose trials were pruned is shown as far as it is left, and says what is gone."""

    @pytest.fixture(autouse=True)
    def _pruned(self, genepool: Command) -> None:
        remember(bred_run())
        self.before = document(genepool("show", "small", "--json"))
        genepool("db", "prune", "--trials", "--older-than", "0")

    def test_the_list_marks_it(self, genepool: Command) -> None:
        assert document(genepool("runs", "--json"))[0]["pruned_at"] is not None
        assert "pruned" in genepool("runs").stdout

    def test_leaderboard_verdict_and_trials_are_what_they_were(self, genepool: Command) -> None:
        after = document(genepool("show", "small", "--json"))
        assert (self.before.pop("pruned_at"), after.pop("pruned_at") is None) == (None, False)
        assert (after.pop("species"), bool(self.before.pop("species"))) == ({}, True)
        assert after == self.before

    def test_people_read_what_is_gone(self, genepool: Command) -> None:
        said = " ".join(genepool("show", "small").stdout.split())
        assert "species pruned" in said
        assert "Its trials were pruned on 20" in said
        assert "of 96, the first 20 places of the leaderboard and their ancestors are left" in said

    def test_its_report_says_what_is_gone_and_shows_the_rest(self, genepool: Command) -> None:
        text = Path(document(genepool("report", "small", "--json"))["report"]).read_text(encoding="utf-8")
        assert "Its trials were pruned on 20" in text
        assert 'id="family-tree"' in text
        for pictured in ("luck-curve", "search", "neighbourhood-map"):
            assert f'id="{pictured}"' not in text

    def test_what_is_left_is_exported_and_what_is_not_is_refused(
        self, genepool: Command, tmp_path: Path
    ) -> None:
        for what in ("genome", "trades", "equity"):
            genepool("export", "small", "--what", what, "--out", str(tmp_path / what))
        with pytest.raises(RunPruned, match="the trials of run small cannot be exported"):
            genepool("export", "small", "--what", "trials", "--out", str(tmp_path / "trials.csv"))
        assert not (tmp_path / "trials.csv").exists()
        with pytest.raises(ConfigError, match="ranks 1 to 20"):
            genepool("show", "small", "--genome", "21")

    def test_it_is_not_resumed(self, genepool: Command) -> None:
        with pytest.raises(RunPruned, match=r"run small was pruned on .* neither resumed"):
            genepool("evolve", "--resume", "small")
        assert document(genepool("runs", "--json"))[0]["state"] == "finished"
