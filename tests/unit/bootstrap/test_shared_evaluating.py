"""Who evaluates for a job that breeds no run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from genepool.bootstrap.shared_breeding import SharedBreeding
from genepool.jobs import WEIGHTS, NewJob, Priority
from genepool.pool.stop_request import StopRequest
from genepool.ports import Evaluator, Watcher
from tests.fakes.bred_runs import bred_run

NOTHING = cast("Any", None)


@dataclass
class NotedWeights:
    """``SharedCrew`` that notes the weights by which it was asked, and how many runs have left it."""

    weights: list[float] = field(default_factory=list)
    left: int = 0

    def evaluator(self, _watcher: Watcher, _interrupted: Callable[[], bool], weight: float) -> Evaluator:
        self.weights.append(weight)
        return cast("Evaluator", SimpleNamespace(close=self.leave))

    def leave(self) -> None:
        self.left += 1


@pytest.mark.parametrize(("workers", "at_once"), [(1, 1), (2, 2), (64, 8)])
@pytest.mark.parametrize("priority", ["batch", "interactive"])
def test_searches_at_once_have_the_weight_of_one_job_together(
    workers: int, at_once: int, priority: Priority
) -> None:
    crew, job = NotedWeights(), SimpleNamespace(asked=NewJob("nulls", priority=priority))
    breeding = SharedBreeding(crew, NOTHING, NOTHING, NOTHING, lambda: workers)
    plan = bred_run(generations=2, size=9).plan
    with breeding.evaluating(NOTHING, cast("Any", job), plan, StopRequest()) as found:
        assert found.searches_at_once(plan.spec.settings.population_size) == at_once
        assert at_once * crew.weights[0] == WEIGHTS[priority]
    assert crew.left == 1
