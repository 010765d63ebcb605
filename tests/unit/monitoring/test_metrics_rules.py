"""Rules ask for metrics that exist, and every alert is explained and tested."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from genepool.adapters.prometheus.catalogue import CATALOGUE
from tests.fakes.metric_series import series_of

ROOT = Path(__file__).resolve().parents[3]
PROMETHEUS = ROOT / "monitoring/prometheus"


def rules(name: str) -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "rules" / name).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


ALERTS = rules("alerts.yml")
RECORDED = rules("recording.yml")
ALERT_TESTS = yaml.safe_load((PROMETHEUS / "tests/alerts_test.yml").read_text())["tests"]


def names(expression: str) -> set[str]:
    return set(_selected(promql_parser.parse(expression)))


def known() -> set[str]:
    listed = (PROMETHEUS / "known_metrics.txt").read_text().splitlines()
    ours = {series for metric in CATALOGUE for series in series_of(metric)}
    return (
        ours | {rule["record"] for rule in RECORDED} | {line for line in listed if not line.startswith("#")}
    )


def name_of(rule: dict[str, Any]) -> str:
    return str(rule.get("alert") or rule.get("record"))


@pytest.mark.parametrize("rule", [*RECORDED, *ALERTS], ids=name_of)
def test_every_metric_that_a_rule_asks_for_exists(rule: dict[str, Any]) -> None:
    assert names(rule["expr"]) - known() == set()


def test_the_names_of_an_expression_are_found_at_any_depth() -> None:
    expression = "sum by (a) (rate(x_total[5m])) > 2 * -y and absent(z) or max_over_time(w[5m:1m])"
    assert names(expression) == {"x_total", "y", "z", "w"}


@pytest.mark.parametrize("rule", RECORDED, ids=name_of)
def test_a_recorded_name_says_level_metric_and_operation(rule: dict[str, Any]) -> None:
    level, metric, operation = rule["record"].split(":")
    assert level in {"node", "worker_kind", "instance"}
    assert metric.startswith("genepool_")
    assert re.fullmatch(r"(ratio_|p95_)?(rate|mean|increase)\d+[mhd]|ratio", operation)


@pytest.mark.parametrize("rule", ALERTS, ids=name_of)
class TestAlerts:
    def test_it_says_what_happened_how_bad_it_is_and_where_to_read_on(self, rule: dict[str, Any]) -> None:
        notes = rule["annotations"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info", "none"}
        assert "{{" not in notes["summary"]
        assert not notes["summary"].endswith(".")
        assert notes["description"].endswith(".")
        assert notes["runbook_url"] == f"docs/runbooks.md#{rule['alert'].lower()}"

    def test_its_runbook_is_written(self, rule: dict[str, Any]) -> None:
        page = (ROOT / "docs/runbooks.md").read_text()
        (chapter,) = re.findall(rf"^## {rule['alert']}\n\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert rule["alert"] == "Watchdog" or ("Look:" in chapter and "Do:" in chapter)

    def test_it_is_seen_to_fire_and_to_stay_quiet(self, rule: dict[str, Any]) -> None:
        outcomes = {
            bool(case["exp_alerts"])
            for test in ALERT_TESTS
            for case in test["alert_rule_test"]
            if case["alertname"] == rule["alert"]
        }
        assert outcomes == ({True} if rule["alert"] == "Watchdog" else {True, False})


def test_no_runbook_is_about_an_alert_that_is_gone() -> None:
    page = (ROOT / "docs/runbooks.md").read_text()
    assert set(re.findall(r"^## (\w+)$", page, re.MULTILINE)) == {rule["alert"] for rule in ALERTS}


def test_no_name_is_listed_twice() -> None:
    listed = [line for line in (PROMETHEUS / "known_metrics.txt").read_text().splitlines() if line]
    names_only = [line for line in listed if not line.startswith("#")]
    assert len(names_only) == len(set(names_only))
    assert not [name for name in names_only if not re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", name)]


def _selected(node: Any) -> Iterator[str]:  # noqa: ANN401 - the parser has no types
    if isinstance(node, promql_parser.VectorSelector):
        yield str(node.name)
    for part in ("expr", "lhs", "rhs", "vector_selector"):
        if hasattr(node, part):
            yield from _selected(getattr(node, part))
    for argument in getattr(node, "args", ()):
        yield from _selected(argument)
