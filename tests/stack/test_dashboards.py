"""Every panel has numbers on the running stack, once its coordinator has evolved a run.

Needs the stack, up and healthy, and at least one finished run: ``make up``, then an evolution with
``docker compose exec genetic-pool python -m src.execution.genetic_strategy_pool --mode distributed``.
"""

import json
import os
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest

from scripts.validation.dashboards import Asked, as_run, expressions, rows, statements
from scripts.validation.stack import Stack
from tests.fakes.dashboards import QUIET, as_sent

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.usefixtures("stack")]

# Something may have been counted an hour ago and nothing since: Grafana's default range.
RANGE_SECONDS = 3_600
STEP_SECONDS = 30
PROMETHEUS_PORT = int(os.environ.get("GENEPOOL_PROMETHEUS_PORT", "9090"))


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
