"""Whether a Grafana shows what it should: alive, data sources sound, dashboards there, panels with data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from genepool.adapters.grafana.grafana_client import NOT_FOUND, Grafana, Refused

SOURCES = ("genepool-prometheus", "genepool-postgres")
DASHBOARDS = ("genepool-cluster", "genepool-evolution", "genepool-honesty", "genepool-services")

# As a panel of a usual screen asks for an hour.
_WINDOW = {"from": "now-1h", "to": "now"}
_DETAIL = {"intervalMs": 15_000, "maxDataPoints": 240}

Outcome: TypeAlias = Literal["good", "empty", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one check.

    Parameters
    ----------
    subject
        What was looked at.
    outcome
        Good, bad, or a panel without data.
    remark
        More about it, in words.
    """

    subject: str
    outcome: Outcome
    remark: str = ""


def inspect(
    grafana: Grafana, sources: Sequence[str] = SOURCES, dashboards: Sequence[str] = DASHBOARDS
) -> Iterator[Finding]:
    """Yield what is found, in the order looked at.

    Parameters
    ----------
    grafana
        Asked with at most one request at a time.
    sources, dashboards
        UIDs of what should be there.

    Raises
    ------
    ServiceUnavailable
        When Grafana does not answer at all.
    """
    yield _health(grafana)
    for uid in sources:
        yield _source(grafana, uid)
    for uid in dashboards:
        yield from _dashboard(grafana, uid)


def _health(grafana: Grafana) -> Finding:
    try:
        health = grafana.get("/health")
    except Refused as error:
        return Finding("Grafana", "bad", error.reason)
    sound = health.get("database") == "ok"
    return Finding("Grafana", "good" if sound else "bad", f"version {health.get('version', 'unknown')}")


def _source(grafana: Grafana, uid: str) -> Finding:
    subject = f"data source {uid}"
    try:
        health = grafana.get(f"/datasources/uid/{uid}/health")
    except Refused as error:
        return Finding(subject, "bad", "it is not there" if error.status == NOT_FOUND else error.reason)
    sound = health.get("status") == "OK"
    return Finding(subject, "good" if sound else "bad", str(health.get("message", "")))


def _dashboard(grafana: Grafana, uid: str) -> Iterator[Finding]:
    subject = f"dashboard {uid}"
    try:
        dashboard = grafana.get(f"/dashboards/uid/{uid}")["dashboard"]
    except Refused as error:
        yield Finding(subject, "bad", "it is not there" if error.status == NOT_FOUND else error.reason)
        return
    panels = [panel for panel in dashboard.get("panels", ()) if panel.get("targets")]
    yield Finding(subject, "good", f"{len(panels)} panels")
    picked = _picked(grafana, dashboard.get("templating", {}).get("list", ()))
    for panel in panels:
        yield _panel(grafana, uid, panel, picked)


def _picked(grafana: Grafana, variables: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the first value of each variable that asks a data source, as Grafana picks it."""
    picked = {}
    for variable in variables:
        query = {"rawSql": variable.get("query"), "format": "table", "datasource": variable.get("datasource")}
        try:
            columns = _columns(_ask(grafana, [{**query, "refId": "A", "rawQuery": True}]))
        except Refused:
            # The panels that need it say so themselves.
            columns = []
        picked[str(variable["name"])] = str(columns[0][0]) if columns and columns[0] else ""
    return picked


def _panel(grafana: Grafana, uid: str, panel: Mapping[str, Any], picked: Mapping[str, str]) -> Finding:
    subject = f"{uid}: {panel.get('title', 'a panel')}"
    try:
        results = _ask(grafana, [_filled(target, picked) for target in panel["targets"]])
    except Refused as error:
        return Finding(subject, "bad", error.reason)
    if errors := [str(result["error"]) for result in results if result.get("error")]:
        return Finding(subject, "bad", errors[0])
    silent = sum(not any(_columns([result])) for result in results)
    return Finding(subject, "empty" if silent else "good", "no data" if silent else "")


def _filled(target: Mapping[str, Any], picked: Mapping[str, str]) -> dict[str, Any]:
    """Return a query with the picked values in place of variables, as Grafana's page fills them in."""
    filled = dict(target)
    for name, value in picked.items():
        if "rawSql" in filled:
            quoted = "'" + value.replace("'", "''") + "'"
            filled["rawSql"] = filled["rawSql"].replace(f"${{{name}:sqlstring}}", quoted)
    return filled


def _ask(grafana: Grafana, queries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    document = {"queries": [{**query, **_DETAIL} for query in queries], **_WINDOW}
    return list(grafana.post("/ds/query", document)["results"].values())


def _columns(results: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return all columns of all frames."""
    return [
        column
        for result in results
        for frame in result.get("frames") or ()
        for column in frame.get("data", {}).get("values", ())
    ]
