"""A cluster that is lost before a run begins is the cluster's trouble, never the run's."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
import ray

from genepool.adapters.ray import cluster, evaluator
from genepool.bootstrap import service
from genepool.bootstrap.cluster_connection import ClusterConnection
from genepool.errors import ServiceUnavailable
from tests.fakes.service_notes import ServiceNotes
from tests.fakes.work_notes import WorkNotes


class SteppingClock:
    """``Clock`` that is asked once a moment."""

    def __init__(self, moments: list[float]) -> None:
        self.moments = moments

    def seconds(self) -> float:
        return self.moments.pop(0)


def test_a_cluster_lost_while_the_coordinator_was_idle_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object, **__: object) -> Any:  # noqa: ANN401 - it never returns
        raise ray.exceptions.RaySystemError("the raylet is gone")  # type: ignore[no-untyped-call]

    monkeypatch.setattr(cluster, "Cluster", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(evaluator, "RayEvaluator", lost)
    with pytest.raises(ServiceUnavailable, match=r"the Ray cluster is lost .*the raylet is gone"):
        ClusterConnection("auto").evaluator(WorkNotes(), lambda: False)


def test_an_idle_coordinator_asks_for_its_cluster_now_and_then_until_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([False, False, True])

    def asked(_: str) -> SimpleNamespace:
        if not next(answers):
            raise ServiceUnavailable("no Ray cluster answers")
        return SimpleNamespace(cpus=4)

    monkeypatch.setattr(cluster, "Cluster", asked)
    connection, clock = ClusterConnection("auto"), SteppingClock([0.0, 1.0, 30.0, 31.0, 61.0, 62.0, 120.0])
    notes = ServiceNotes()
    greeter = service._Greeter(connection, notes, clock)
    seen = []
    while clock.moments:
        greeter.greet()
        seen.append(connection.cpus)
    assert seen == [0, 0, 0, 0, 4, 4, 4]
    assert next(answers, None) is None
    assert notes.hindrances == [("cluster", None)]


def test_a_run_that_waits_for_the_cluster_says_why_and_so_is_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = ServiceNotes()

    def evolved(answer: Exception | None) -> None:
        def evolve(*_: object) -> None:
            if answer is not None:
                raise answer

        monkeypatch.setattr(service.RunDesk, "_evolve", evolve)
        desk = service.RunDesk(
            *cast("Any", [None, None, None, notes, None, lambda: False, ClusterConnection("auto"), None])
        )
        desk.breed("first")

    with pytest.raises(ServiceUnavailable):
        evolved(ServiceUnavailable("no Ray cluster answers"))
    assert notes.hindrances == [("cluster", "no Ray cluster answers")]
