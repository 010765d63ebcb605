"""Marks of runs reach Grafana, and whatever Grafana does, no run notices."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from structlog.testing import capture_logs

from genepool.adapters.grafana.annotations import GrafanaAnnotations
from genepool.adapters.grafana.background import ROOM, Background
from genepool.adapters.grafana.grafana_client import Grafana
from genepool.errors import ServiceUnavailable
from genepool.ports import CrewChanged, GenerationFinished, RunEnded, RunStarted, Seat
from tests.fakes.grafana import TOKEN, serving
from tests.fakes.grafana import Grafana as Stub
from tests.fakes.histories import a_history, a_spec

ROUTE = "/api/annotations"


@contextmanager
def _marking(
    stub: Stub, failures: list[None] | None = None, patience: float = 5.0
) -> Iterator[GrafanaAnnotations]:
    lost: list[None] = [] if failures is None else failures
    ticks = count(1_000)
    marks = GrafanaAnnotations(
        Grafana(stub.url, TOKEN, patience), lambda: lost.append(None), lambda: float(next(ticks))
    )
    try:
        yield marks
    finally:
        marks.close(10)


def test_a_run_is_marked_where_it_starts_and_over_its_span() -> None:
    with serving(Stub()) as stub, _marking(stub) as marks:
        marks(RunStarted(a_spec("night"), None))
        marks(RunEnded(a_spec("night"), "finished"))
        start, end = stub.wait_for(ROUTE, 2)
    assert start["text"] == "Run night starts: BTCUSD 1h, sharpe, seed 7"
    assert start["tags"] == ["genepool", "run_started"]
    assert end["tags"] == ["genepool", "run_finished", "finished"]
    assert "timeEnd" not in start
    assert end["time"] == 1_000_000
    assert end["timeEnd"] > start["time"] > end["time"] - 1


def test_a_resumed_run_says_where_it_continues() -> None:
    population = a_history()[1].population
    with serving(Stub()) as stub, _marking(stub) as marks:
        marks(RunStarted(a_spec("night"), population))
        (mark,) = stub.wait_for(ROUTE, 1)
    assert f"resumes from generation {population.generation}" in mark["text"]


def test_only_a_fitness_above_all_before_it_is_a_new_best() -> None:
    history = a_history(4)
    bests = [max(i.fitness for i in r.population.individuals if i.fitness is not None) for r in history]
    risen = [best for place, best in enumerate(bests) if place and best > max(bests[:place])]
    assert risen, "the history must have something to mark"
    with serving(Stub()) as stub, _marking(stub) as marks:
        marks(RunStarted(a_spec(), None))
        for record in history:
            marks(GenerationFinished(a_spec(), record))
        marks(RunEnded(a_spec(), "finished"))
        sent = stub.wait_for(ROUTE, len(risen) + 2)
    assert [mark["tags"][1] for mark in sent] == ["run_started", *["new_best"] * len(risen), "run_finished"]
    assert f"{risen[-1]:.4g}" in sent[-2]["text"]


def test_a_node_that_loses_its_last_process_in_a_run_is_marked() -> None:
    near, far = Seat("ray-worker-1", "cpu"), Seat("ray-worker-2", "memory")
    with serving(Stub()) as stub, _marking(stub) as marks:
        marks(CrewChanged([near, near, far]))
        marks(CrewChanged([near, far]))
        marks(RunStarted(a_spec(), None))
        marks(CrewChanged([near]))
        marks(RunEnded(a_spec(), "finished"))
        marks(CrewChanged([]))
        marks.close(10)
        texts = [mark["text"] for mark in stub.sent_to(ROUTE) if "node_lost" in mark["tags"]]
    assert texts == ["Node ray-worker-2 has no evaluation process left"]


def test_the_name_of_a_run_is_text_and_no_markup() -> None:
    with serving(Stub()) as stub, _marking(stub) as marks:
        marks(RunStarted(a_spec("<b>bold</b>"), None))
        (mark,) = stub.wait_for(ROUTE, 1)
    assert "&lt;b&gt;bold&lt;/b&gt;" in mark["text"]


def test_a_grafana_that_refuses_is_counted_each_time_and_logged_once_a_change() -> None:
    failures: list[None] = []
    with serving(Stub(refuse=500)) as stub, capture_logs() as logs, _marking(stub, failures) as marks:
        for _ in range(3):
            marks(RunStarted(a_spec(), None))
        stub.wait_for(ROUTE, 3)
        stub.refuse = 0
        for _ in range(2):
            marks(RunStarted(a_spec(), None))
    assert len(failures) == 3
    assert [entry["event"] for entry in logs] == ["grafana_fails", "grafana_answers"]
    assert "500" in logs[0]["reason"]


def test_nobody_there_is_counted_and_never_raised() -> None:
    failures: list[None] = []
    with serving(Stub()) as stub:
        url = stub.url
    marks = GrafanaAnnotations(Grafana(url, TOKEN), lambda: failures.append(None))
    marks(RunStarted(a_spec(), None))
    marks(RunEnded(a_spec(), "failed"))
    marks.close(10)
    assert len(failures) == 2


def test_a_hanging_grafana_delays_neither_the_loop_nor_the_end() -> None:
    failures: list[None] = []
    with serving(Stub()) as stub:
        stub.reachable.clear()
        marks = GrafanaAnnotations(Grafana(stub.url, TOKEN, 30), lambda: failures.append(None))
        began = time.perf_counter()
        for _ in range(4 * ROOM):
            marks(RunStarted(a_spec(), None))
        marks.close(0.1)
        took = time.perf_counter() - began
        assert took < 2
        assert len(failures) >= 3 * ROOM - 1
        stub.reachable.set()


def test_a_slow_answer_is_given_up() -> None:
    failures: list[None] = []
    with serving(Stub()) as stub:
        stub.reachable.clear()
        with _marking(stub, failures, patience=0.2) as marks:
            marks(RunStarted(a_spec(), None))
        assert len(failures) == 1


def test_what_waits_is_delivered_before_the_end() -> None:
    delivered: list[object] = []
    gate = threading.Event()

    def deliver(parcel: object) -> None:
        gate.wait()
        delivered.append(parcel)

    post = Background(deliver)
    for number in range(3):
        post.put({"number": number})
    gate.set()
    post.close(10)
    assert delivered == [{"number": 0}, {"number": 1}, {"number": 2}]


def test_closing_twice_is_harmless() -> None:
    post = Background(lambda _parcel: None)
    post.close(10)
    post.close(10)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, "<html>bad gateway</html>"),
        (502, '"a message that is no object"'),
        (200, "<html>sign in</html>"),
    ],
    ids=["an error page", "a bare text", "a page for people"],
)
def test_an_answer_that_is_not_grafanas_is_an_outage(status: int, body: str) -> None:
    with serving(Stub(instead=(status, body))) as stub:
        grafana = Grafana(stub.url, TOKEN)
        with pytest.raises(ServiceUnavailable, match="Grafana"):
            grafana.post("/annotations", {})
        grafana.close()


def test_proxies_and_certificates_are_taken_from_the_environment_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", "near.invalid")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/somewhere/ca.pem")
    far, near = Grafana("http://far.invalid", TOKEN), Grafana("http://near.invalid", TOKEN)
    monkeypatch.setattr("os.environ", {})
    for grafana, proxy in ((far, "http://proxy.invalid:3128"), (near, None)):
        assert grafana._api.s.proxies.get("http") == proxy
        assert grafana._api.verify == "/somewhere/ca.pem"
        assert not grafana._api.s.trust_env
        grafana.close()
