"""The committed dashboards as the tests read them: what their queries ask for."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser

from scripts.validation.dashboards import (
    FOLDER,
    NAMES,
    Asked,
    as_run,
    board,
    expressions,
    panels,
    statements,
)
from scripts.validation.stack import ROOT

__all__ = [
    "FOLDER", "KNOWN_METRICS", "NAMES", "QUIET", "ROOT", "Asked", "as_run", "as_sent", "board", "expressions",
    "known_metrics", "metrics", "panels", "selected", "statements",
]  # fmt: skip

KNOWN_METRICS = ROOT / "monitoring" / "prometheus" / "known_metrics.txt"
# Where a value may be missing for a good reason, a query says so itself; in these nothing is good news, or
# says that no live bot is followed.
QUIET = frozenset({"Firing alerts", "Lowest quantile"})


def as_sent(expression: str, window: str = "1m") -> str:
    """Return an expression with Grafana's own variables filled in."""
    for variable in ("$__rate_interval", "$__range", "$__interval"):
        expression = expression.replace(variable, window)
    return expression


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
