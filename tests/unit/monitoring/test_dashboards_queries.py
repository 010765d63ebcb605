"""Expressions parse, name metrics that exist, and treat counters as counters; no metric goes unseen."""

import re
from pathlib import Path

import promql_parser
import pytest
import yaml

from genepool.adapters.prometheus.catalogue import BY_NAME, CATALOGUE
from tests.fakes.dashboards import ROOT, Asked, as_sent, expressions, known_metrics, metrics, selected
from tests.fakes.metric_series import series_of

OURS = {series: metric for metric in CATALOGUE for series in series_of(metric)}
RATES = {"rate", "increase"}
# Of others, whose names mislead: counters that do not end in _total, and a gauge that does.
FOREIGN_GAUGES = {"ray_node_mem_total"}
FOREIGN_COUNTERS = {"pg_stat_database_xact_commit", "pg_stat_database_xact_rollback"}

each = pytest.mark.parametrize("asked", expressions(), ids=str)


@each
def test_an_expression_parses(asked: Asked) -> None:
    promql_parser.parse(as_sent(asked.query))


@each
def test_every_metric_exists(asked: Asked) -> None:
    assert metrics(asked.query) <= OURS.keys() | known_metrics()


@each
def test_counters_stand_under_a_rate_and_nothing_else_does(asked: Asked) -> None:
    for name, function in selected(promql_parser.parse(as_sent(asked.query))):
        counts = _is_counter(name)
        # A total since the start is a figure of its own where it is asked for at one instant.
        total = counts and not function and asked.panel == "Spent"
        assert total or counts == (function in RATES), f"{name} under {function or 'nothing'}"


@each
def test_a_rate_reaches_as_far_as_grafana_says(asked: Asked) -> None:
    windows = set(re.findall(r"\[([^\]]+)\]", asked.query))
    assert windows <= {"$__rate_interval", "$__range"}


@each
def test_labels_that_are_asked_for_exist(asked: Asked) -> None:
    for name, labels in re.findall(r"(genepool_\w+)\{([^}]*)\}", asked.query):
        asked_labels = set(re.findall(r"(\w+)\s*(?:=|!=)", labels))
        assert asked_labels <= set(OURS[name].labels)
        for label, value in re.findall(r'(\w+)="([^"]*)"', labels):
            assert value in OURS[name].values[label]


def test_every_metric_of_the_catalogue_is_shown_or_alerted_on() -> None:
    seen = {name for asked in expressions() for name in metrics(asked.query)}
    for rule in _rules(ROOT / "monitoring" / "prometheus" / "rules"):
        seen |= {name for name, _ in selected(promql_parser.parse(rule))}
    shown = {OURS[name].name for name in seen if name in OURS}
    assert sorted(set(BY_NAME) - shown) == []


def _is_counter(name: str) -> bool:
    if name in OURS:
        return OURS[name].kind != "gauge"
    return name in FOREIGN_COUNTERS or (name.endswith("_total") and name not in FOREIGN_GAUGES)


def _rules(folder: Path) -> list[str]:
    return [
        rule["expr"]
        for path in sorted(folder.glob("*.yml"))
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
