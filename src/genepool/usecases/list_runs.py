"""List past runs, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.history import RunState, RunSummary
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class ListedRun(Document):
    """One line of the list; the other fields are those of ``RunSummary``."""

    run: str
    symbol: str
    timeframe: str
    synthetic: bool
    objective: str
    seed: int
    state: RunState
    generations: int
    evaluations: int
    best_fitness: float | None
    digest: str | None
    started_at: str
    finished_at: str | None
    pruned_at: str | None
    note: str


def list_runs(summaries: Sequence[RunSummary]) -> list[ListedRun]:
    """Return lines of the list of runs as documents."""
    return [_listed(summary) for summary in summaries]


def _listed(summary: RunSummary) -> ListedRun:
    spec = summary.spec
    return ListedRun(
        run=spec.run,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        synthetic=spec.synthetic,
        objective=spec.objective,
        seed=spec.seed,
        state=summary.state,
        generations=summary.generations,
        evaluations=summary.evaluations,
        best_fitness=summary.best_fitness,
        digest=summary.digest,
        started_at=summary.started_at,
        finished_at=summary.finished_at,
        pruned_at=summary.pruned_at,
        note=summary.note,
    )
