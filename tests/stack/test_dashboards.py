"""Every panel has numbers on the running stack, once a run has ended and was compared with null searches."""

import json
import os
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from scripts.validation.dashboards import Asked, as_run, expressions, rows, statements
from scripts.validation.stack import POOL, Stack, evolve_command
from tests.fakes.dashboards import QUIET, as_sent

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.usefixtures("stack")]

# Something may have been counted an hour ago and nothing since: Grafana's default range.
RANGE_SECONDS = 3_600
STEP_SECONDS = 30
# From a job until its figures were looked at, and a small job's own time.
PATIENCE_SECONDS = 120
PROMETHEUS_PORT = int(os.environ.get("GENEPOOL_PROMETHEUS_PORT", "9090"))


@pytest.fixture(scope="module", autouse=True)
def compared(stack: Stack) -> None:
    """Breed a small run, and have the service compare it with two null searches: some panels need them."""
    number = time.time_ns() // 1_000_000
    run, key = f"compared-{number}", stack.inside("genepool", "keys", "create", "--scope", "run").strip()
    search = {
        "data": f"synthetic:regimes:seed={number % 1_000_000},candles=3000",
        "strategies": "ema_crossover,rsi_filter",
        "population-size": 20,
        "generations": 3,
        "mode": "distributed",
        "name": run,
    }
    stack.inside(*evolve_command(search, ["--no-report", "--json"]))
    jobs = f"http://{stack.address(POOL)}/v1/jobs"
    job = _answer(jobs, key, {"kind": "nulls", "run": run, "count": 2})
    deadline = time.monotonic() + PATIENCE_SECONDS
    while job["state"] in {"queued", "running"} or not _series("genepool_null_searches"):
        assert time.monotonic() < deadline, job
        time.sleep(1)
        job = _answer(f"{jobs}/{job['id']}", key)
    assert job["state"] == "done", job


def _answer(url: str, key: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    body = None if document is None else json.dumps(document).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urlopen(Request(url, body, headers), timeout=30) as told:  # noqa: S310 - our own stack
        found: dict[str, Any] = json.loads(told.read())
    return found


@pytest.mark.parametrize("asked", [one for one in expressions() if one.panel not in QUIET], ids=str)
def test_an_expression_has_data(asked: Asked) -> None:
    assert _series(as_sent(asked.query, "1m")), asked.query


def test_every_target_answers() -> None:
    # What another test restarted is asked again, and forgotten if it moved, within a minute.
    deadline = time.monotonic() + 60
    while (down := _targets_down()) and time.monotonic() < deadline:
        time.sleep(2)
    assert down == []


@pytest.mark.parametrize("asked", statements(), ids=str)
def test_a_statement_has_rows(asked: Asked, stack: Stack) -> None:
    (picker,) = {one.query for one in statements() if one.panel == "run picker"}
    newest = rows(stack, _finished(picker))
    assert newest, "the history holds no finished run that had to evaluate anything: start one first"
    assert rows(stack, as_run(asked.query, newest[0]))


def _finished(picker: str) -> str:
    """Return the run picker's statement, for finished runs that no cache answered altogether."""
    worked = "name IN (SELECT run FROM node_share)"
    return picker.replace("FROM runs", f"FROM runs WHERE state = 'finished' AND {worked}")


def _targets_down() -> list[dict[str, Any]]:
    return [one["metric"] for one in _instant("up") if one["value"][1] != "1"]


def _series(expression: str) -> list[dict[str, Any]]:
    now = time.time()
    asked = {"query": expression, "start": now - RANGE_SECONDS, "end": now, "step": STEP_SECONDS}
    return _ask("query_range", asked)


def _instant(expression: str) -> list[dict[str, Any]]:
    return _ask("query", {"query": expression})


def _ask(route: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", PROMETHEUS_PORT, timeout=10)
    try:
        connection.request("GET", f"/api/v1/{route}?{urlencode(parameters)}")
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    assert answer["status"] == "success", answer
    found: list[dict[str, Any]] = answer["data"]["result"]
    return found
