"""Where a run stands: what is recorded of it, the jobs about it, and how far it is within a generation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genepool.history import RunSpec, RunState, RunSummary
from genepool.jobs import ENDED, Job
from genepool.usecases.evolve_job import KIND
from genepool.usecases.past_run import PastRun

_OVER: frozenset[RunState] = frozenset({"finished", "interrupted", "failed"})
# Recent generations say best how long the next ones take.
_RECENT = 5


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """A run as it is shown while it is bred.

    Parameters
    ----------
    summary
        Its line in the list of runs.
    job
        The newest job that breeds it, or did; None where there is none.
    progress
        How far it is within a generation; None where nobody tells.
    seconds_left
        How long the generations that are left may take; None where nothing is known.
    newest
        Median and worst fitness of the newest generation, and how many members each species has.
    """

    summary: RunSummary
    job: Job | None
    progress: Mapping[str, Any] | None
    seconds_left: float | None
    newest: Mapping[str, Any] | None

    @property
    def spec(self) -> RunSpec:
        """What it depends on."""
        return self.summary.spec

    @property
    def over(self) -> bool:
        """Whether nothing is done for it any more."""
        return self.summary.state in _OVER and not self.concluding

    @property
    def concluding(self) -> bool:
        """Whether its job still judges it, or waits to breed it."""
        return self.job is not None and self.job.state not in ENDED

    @property
    def state(self) -> str:
        """How people call it."""
        waits = self.concluding and self.summary.state in _OVER
        if waits and self.job is not None and self.job.state == "queued":
            return "queued"
        return "concluding" if waits and self.summary.state == "finished" else self.summary.state

    @property
    def step(self) -> str | None:
        """What its job does after its end."""
        step = self.job.progress.get("step") if self.job is not None and self.state == "concluding" else None
        return None if step is None else str(step)

    @property
    def error(self) -> str:
        """Why its job ended otherwise than well; empty when it did not."""
        failed = self.job is not None and self.job.state in {"failed", "expired"}
        return self.job.error if failed and self.job is not None else ""


def run_standing(past: PastRun, jobs: Sequence[Job], told: Sequence[Mapping[str, Any]]) -> WatchedRun:
    """Return where a run stands.

    Parameters
    ----------
    past
        The run.
    jobs
        Those about it, the newest first.
    told
        The progress of runs that are bred now.
    """
    job = next((job for job in jobs if job.asked.kind == KIND), None)
    progress = next((one for one in told if one["run"] == past.name), None)
    return WatchedRun(past.summary, job, progress, _left(past), _newest(past))


def _left(past: PastRun) -> float | None:
    summary = past.summary
    first = max(0, summary.generations - _RECENT)
    recent = [line.seconds for line in past.generations(first, _RECENT)]
    if not recent:
        return None
    return sum(recent) / len(recent) * max(0, summary.spec.settings.generations - summary.generations)


def _newest(past: PastRun) -> Mapping[str, Any] | None:
    lines = past.generations(past.summary.generations - 1, 1) if past.summary.generations else []
    return (
        {"median": lines[0].median, "worst": lines[0].worst, "species": lines[0].species} if lines else None
    )
