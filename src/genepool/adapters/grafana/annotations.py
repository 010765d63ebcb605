"""What happens to runs, as marks on Grafana's time axis."""

import time
from collections.abc import Callable
from html import escape

from genepool.adapters.grafana.background import Background
from genepool.adapters.grafana.grafana_client import Grafana
from genepool.evolution.population import Population
from genepool.history import RunSpec, RunState
from genepool.ports import CrewChanged, Event, GenerationFinished, RunEnded, RunStarted

# The dashboards show the marks that have this tag.
TAG = "genepool"


class GrafanaAnnotations:
    """``Watcher`` that marks starts and ends of runs, new bests and lost nodes.

    Nothing here waits for Grafana or fails because of it.

    Parameters
    ----------
    grafana
        Where the marks go; closed by ``close``.
    on_failure
        Told of every mark that was lost, from any thread.
    now
        Unix time in seconds.
    """

    def __init__(
        self,
        grafana: Grafana,
        on_failure: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._grafana, self._now = grafana, now
        self._post = Background(lambda mark: grafana.post("/annotations", mark), on_failure)
        self._began: float | None = None
        self._best: float | None = None
        self._generation = 0
        self._nodes: frozenset[str] = frozenset()

    def __call__(self, event: Event) -> None:
        """Mark an event that is rare enough: a mark a batch would cover the axis."""
        match event:
            case RunStarted(spec, population):
                self._mark_start(spec, population)
            case GenerationFinished(spec, record):
                self._mark_new_best(spec, record.population)
            case RunEnded(spec, state):
                self._mark_span(spec, state)
            case CrewChanged(seats):
                self._mark_losses(frozenset(seat.node for seat in seats))

    def _mark_start(self, spec: RunSpec, population: Population | None) -> None:
        self._began = self._now()
        self._best = _best(population) if population else None
        self._generation = population.generation if population else 0
        course = f"resumes from generation {self._generation}" if population else "starts"
        market = f"{spec.symbol} {spec.timeframe}, {spec.objective}, seed {spec.seed}"
        self._mark("run_started", f"Run {spec.run} {course}: {market}")

    def _mark_new_best(self, spec: RunSpec, population: Population) -> None:
        """Mark a fitness that is above all before it; the first generation's is no news."""
        before, best = self._best, _best(population)
        self._generation = population.generation
        if best is None or (before is not None and best <= before):
            return
        self._best = best
        if before is not None:
            text = f"Run {spec.run}, generation {self._generation}: best fitness {best:.4g}, was {before:.4g}"
            self._mark("new_best", text)

    def _mark_span(self, spec: RunSpec, state: RunState) -> None:
        """Mark the whole span of the run, with how it ended."""
        best = "nobody was scored" if self._best is None else f"best fitness {self._best:.4g}"
        text = f"Run {spec.run} {state} at generation {self._generation}: {best}"
        self._mark("run_finished", text, state, began=self._began)
        self._began = None

    def _mark_losses(self, nodes: frozenset[str]) -> None:
        """Mark every node that lost its last evaluation process during a run."""
        lost, self._nodes = self._nodes - nodes, nodes
        if self._began is not None:
            for node in sorted(lost):
                self._mark("node_lost", f"Node {node} has no evaluation process left")

    def close(self, seconds: float = 2.0) -> None:
        """Give marks that wait so many seconds, then let go; may be called twice."""
        self._post.close(seconds)
        self._grafana.close()

    def _mark(self, event: str, text: str, *tags: str, began: float | None = None) -> None:
        now = self._now()
        mark = {"time": _milliseconds(now if began is None else began), "tags": [TAG, event, *tags]}
        if began is not None:
            mark["timeEnd"] = _milliseconds(now)
        # Grafana shows the text as HTML.
        self._post.put({**mark, "text": escape(text, quote=False)})


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)


def _best(population: Population) -> float | None:
    return max((one.fitness for one in population.individuals if one.fitness is not None), default=None)
