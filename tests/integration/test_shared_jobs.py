"""Services that share one Postgres: a job is done once, by whichever service lives, whatever is killed."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from scripts.validation.check_history import check
from tests.fakes.forked import Forked
from tests.fakes.postgres import PASSWORD, USER, history_url, postgres_server
from tests.fakes.programs import here, start, wait_for
from tests.fakes.tcp_proxy import TcpProxy

MARKET = "synthetic:regimes:seed=3,candles=4000"
RULES = {"data": MARKET, "strategies": "ema_crossover,rsi_filter", "population_size": 20}
SMALL = {**RULES, "population_size": 8, "generations": 2}
ENDED = {"done", "failed", "cancelled", "expired"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Served:
    """A service of a home folder of its own."""

    folder: Path
    process: Forked
    client: httpx.Client

    @property
    def log(self) -> Path:
        """The log of what it acknowledged."""
        return self.folder / "home" / "logs" / "acknowledged.jsonl"

    def ordered(self, **asked: Any) -> int:  # noqa: ANN401 - JSON of the request
        """Order a run; return the number of its job."""
        answer = self.client.post("/v1/runs", json={**asked, "name": f"run-{asked['seed']}"})
        answer.raise_for_status()
        return int(answer.json()["job"])

    def ended(self, job: int) -> dict[str, Any]:
        """Wait for the end of a job; return it."""
        until = time.monotonic() + 90
        while True:
            document: dict[str, Any] = self.client.get(f"/v1/jobs/{job}").json()
            if document.get("state") in ENDED:
                return document
            assert time.monotonic() < until, document
            time.sleep(0.1)

    def told(self, word: str, said: object = True) -> list[int]:
        """Return the jobs of which this service acknowledged something, in order."""
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line["job"] for line in lines if line.get(word) == said]

    def done(self) -> list[int]:
        """Return the jobs that this service acknowledged as done."""
        return self.told("ended", "done")


@pytest.fixture
def history() -> Iterator[str]:
    """Yield the URL of a history in Postgres that nobody has used."""
    with history_url() as url:
        yield url


@contextmanager
def serving(folder: Path, port: int, history: str, settings: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve the history, which Postgres keeps behind a port, from a home folder of its own."""
    folder.mkdir()
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    address = f"postgresql+psycopg://{USER}@127.0.0.1:{port}/{make_url(history).database}"
    settings.setenv("GENEPOOL_DATABASE_URL", address)
    settings.setenv("GENEPOOL_DATABASE_PASSWORD_FILE", str(folder / "password"))
    key = here(folder, "keys", "create", "--scope", "admin").out.strip()
    process = start(folder, "serve", "--port", "0", "--no-browser")
    ready = json.loads(wait_for(process, "coordinator_ready")[-1])
    headers, base = {"Authorization": f"Bearer {key}"}, f"http://127.0.0.1:{ready['port']}"
    with httpx.Client(base_url=base, headers=headers, timeout=30) as client:
        try:
            yield Served(folder, process, client)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(30)


def findings(history: str, *services: Served) -> list[dict[str, str]]:
    """Return what the outside checker finds; every run must be finished."""
    logs = [service.log for service in services]
    found: list[dict[str, str]] = check(make_url(history), logs, None, None, ended=True)["findings"]
    return found


def test_two_services_do_each_job_once_and_one_takes_up_what_the_other_died_at(
    history: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = postgres_server().port
    with ExitStack() as held:
        one, other = (
            held.enter_context(serving(tmp_path / name, port, history, monkeypatch))
            for name in ("one", "other")
        )
        small = [one.ordered(**SMALL, seed=seed) for seed in range(5)]
        jobs = [one.ended(job) for job in small]
        assert [(job["state"], job["attempts"]) for job in jobs] == [("done", 1)] * 5
        assert one.told("queued") == small
        assert Counter([*one.done(), *other.done()]) == dict.fromkeys(small, 1)
        assert findings(history, one, other) == []
        other.client.patch("/v1/runs/run-0", json={"name": "gold"}).raise_for_status()
        one.client.delete("/v1/runs/run-1").raise_for_status()
        assert findings(history, one, other) == [], "what a user renames or deletes is not missed"

        long = one.ordered(**RULES, generations=25, seed=9)
        breeding = bred_by(long, one, other)
        left = other if breeding is one else one
        breeding.process.kill()
        breeding.process.communicate(10)
        job = left.ended(long)
        assert (job["state"], job["attempts"]) == ("done", 2)
        assert left.done()[-1] == long
        assert findings(history, one, other) == []


def bred_by(job: int, *services: Served) -> Served:
    """Wait until a job's first generations are acknowledged; return the service that breeds it."""
    run = services[0].client.get(f"/v1/jobs/{job}").json()["run"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for service in services:
            if f'"run": "{run}", "generation": 2' in service.log.read_text(encoding="utf-8"):
                return service
        time.sleep(0.02)
    raise AssertionError(f"no service breeds {run}")


def test_a_job_ends_done_though_its_database_was_away(
    history: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        TcpProxy("127.0.0.1", postgres_server().port) as proxy,
        serving(tmp_path / "one", proxy.port, history, monkeypatch) as one,
    ):
        # One that no second thread of the service would take up.
        job = one.ordered(**RULES, generations=25, seed=9, priority="normal")
        bred_by(job, one)
        proxy.freeze()
        time.sleep(2)
        proxy.thaw()
        proxy.refuse()
        time.sleep(2)
        proxy.admit()
        assert one.ended(job)["state"] == "done"
        assert one.done() == [job]
        assert findings(history, one) == []
