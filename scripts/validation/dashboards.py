"""The committed dashboards: panels, and queries with what Grafana fills in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from typing_extensions import override

from scripts.validation.stack import ROOT, Stack

FOLDER = ROOT / "monitoring" / "grafana" / "dashboards"
NAMES = ("cluster", "evolution", "honesty", "services")


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


def as_run(statement: str, run: str) -> str:
    """Return a statement with the picked run filled in."""
    return statement.replace("${run:sqlstring}", "'" + run.replace("'", "''") + "'")


def rows(stack: Stack, statement: str) -> list[str]:
    """Return the rows of a statement, asked with Grafana's rights; columns are apart by bars.

    Raises
    ------
    StackError
        When the database refuses it.
    """
    asked = f"SET ROLE grafana_reader; {statement}"
    flags = ("--dbname", "genepool", "--quiet", "--tuples-only", "--no-align", "--command", asked)
    return stack.inside("psql", "--username", "postgres", *flags, service="postgres").splitlines()


def _asked(field: str) -> Iterator[Asked]:
    for name in NAMES:
        for panel in panels(name):
            for target in panel["targets"]:
                if field in target:
                    yield Asked(name, panel["title"], target[field])
