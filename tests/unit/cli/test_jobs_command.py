"""``genepool jobs`` on a queue of its own."""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from genepool.bootstrap.stores import open_store
from genepool.cli._app import build
from genepool.cli._durations import seconds_of
from genepool.errors import ConfigError, GenepoolError, JobConflict, JobNotFound
from genepool.jobs import Job, NewJob
from genepool.settings import load_settings

Command = Callable[..., Result]


@pytest.fixture
def genepool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    app, runner = build(), CliRunner()

    def call(*arguments: str) -> Result:
        result = runner.invoke(app, ["jobs", *arguments])
        if isinstance(result.exception, GenepoolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return call


def submitted(*asked: NewJob) -> list[Job]:
    with closing(open_store(load_settings())) as store:
        return [store.jobs.submit(each) for each in asked]


def ended(state: str, error: str = "", result: Mapping[str, object] | None = None) -> None:
    with closing(open_store(load_settings())) as store:
        job = store.jobs.take(["evolve"])
        assert job is not None
        store.jobs.end(job, state, result=result, error=error)  # type: ignore[arg-type] # by the tests below


def test_those_that_wait_or_run_are_listed_and_all_on_demand(genepool: Command) -> None:
    assert "no job waits" in genepool("list").output
    submitted(NewJob("evolve", {"data": "btcusd_1h"}, run="first"), NewJob("evolve", run="second"))
    ended("failed", "out of luck")
    assert "second" in genepool("list").output
    assert "first" not in genepool("list").output
    listed = json.loads(genepool("list", "--all", "--json").output)
    assert [(job["id"], job["run"], job["state"]) for job in listed] == [
        (2, "second", "queued"),
        (1, "first", "failed"),
    ]


def test_a_job_is_shown_with_what_was_asked_for_and_why_it_failed(genepool: Command) -> None:
    submitted(NewJob("evolve", {"data": "btcusd_1h"}, run="first"))
    ended("failed", "out of luck")
    output = genepool("show", "1").output
    assert "failed: out of luck" in output
    assert '{"data": "btcusd_1h"}' in output
    assert json.loads(genepool("show", "1", "--json").output)["error"] == "out of luck"
    with pytest.raises(JobNotFound, match="no job 5"):
        genepool("show", "5")


def test_a_waiting_job_is_cancelled_and_queued_again_with_another_limit(genepool: Command) -> None:
    submitted(NewJob("evolve"))
    assert "job 1 is cancelled" in genepool("cancel", "1").output
    assert "waits in the queue again" in genepool("retry", "1", "--time-limit", "90m").output
    assert json.loads(genepool("show", "1", "--json").output)["time_limit"] == 5400
    with pytest.raises(JobConflict, match="is queued"):
        genepool("retry", "1")


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("1.5h", 5400), ("2d", 172_800), ("1w", 604_800)])
def test_times_are_typed_with_a_unit(text: str, seconds: float) -> None:
    assert seconds_of(text, "--every") == seconds


@pytest.mark.parametrize("text", ["", "12", "h", "-1h", "1y", "1 h 5 m", "\u0661h"])
def test_what_is_no_time_is_refused_by_its_flag(text: str) -> None:
    with pytest.raises(ConfigError, match="--every is "):
        seconds_of(text, "--every")


def test_what_is_submitted_and_retried_stands_in_the_log_of_the_folders_service(
    genepool: Command, tmp_path: Path
) -> None:
    log = tmp_path / "logs" / "acknowledged.jsonl"
    log.parent.mkdir()
    log.touch()
    genepool("submit", "--data", "synthetic:noise:seed=1,candles=2600", "--strategies", "ema_crossover")
    genepool("cancel", "1")
    genepool("retry", "1")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line.keys() - {"at", "job"} for line in lines] == [{"queued"}, {"retried", "epoch"}]


def test_an_evolution_that_ended_says_the_rung_reached_and_the_verdict(genepool: Command) -> None:
    submitted(NewJob("evolve", run="old"), NewJob("evolve", run="new"))
    ended("done", result={"run": "old", "standing": "luck", "verdict": "Not distinguishable from luck."})
    ended("done", result={"run": "new", "rung": "traded", "verdict": "No edge found: costs."})
    listed = " ".join(genepool("list", "--all").output.split())
    assert "run new, rung traded: No edge found: costs." in listed
    assert "luck" not in listed, "what deflation alone says is no verdict"
    assert "No edge found: costs." in genepool("show", "2").output
    assert "luck" not in genepool("show", "1").output
