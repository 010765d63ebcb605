"""Every panel's query returns numbers: from a real Prometheus that scrapes our exporter, from Postgres."""

import itertools
import math
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from genepool.adapters.prometheus.catalogue import CATALOGUE
from genepool.adapters.store import open_sql_store, upgrade_layout
from genepool.history import THE_RUN_ITSELF, NodeWork, NullSearch
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.robustness.search_statistics import DEFAULT_STATISTIC
from genepool.robustness.sharpe_statistics import expected_best_sharpe
from genepool.usecases.null_document import null_evolution_of
from tests.fakes.coordinators import SEATS, BusyCoordinator
from tests.fakes.dashboards import Asked, as_run, as_sent, expressions, metrics, statements
from tests.fakes.histories import a_history, a_spec
from tests.fakes.metric_series import series_of
from tests.fakes.postgres import empty_database, postgres_server
from tests.fakes.prometheus_server import Exporter, PrometheusServer, prometheus_server

pytestmark = pytest.mark.slow

OURS = {series for metric in CATALOGUE for series in series_of(metric)}
# What Prometheus adds by itself.
SCRAPED = {"up", "scrape_duration_seconds", "ALERTS"}
# Long enough for all that the test lasts.
WINDOW = "30s"
PATIENCE_SECONDS = 30
RUN = "it's a run"
FIGURES = (2.0, 1.0, 2.5, None, 2.0)
NULLS = (
    NullSearch("digest", "", THE_RUN_ITSELF, {DEFAULT_STATISTIC: 2.0}, 40),
    *(
        NullSearch("digest", DEFAULT_NULL_MARKET, number, {DEFAULT_STATISTIC: figure}, 50)
        for number, figure in enumerate(FIGURES, 1)
    ),
    # Others may be more; a run that was continued since was another one.
    *(NullSearch("digest", "aardvark", number, {DEFAULT_STATISTIC: 9.0}, 50) for number in range(1, 10)),
    # The one before it is not there yet.
    NullSearch("digest", DEFAULT_NULL_MARKET, 7, {DEFAULT_STATISTIC: 9.0}, 50),
    NullSearch("before", DEFAULT_NULL_MARKET, 1, {DEFAULT_STATISTIC: 9.0}, 50),
)


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """Yield a Prometheus that has scraped a busy coordinator and its neighbours for some seconds."""
    folder, coordinator = tmp_path_factory.mktemp("prometheus"), BusyCoordinator()
    with (
        closing(Exporter(coordinator.registry)) as ours,
        closing(Exporter(_neighbours())) as theirs,
        prometheus_server(folder, {"genetic-pool": ours.address, "neighbours": theirs.address}) as server,
    ):
        waiting = [as_sent(asked.query, WINDOW) for asked in expressions()]
        end = time.monotonic() + PATIENCE_SECONDS
        while waiting and time.monotonic() < end:
            coordinator.advance()
            ours.wait_for_scrape()
            waiting = [expression for expression in waiting if not _numbers(server, expression)]
        # Whatever still has none is the business of its own test.
        yield server


@pytest.fixture(scope="module")
def history() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Yield a connection to a history of two runs, with no more rights than Grafana's."""
    with closing(postgres_server().connect()) as server:
        server.execute("DROP ROLE IF EXISTS grafana_reader")
        server.execute("CREATE ROLE grafana_reader")
    with empty_database() as name:
        url = postgres_server().url(name)
        upgrade_layout(url)
        store = open_sql_store(url)
        try:
            for run in ("earlier", RUN):
                store.create(a_spec(run))
                store.claim(run)
                for record in a_history():
                    work = tuple(NodeWork(seat.node, seat.worker_kind, 2, 0.5) for seat in SEATS[1:])
                    store.record(run, replace(record, work=work))
                store.finish(run, "finished", "digest")
            for null in NULLS:
                store.keep_null_search(RUN, null)
        finally:
            store.close()
        with closing(postgres_server().connect(name)) as connection:
            connection.execute("SET ROLE grafana_reader")
            yield connection


@pytest.mark.parametrize("asked", expressions(), ids=str)
def test_an_expression_has_numbers(asked: Asked, prometheus: PrometheusServer) -> None:
    assert _numbers(prometheus, as_sent(asked.query, WINDOW))


