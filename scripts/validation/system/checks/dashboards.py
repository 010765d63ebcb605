"""Every query of every dashboard is understood, by Prometheus or by Postgres, and most of them have data."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from infrastructure.core.compose.stack import StackError
from scripts.validation.dashboards import as_run, expressions, rows, statements
from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System

_LEAST_SHARE = 0.8
# What Grafana fills in; a variable of a dashboard matches everything.
_FILLED_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h", "__range_s": "3600"}


def look(system: System) -> Found:
    """Put every query to where it goes, after an evolution, which is the run that is picked."""
    picked = system.sample["run"]
    answers = {one.query: _series(system, fill_in(one.query)) for one in expressions()}
    answers |= {one.query: _rows(system, as_run(one.query, picked)) for one in statements()}
    return judged(answers)


def judged(answers: Mapping[str, int | None]) -> Found:
    """Judge how many series or rows each query had; None stands for a query that was refused."""
    refused = [query for query, count in answers.items() if count is None]
    full = sum(bool(count) for count in answers.values())
    figure = f"{full} of {len(answers)} queries have data"
    if refused:
        figure += f"; refused: {refused[0]}"
    return Found(bool(answers) and not refused and full >= _LEAST_SHARE * len(answers), figure)


def fill_in(expression: str) -> str:
    """Return an expression with Grafana's variables replaced.

    >>> fill_in('rate(genepool_retries_total{node=~"$node"}[$__rate_interval])')
    'rate(genepool_retries_total{node=~".*"}[5m])'
    """

    def value(match: re.Match[str]) -> str:
        return _FILLED_IN.get(match.group(1) or match.group(2), ".*")

    return re.sub(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))", value, expression)


def _series(system: System, query: str) -> int | None:
    """Return how many series a query has, None when it is refused."""
    path = f"/api/v1/query?query={quote(query, safe='')}"
    try:
        document = json.loads(system.stack.page(path, "prometheus", 15))
    except Exception:  # noqa: BLE001 - any refusal is the finding
        return None
    return len(document["data"]["result"])


def _rows(system: System, statement: str) -> int | None:
    """Return how many rows a statement has, None when it is refused."""
    try:
        return len(rows(system.stack, statement))
    except StackError:
        return None


CHECK = Check("the dashboards' queries work", f"none refused, {_LEAST_SHARE:.0%} have data", look)
