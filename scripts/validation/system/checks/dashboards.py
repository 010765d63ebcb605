"""Every query of every dashboard is understood by Prometheus, and most of them have data."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from scripts.validation.stack import ROOT
from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System

_DASHBOARDS = ROOT / "monitoring" / "grafana" / "dashboards"
_PROMETHEUS_PORT = 9090
_LEAST_SHARE = 0.8
# What Grafana fills in; a variable of a dashboard matches everything.
_FILLED_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h", "__range_s": "3600"}


def look(system: System) -> Found:
    """Put every expression to Prometheus after an evolution."""
    system.sample  # noqa: B018 - without a run most panels are empty
    answers = {query: _answer(system, query) for query in sorted(set(queries()))}
    refused = [query for query, series in answers.items() if series is None]
    full = sum(bool(series) for series in answers.values())
    figure = f"{full} of {len(answers)} queries have data"
    if refused:
        figure += f"; refused: {refused[0]}"
    return Found(bool(answers) and not refused and full >= _LEAST_SHARE * len(answers), figure)


def queries() -> Iterator[str]:
    """Yield every Prometheus expression of the committed dashboards, its variables filled in."""
    for path in sorted(_DASHBOARDS.glob("**/*.json")):
        yield from map(fill_in, _expressions(json.loads(path.read_text(encoding="utf-8"))))


def fill_in(expression: str) -> str:
    """Return an expression with Grafana's variables replaced.

    >>> fill_in('rate(genepool_retries_total{node=~"$node"}[$__rate_interval])')
    'rate(genepool_retries_total{node=~".*"}[5m])'
    """

    def value(match: re.Match[str]) -> str:
        return _FILLED_IN.get(match.group(1) or match.group(2), ".*")

    return re.sub(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))", value, expression)


def _expressions(node: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any shape
    if isinstance(node, dict):
        if isinstance(node.get("expr"), str):
            yield node["expr"]
        for child in node.values():
            yield from _expressions(child)
    elif isinstance(node, list):
        for child in node:
            yield from _expressions(child)


def _answer(system: System, query: str) -> int | None:
    """Return how many series a query has, None when it is refused."""
    path = f"/api/v1/query?query={quote(query, safe='')}"
    try:
        document = json.loads(system.stack.page(path, "prometheus", _PROMETHEUS_PORT, 15))
    except Exception:  # noqa: BLE001 - any refusal is the finding
        return None
    return len(document["data"]["result"])


CHECK = Check("the dashboards' queries work", f"none refused, {_LEAST_SHARE:.0%} have data", look)
