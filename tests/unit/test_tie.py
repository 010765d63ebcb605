"""A cluster that is lost before a run begins is the cluster's trouble, never the run's."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
import ray

from genepool.adapters.ray import evaluator
from genepool.bootstrap.cluster import Tie
from genepool.errors import ServiceUnavailable
from genepool.pool.planning import Plan


def test_a_cluster_lost_while_the_coordinator_was_idle_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object, **__: object) -> Any:  # noqa: ANN401 - it never returns
        raise ray.exceptions.RaySystemError("the raylet is gone")  # type: ignore[no-untyped-call]

    monkeypatch.setattr(evaluator, "Cluster", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(evaluator, "RayEvaluator", lost)
    with pytest.raises(ServiceUnavailable, match=r"the Ray cluster is lost .*the raylet is gone"):
        Tie("auto").evaluator(cast("Plan", SimpleNamespace(problem=None)), [], lambda: False)
