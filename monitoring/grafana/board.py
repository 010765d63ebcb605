"""A dashboard of the house: rows of panels, links to the others, and what happened to runs as marks."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    Panel,
    VariableRefresh,
    VariableSort,
)

from monitoring.grafana.queries import POSTGRES, Given

Rows: TypeAlias = Mapping[str, Sequence[Builder[Panel]]]

# What ties the dashboards and the marks of runs together.
TAG = "genepool"

# Where a browser on this machine finds the service; edit it where yours is elsewhere, and generate anew.
SERVICE = "http://127.0.0.1:8000"

# Runs, newest first: Grafana shows the text and puts in the value.
_RUNS = "SELECT name FROM runs ORDER BY started_at DESC, id DESC LIMIT 200"


def board(name: str, about: str, rows: Rows, *, picks_run: bool = False) -> dashboard.Dashboard:
    """Return a dashboard.

    Parameters
    ----------
    name
        One word; the UID is made from it.
    about
        What it answers.
    rows
        Panels by heading.
    picks_run
        Whether it has the run picker, ``${run}`` in statements.
    """
    built = (
        dashboard.Dashboard(f"GenePool {name}")
        .uid(f"genepool-{name.lower()}")
        .description(about)
        .tags([TAG])
        .timezone("browser")
        .time("now-1h", "now")
        .refresh("10s")
        .readonly()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(_others())
        .link(_pages(picks_run=picks_run))
        .annotation(_marks())
    )
    if picks_run:
        built.with_variable(_run_picker())
    for heading, panels in rows.items():
        built.with_row(dashboard.Row(heading))
        for panel in panels:
            built.with_panel(panel)
    return built


def document(built: dashboard.Dashboard) -> str:
    """Return a dashboard as the JSON that is committed: panels numbered, keys sorted."""
    encoder = JSONEncoder(indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    fields: dict[str, Any] = json.loads(encoder.encode(built.build()))
    # The SDK leaves the numbers out, and Grafana gives a link to a panel by its number.
    for place, panel in enumerate(fields["panels"], start=1):
        panel["id"] = place
    # It also tucks links and marks away in a menu.
    for tucked in (*fields["links"], *fields["annotations"]["list"]):
        del tucked["placement"]
    return encoder.encode(fields) + "\n"


def _run_picker() -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable("run")
        .label("Run")
        .description("Newest first.")
        .datasource(POSTGRES)
        .query(_RUNS)
        .definition(_RUNS)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.DISABLED)
    )


def _others() -> dashboard.DashboardLink:
    link = dashboard.DashboardLink("GenePool").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return link.as_dropdown(False).keep_time(True).include_vars(True)


def _pages(*, picks_run: bool) -> dashboard.DashboardLink:
    """Return the link to the pages of GenePool itself, where there is a run picker to the run's own."""
    title, address = (
        ("The run's page", f"{SERVICE}/runs/${{run}}") if picks_run else ("Pages", f"{SERVICE}/runs")
    )
    link = dashboard.DashboardLink(title).type(DashboardLinkType.LINK).url(address)
    return link.icon("external link").tooltip("In GenePool").target_blank(True)


def _marks() -> dashboard.AnnotationQuery:
    """Return the query for what ``genepool`` marked: starts, ends, new bests, lost nodes."""
    target = Given({"limit": 100, "matchAny": False, "tags": [TAG], "type": "tags"})
    marks = dashboard.AnnotationQuery().name("Runs").enable(True).icon_color("blue")
    return marks.datasource(DataSourceRef(type_val="grafana", uid="-- Grafana --")).target(target)