def test_a_mistyped_metric_has_none(prometheus: PrometheusServer) -> None:
    asked = "sum by (node) (rate(genepool_evaluations_total[30s]))"
    assert _numbers(prometheus, asked)
    assert not _numbers(prometheus, asked.replace("evaluations_total", "evaluation_total"))


def test_shares_of_the_work_add_up_to_one(prometheus: PrometheusServer) -> None:
    for title in ("Work by node", "CPUs by node"):
        (asked,) = [one for one in expressions() if one.panel == title and one.board == "cluster"]
        shares = prometheus.query(as_sent(asked.query, WINDOW))
        assert {series["metric"]["node"] for series in shares} == {seat.node for seat in SEATS}
        assert sum(float(series["value"][1]) for series in shares) == pytest.approx(1)


@pytest.mark.parametrize("asked", statements(), ids=str)
def test_a_statement_has_rows(asked: Asked, history: "psycopg.Connection[tuple[object, ...]]") -> None:
    rows = history.execute(_text(as_run(asked.query, RUN))).fetchall()
    assert rows
    assert any(value is not None for row in rows for value in row[1:] or row)


@pytest.mark.parametrize("asked", statements(), ids=str)
def test_a_statement_about_an_unknown_run_is_no_error(
    asked: Asked, history: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    history.execute(_text(as_run(asked.query, "nobody's"))).fetchall()


def test_nulls_are_those_that_the_program_shows(
    history: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    shown = null_evolution_of(NULLS, "digest")
    assert shown is not None
    found = {
        asked.panel: history.execute(_text(as_run(asked.query, RUN))).fetchall() for asked in statements()
    }
    curve = found["What the same search finds without an edge"]
    assert [row[1] for row in curve] == shown.null_figures
    assert [(row[0], row[2]) for row in curve] == [(rank, shown.figure) for rank in range(1, 6)]
    first, *others = found["Nulls by generator"]
    assert first[:3] == (shown.generator, shown.count, shown.reached)
    assert float(str(first[3])) == pytest.approx(shown.p_value)
    assert first[4:] == (shown.figure, 2.5, shown.null_trials)
    assert [row[0] for row in others] == ["aardvark"]


def test_the_run_picker_lists_the_newest_run_first(
    history: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    (picker,) = {asked.query for asked in statements() if asked.panel == "run picker"}
    assert [row[0] for row in history.execute(_text(picker)).fetchall()] == [RUN, "earlier"]


def test_the_luck_curve_is_the_one_that_champions_are_judged_by(
    history: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    (asked,) = [one for one in statements() if one.panel == "Luck curve"]
    rows = history.execute(_text(as_run(asked.query, RUN))).fetchall()
    assert len(rows) > 60
    for trials, luck, _ in rows:
        assert luck == pytest.approx(expected_best_sharpe(int(str(trials)), 1.0), abs=0.001)


def test_the_reader_cannot_write(history: "psycopg.Connection[tuple[object, ...]]") -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        history.execute("DELETE FROM runs")


def _neighbours() -> CollectorRegistry:
    """Return what Ray and the exporters would serve of what the dashboards ask for."""
    registry = CollectorRegistry()
    registry.register(_Growing({n for asked in expressions() for n in metrics(asked.query)} - OURS - SCRAPED))
    return registry


class _Growing(Collector):
    """Metrics by name, all of which grow by one at every scrape."""

    def __init__(self, names: set[str]) -> None:
        self._names = sorted(names)
        self._scrapes = itertools.count(1)

    @override
    def collect(self) -> Iterator[Metric]:
        value = next(self._scrapes)
        for name in self._names:
            metric = Metric(name, "One of a neighbour's.", "untyped")
            metric.add_sample(name, {"node": "172.20.0.3", "datname": "genepool"}, value)
            yield metric


def _numbers(prometheus: PrometheusServer, expression: str) -> list[float]:
    """Return the finite values of an expression now."""
    data = prometheus.ask("query", query=expression)
    scalar = data["resultType"] == "scalar"
    values = [data["result"]] if scalar else [series["value"] for series in data["result"]]
    return [float(value) for _, value in values if math.isfinite(float(value))]


def _text(statement: str) -> bytes:
    """Return a statement in the form that psycopg takes without looking for parameters."""
    return statement.encode()
