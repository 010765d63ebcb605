"""Dashboards put into a Grafana that is not provisioned from files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genepool.adapters.grafana.grafana_client import NOT_FOUND, Grafana, Refused
from genepool.errors import ConfigError
from genepool.small_files import read_small

# Of one dashboard.
_MOST_BYTES = 10_000_000
FOLDER = {"uid": "genepool", "title": "GenePool"}


def read_dashboards(folder: Path) -> list[dict[str, Any]]:
    """Return the dashboards of a folder, by the names of their files.

    Raises
    ------
    ConfigError
        When it holds none, or a file is no dashboard.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise ConfigError(f"{folder} holds no dashboards: name their folder with --dashboards")
    return [_read(path) for path in paths]


def push(grafana: Grafana, dashboards: list[dict[str, Any]], sources: Mapping[str, str]) -> list[str]:
    """Write dashboards over what is there, in a folder of their own; return their addresses.

    Parameters
    ----------
    grafana
        Where they go.
    dashboards
        As ``read_dashboards`` returns them.
    sources
        UIDs of that Grafana's own data sources, by those that the dashboards ask.

    Raises
    ------
    ConfigError
        When it has no such data source.
    ServiceUnavailable
        When it does not answer or refuses.
    """
    for uid in sources.values():
        if not _there(grafana, f"/datasources/uid/{uid}"):
            raise ConfigError(
                f"{grafana.url} has no data source {uid}: add it there, or name another with --prometheus "
                "or --postgres"
            )
    if not _there(grafana, f"/folders/{FOLDER['uid']}"):
        grafana.post("/folders", FOLDER)
    return [_write(grafana, _moved(dashboard, sources)) for dashboard in dashboards]


def _write(grafana: Grafana, dashboard: Mapping[str, Any]) -> str:
    answer = grafana.post(
        "/dashboards/db",
        {
            # A number would be taken for one of that Grafana's own.
            "dashboard": {**dashboard, "id": None},
            "folderUid": FOLDER["uid"],
            "overwrite": True,
            "message": "pushed by genepool",
        },
    )
    return grafana.url.rstrip("/") + str(answer.get("url", f"/d/{dashboard['uid']}"))


def _there(grafana: Grafana, route: str) -> bool:
    try:
        grafana.get(route)
    except Refused as error:
        if error.status == NOT_FOUND:
            return False
        raise
    return True


def _moved(part: Any, sources: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a dashboard
    """Return a part of a dashboard that asks other data sources."""
    if isinstance(part, dict):
        return {
            name: sources.get(value, value)
            if name == "uid" and isinstance(value, str)
            else _moved(value, sources)
            for name, value in part.items()
        }
    return [_moved(value, sources) for value in part] if isinstance(part, list) else part


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_small(path, _MOST_BYTES))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as a dashboard: {error}") from error
    if not isinstance(document, dict) or not {"uid", "title", "panels"} <= document.keys():
        raise ConfigError(f"{path} is no dashboard: it lacks a uid, a title or panels")
    return document
