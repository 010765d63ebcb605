"""Pages lead to Grafana's dashboards where there is one: a page of a run to the dashboard of that run."""

import json
from pathlib import Path

from starlette.requests import Request

from genepool.api.pages.drawing import Drawing
from genepool.api_keys import ApiKey

DASHBOARDS = Path(__file__).resolve().parents[4] / "monitoring" / "grafana" / "dashboards"
KEY = ApiKey(1, "a reader", "read", "2026-11-29T10:00:00+00:00")


def a_page(grafana: str, key: ApiKey | None = KEY) -> str:
    request = Request({"type": "http", "method": "GET", "path": "/keys", "headers": []})
    page = Drawing(grafana).page(request, key, "base.html.j2")
    return bytes(page.body).decode()


def test_the_link_names_a_dashboard_that_there_is() -> None:
    uids = {json.loads(path.read_text(encoding="utf-8"))["uid"] for path in DASHBOARDS.glob("*.json")}
    assert {"genepool-cluster", "genepool-evolution"} <= uids
    assert 'href="http://graphs:3000/d/genepool-cluster"' in a_page("http://graphs:3000/")


def test_without_grafana_and_for_strangers_there_is_none() -> None:
    assert "Grafana" not in a_page("")
    assert "Grafana" not in a_page("http://graphs:3000", key=None)


def test_the_page_of_a_run_leads_to_the_dashboard_of_that_run() -> None:
    template = Drawing("http://graphs:3000")._environment.get_template("run.html.j2")
    link = template.blocks["dashboard"](template.new_context({"name": "gold & silver"}))
    assert "".join(link) == "http://graphs:3000/d/genepool-evolution?var-run=gold%20%26%20silver"
