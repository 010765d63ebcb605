"""The committed dashboards as the tests read them: panels, and queries as Grafana would send them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
from typing_extensions import override

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "monitoring" / "grafana" / "dashboards"
KNOWN_METRICS = ROOT / "monitoring" / "prometheus" / "known_metrics.txt"
NAMES = ("cluster", "evolution", "honesty", "services")
# Where a value may be missing for a good reason, a query says so itself; in these nothing is good news.
QUIET = frozenset({"Firing alerts"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of one panel.

    Parameters
    ----------
    board, panel
        Where it stands.
    query
        As it is written in the dashboard.
    """

    board: str
    panel: str
    query: str

    @override
    def __str__(self) -> str:
        """Return a name for the test's report."""
        return f"{self.board}: {self.panel}"


@cache
def board(name: str) -> dict[str, Any]:
    """Return a committed dashboard."""
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


def panels(name: str) -> list[dict[str, Any]]:
    """Return a dashboard's panels without its rows."""
    return [panel for panel in board(name)["panels"] if panel["type"] != "row"]


def expressions() -> list[Asked]:
    """Return every PromQL expression."""
    return list(_asked("expr"))


def statements() -> list[Asked]:
    """Return every SQL statement, the run picker's included."""
    picked = {
        variable["query"]: Asked(name, "run picker", variable["query"])
        for name in NAMES
        for variable in board(name).get("templating", {}).get("list", ())
    }
    return [*picked.values(), *_asked("rawSql")]


def as_sent(expression: str, window: str = "1m") -> str:
    """Return an expression with Grafana's own variables filled in."""
    for variable in ("$__rate_interval", "$__range", "$__interval"):
        expression = expression.replace(variable, window)
    return expression


def as_run(statement: str, run: str) -> str:
    """Return a statement with the picked run filled in."""
    return statement.replace("${run:sqlstring}", "'" + run.replace("'", "''") + "'")


def metrics(expression: str) -> set[str]:
    """Return the names of all metrics that an expression asks for."""
    return {name for name, _ in selected(promql_parser.parse(as_sent(expression)))}


def selected(node: Any, function: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the parser has no types
    """Yield each metric with the function that its range is given to, empty for an instant."""
    kind = type(node).__name__
    if kind == "VectorSelector":
        yield str(node.name), ""
    elif kind == "MatrixSelector":
        yield str(node.vector_selector.name), function
    elif kind == "Call":
        for argument in node.args:
            yield from selected(argument, node.func.name)
    else:
        for part in ("expr", "lhs", "rhs"):
            if hasattr(node, part):
                yield from selected(getattr(node, part), function)


def known_metrics() -> set[str]:
    """Return the recorded names of metrics that are not ours."""
    lines = KNOWN_METRICS.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", line)}


def _asked(field: str) -> Iterator[Asked]:
    for name in NAMES:
        for panel in panels(name):
            for target in panel["targets"]:
                if field in target:
                    yield Asked(name, panel["title"], target[field])
