"""What Grafana cannot tell us here: that the committed dashboards are whole, readable and generated."""

import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from grafana_foundation_sdk.models import units

from monitoring.grafana.generate import FOLDER, differences
from tests.fakes.dashboards import NAMES, ROOT, board, panels

PROVISIONING = ROOT / "monitoring" / "grafana" / "provisioning"
KINDS = {"stat", "timeseries", "bargauge", "table", "trend", "xychart", "state-timeline"}
UNITS = {value for name, value in vars(units).items() if isinstance(value, str) and not name.startswith("_")}

# The SDK calls the classic schema outdated; files are provisioned in no other.
pytestmark = pytest.mark.filterwarnings("ignore:Prefer using dashboardv2:DeprecationWarning")

boards = pytest.mark.parametrize("name", NAMES)


def _sources() -> dict[str, str]:
    text = (PROVISIONING / "datasources" / "genepool.yml").read_text(encoding="utf-8")
    return {source["uid"]: source["type"] for source in yaml.safe_load(text)["datasources"]}


def test_the_committed_files_are_what_the_generator_writes() -> None:
    assert differences(FOLDER) == []


def test_a_file_edited_by_hand_is_noticed(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.json"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "cluster.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "honesty.json").unlink()
    (tmp_path / "mine.json").write_text("{}\n", encoding="utf-8")
    assert differences(tmp_path) == [
        "cluster.json is out of date",
        "honesty.json is missing",
        "mine.json is not generated",
    ]


def test_the_generator_runs_as_a_program() -> None:
    program = ROOT / "monitoring" / "grafana" / "generate.py"
    done = subprocess.run([sys.executable, program, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_uids_are_fixed_and_unique() -> None:
    assert [board(name)["uid"] for name in NAMES] == [f"genepool-{name}" for name in NAMES]


@boards
def test_panels_are_numbered_once(name: str) -> None:
    numbers = [panel["id"] for panel in board(name)["panels"]]
    assert numbers == list(range(1, len(numbers) + 1))


@boards
def test_titles_are_unique(name: str) -> None:
    assert [title for title, count in Counter(p["title"] for p in panels(name)).items() if count > 1] == []


@boards
def test_panels_are_of_kinds_that_grafana_ships(name: str) -> None:
    assert {panel["type"] for panel in panels(name)} <= KINDS


@boards
def test_no_panel_lies_on_another_or_beyond_the_grid(name: str) -> None:
    places = [(panel["title"], panel["gridPos"]) for panel in board(name)["panels"]]
    assert [title for title, at in places if at["x"] + at["w"] > 24] == []
    assert [(one, other) for (one, a), (other, b) in combinations(places, 2) if _overlap(a, b)] == []


@boards
def test_every_query_asks_a_provisioned_source(name: str) -> None:
    for panel in panels(name):
        asked = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert {source["uid"]: source["type"] for source in asked}.items() <= _sources().items()
        assert len({source["uid"] for source in asked}) == 1, f"{panel['title']} mixes sources"


@boards
def test_queries_of_a_panel_have_letters_of_their_own(name: str) -> None:
    for panel in panels(name):
        letters = [target["refId"] for target in panel["targets"]]
        assert letters
        assert letters == sorted(set(letters))


@boards
def test_every_panel_says_what_it_means_and_in_which_unit(name: str) -> None:
    for panel in panels(name):
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]


@boards
def test_a_panel_of_courses_has_a_legend(name: str) -> None:
    for panel in panels(name):
        if panel["type"] in {"timeseries", "trend"}:
            assert panel["options"]["legend"]["showLegend"], panel["title"]


@boards
def test_a_dashboard_links_to_the_others_and_shows_the_marks_of_runs(name: str) -> None:
    document = board(name)
    others, pages = document["links"]
    assert others["tags"] == ["genepool"]
    picks_run = any(variable["name"] == "run" for variable in document["templating"].get("list", ()))
    assert pages["url"].endswith("/runs/${run}" if picks_run else "/runs")
    assert "genepool" in document["tags"]
    assert document["annotations"]["list"][0]["target"]["tags"] == ["genepool"]


@boards
def test_nobody_edits_a_provisioned_dashboard(name: str) -> None:
    assert board(name)["editable"] is False


def test_the_run_picker_is_there_where_statements_ask_for_a_run() -> None:
    asking = {
        name
        for name in NAMES
        for panel in panels(name)
        for target in panel["targets"]
        if "${run" in target.get("rawSql", "")
    }
    picking = {
        name for name in NAMES if any(v["name"] == "run" for v in board(name)["templating"].get("list", ()))
    }
    assert asking == picking == {"evolution", "honesty"}


def _overlap(a: dict[str, int], b: dict[str, int]) -> bool:
    across = a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"]
    return across and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]
