"""The service is killed, restarted and asked for two things at once: no run is lost, none is bred twice."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from scripts.validation.check_history import check
from tests.fakes.forked import Forked
from tests.fakes.programs import here, start, wait_for

MARKET = "synthetic:regimes:seed=3,candles=4000"
RULES = {"data": MARKET, "strategies": "ema_crossover,rsi_filter", "seed": 5}
LONG = {**RULES, "population_size": 20, "generations": 25}
ENDED = {"done", "failed", "cancelled", "expired"}

pytestmark = pytest.mark.slow


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Forked, httpx.Client]]:
    """Serve a folder by a process of its own, and ask it with a key."""
    key = here(folder, "keys", "create", "--scope", "admin").out.strip()
    service = start(folder, "serve", "--port", "0", "--no-browser")
    ready = json.loads(wait_for(service, "coordinator_ready")[-1])
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{ready['port']}", headers=headers) as client:
        try:
            yield service, client
        finally:
            if service.returncode is None:
                service.send_signal(signal.SIGTERM)
                service.communicate(30)


def ended(client: httpx.Client, job: int) -> dict[str, Any]:
    until = time.monotonic() + 60
    while True:
        document: dict[str, Any] = client.get(f"/v1/jobs/{job}").json()
        if document["state"] in ENDED:
            return document
        assert time.monotonic() < until, document
        time.sleep(0.1)


def test_a_killed_services_run_is_resumed_to_the_digest_that_it_would_have_had(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, client):
        answer = client.post("/v1/runs", json={**LONG, "name": "killed"}, headers={"Idempotency-Key": "k1"})
        assert (answer.status_code, answer.json()["state"]) == (201, "queued")
        wait_for(service, "generation_finished")
        service.kill()
        service.communicate(10)
    with serving(tmp_path) as (_, client):
        again = client.post("/v1/runs", json={**LONG, "name": "killed"}, headers={"Idempotency-Key": "k1"})
        assert again.json()["job"] == answer.json()["job"], "asked again, it is the same run"
        job = ended(client, answer.json()["job"])
        assert (job["state"], job["attempts"]) == ("done", 2)
        shown = client.get("/v1/runs/killed").json()
    home = tmp_path / "home"
    url, log = make_url(f"sqlite:///{home / 'genepool.sqlite'}"), home / "logs" / "acknowledged.jsonl"
    assert check(url, [log], None, None, ended=True)["findings"] == []
    other = here(
        tmp_path / "other", "evolve", "--data", MARKET, "--strategies", "ema_crossover,rsi_filter",
        "--seed", "5", "--population-size", "20", "--generations", "25", "--name", "killed",
        "--mode", "local", "--json",
    )  # fmt: skip
    assert shown["digest"] == other.document["digest"]


def test_what_a_person_waits_for_does_not_wait_behind_hours(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, client):
        hours = {
            **RULES,
            "population_size": 20,
            "generations": 100_000,
            "priority": "normal",
            "name": "hours",
        }
        client.post("/v1/runs", json=hours).raise_for_status()
        wait_for(service, "generation_finished")
        quick = {**RULES, "population_size": 8, "generations": 2, "name": "quick"}
        job = client.post("/v1/runs", json=quick).json()["job"]
        assert ended(client, job)["state"] == "done"
        assert client.get("/v1/jobs/1").json()["state"] == "running"
        assert client.post("/v1/runs/hours/stop").json()["state"] in {"stopping", "interrupted"}
        assert ended(client, 1)["state"] == "cancelled"
        assert client.get("/v1/runs/hours").json()["state"] == "interrupted"


def test_a_second_service_of_one_folder_is_refused_and_the_end_puts_work_back(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, client):
        second = start(tmp_path, "serve", "--port", "0", "--no-browser")
        _, said = second.communicate(30)
        assert second.returncode == 4
        assert "another `genepool serve` uses the folder" in said
        client.post("/v1/runs", json={**LONG, "generations": 100_000, "name": "long"}).raise_for_status()
        wait_for(service, "generation_finished")
        service.send_signal(signal.SIGTERM)
        service.communicate(30)
        assert service.returncode == 0
    job = json.loads(here(tmp_path, "jobs", "show", "1", "--json").out)
    assert job["state"] == "queued"
    runs = json.loads(here(tmp_path, "runs", "--json").out)
    assert runs[0]["state"] == "queued"
