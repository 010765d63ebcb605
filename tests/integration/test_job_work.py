"""Evolutions are queued and bred later, by workers that may be killed, to the digests of ``evolve``."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.programs import here, start, wait_for

MARKET = "synthetic:regimes:seed=3,candles=4000"
OTHER = "synthetic:noise:seed=4,candles=4000"
RULES = ("--population-size", "8", "--seed", "5", "--strategies", "ema_crossover,rsi_filter")
SHORT = (*RULES, "--generations", "2")


def shown(folder: Path, job: int) -> dict[str, Any]:
    found: dict[str, Any] = here(folder, "jobs", "show", str(job), "--json").document
    return found


def evolved(folder: Path, *rules: str) -> str:
    """Return the digest of the same run by ``genepool evolve``."""
    run = here(folder, "evolve", "--data", MARKET, *rules, "--mode", "local", "--workers", "1", "--json")
    return str(run.document["digest"])


def test_a_worker_breeds_what_evolve_would(tmp_path: Path) -> None:
    assert here(tmp_path, "jobs", "submit", "--data", MARKET, *SHORT).code == 0
    assert here(tmp_path, "jobs", "work", "--until-empty").code == 0
    first = shown(tmp_path, 1)
    assert (first["state"], first["result"]["run"]) == ("done", "job-1")
    assert Path(first["result"]["report"]).is_file()
    assert first["result"]["digest"] == evolved(tmp_path / "other", "--name", "job-1", *SHORT)


def test_a_batch_is_done_after_its_parts_and_tells_what_each_found(tmp_path: Path) -> None:
    words = ("--data", f"{MARKET}, {OTHER}", *SHORT, "--key", "nightly", "--json")
    queued = json.loads(here(tmp_path, "jobs", "submit", *words).out)
    assert [job["kind"] for job in queued] == ["batch", "evolve", "evolve"]
    assert json.loads(here(tmp_path, "jobs", "submit", *words).out) == queued, "one key is one batch"
    assert here(tmp_path, "jobs", "work", "--until-empty").code == 0
    parts = shown(tmp_path, 1)["result"]["parts"]
    assert [(part["run"], part["state"]) for part in parts] == [("job-2", "done"), ("job-3", "done")]
    assert all(part["verdict"] for part in parts)
    table = here(tmp_path, "jobs", "show", "1").out
    assert "job-3" in table
    assert "verdict" in table


@pytest.mark.slow
def test_a_killed_workers_run_is_resumed_to_the_digest_that_it_would_have_had(tmp_path: Path) -> None:
    rules = (*RULES, "--generations", "30", "--population-size", "20")
    assert here(tmp_path, "jobs", "submit", "--data", MARKET, *rules, "--name", "killed").code == 0
    worker = start(tmp_path, "jobs", "work")
    wait_for(worker, "generation_finished")
    worker.kill()
    worker.communicate(10)
    until = start(tmp_path, "jobs", "work")
    wait_for(until, "job_done")
    until.send_signal(signal.SIGINT)
    until.communicate(20)
    assert until.returncode == 0
    job = shown(tmp_path, 1)
    assert (job["state"], job["attempts"]) == ("done", 2)
    assert job["result"]["digest"] == evolved(tmp_path / "other", "--name", "killed", *rules)


@pytest.mark.slow
def test_what_takes_too_long_expires_and_is_resumed_with_a_larger_limit(tmp_path: Path) -> None:
    rules = (*RULES, "--generations", "2000", "--plateau", "2000")
    here(tmp_path, "jobs", "submit", "--data", MARKET, *rules, "--name", "long", "--time-limit", "1s")
    assert here(tmp_path, "jobs", "work", "--until-empty").code == 0
    job = shown(tmp_path, 1)
    assert (job["state"], job["progress"]["run"]) == ("expired", "long")
    assert "retry it to resume it" in job["error"]
    assert here(tmp_path, "jobs", "retry", "1", "--time-limit", "12h").code == 0
    assert shown(tmp_path, 1)["state"] == "queued"


def test_what_no_worker_could_do_is_refused_while_the_user_is_there(tmp_path: Path) -> None:
    for words, said in (
        (("--data", "nothing_there"), "there is no file and no data set"),
        (("--time-limit", "12"), "--time-limit is '12'"),
        (("--every", "1s"), "give at least 60 s"),
        (("--data", "btcusd_1h,eurusd_1h", "--name", "both"), "--name is for one run"),
        (("--strategies", "nothing"), "nothing"),
    ):
        refused = here(tmp_path, "jobs", "submit", *words)
        assert refused.code in (2, 3), words
        assert said in refused.err
    assert json.loads(here(tmp_path, "jobs", "list", "--all", "--json").out) == []


def test_a_schedule_queues_its_evolution_again_and_again_until_it_is_dropped(tmp_path: Path) -> None:
    planned = here(tmp_path, "jobs", "submit", "--data", MARKET, *SHORT, "--every", "7d", "--json")
    assert [(each["id"], each["every_seconds"]) for each in json.loads(planned.out)] == [(1, 604_800)]
    assert f"schedule 1 queues {MARKET}" in here(tmp_path, "jobs", "schedules").out
    assert "queues nothing any more" in here(tmp_path, "jobs", "unschedule", "1").out
    assert "nothing is queued again" in here(tmp_path, "jobs", "schedules").out
