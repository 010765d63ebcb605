"""Several markets as one batch of jobs: one evolution each, and what they found side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from genepool.errors import Interrupted
from genepool.jobs import Job, JobState, NewJob
from genepool.ports import JobQueue
from genepool.usecases.document import Document
from genepool.usecases.evolve_job import BATCH, KIND, run_of, terms_of
from genepool.usecases.start_run import NewRun

_PARTS_AT_MOST = 10_000
# A fault that nobody foresaw.
_UNFORESEEN = 1


@dataclass(frozen=True, slots=True)
class BatchPart(Document):
    """One market of a batch; what it has not found, or not yet, is null.

    Parameters
    ----------
    job
        Number of its job.
    data
        What its user called the market.
    best_fitness
        The best in-sample fitness.
    rung, verdict
        The rung of the verdict that its champion had reached when its job ended, and the verdict's sentence.
    report
        Where its report lies.
    exit_code
        What ``genepool evolve`` would have left with; None while it has not ended.
    """

    job: int
    data: str
    state: JobState
    error: str | None
    run: str
    symbol: str | None
    timeframe: str | None
    generations: int | None
    evaluations: int | None
    best_fitness: float | None
    deflated_sharpe: float | None
    rung: str | None
    verdict: str | None
    digest: str | None
    report: str | None
    synthetic: bool | None
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class MarketBatch:
    """A batch and its parts.

    Parameters
    ----------
    name
        Of its page, and of the batch.
    submitted_at
        ISO 8601 in UTC.
    parts
        One for each market, in the order in which they were named.
    """

    name: str
    submitted_at: str
    parts: Sequence[BatchPart]

    @property
    def exit_code(self) -> int:
        """0 when all parts are done, else that of the worst."""
        return max((part.exit_code or 0 for part in self.parts), default=0)


def queue_markets(queue: JobQueue, asked: Sequence[NewRun], form: NewJob, together: int) -> list[Job]:
    """Queue an evolution, or a batch of several and then its parts.

    Parameters
    ----------
    queue
        Where.
    asked
        One run for each market.
    form
        What each job has in common.
    together
        How many may be bred at once.
    """
    if len(asked) == 1:
        return [queue.submit(replace(form, kind=KIND, request=terms_of(asked[0])))]
    whole = replace(form, kind=BATCH, request={"data": [each.data for each in asked]}, together=together)
    parts = [replace(form, kind=KIND, request=terms_of(each), idempotency_key="") for each in asked]
    return [*queue.submit_batch(whole, parts)]


def batch_name(job: Job) -> str:
    """Return what a batch and its report are called."""
    return f"batch-{job.id}"


def batch_of(job: Job, queue: JobQueue) -> MarketBatch:
    """Return a batch with what its parts have found so far."""
    parts = queue.jobs(parent=job.id, count=_PARTS_AT_MOST)
    return MarketBatch(batch_name(job), job.submitted_at, [_part(part) for part in reversed(parts)])


def _part(job: Job) -> BatchPart:
    found: dict[str, Any] = {name: (job.result or {}).get(name) for name in BatchPart.__dataclass_fields__}
    if "rung" not in (job.result or {}):
        # Jobs of before the ladder kept another sentence there.
        found["verdict"] = None
    return BatchPart(
        **{
            **found,
            "job": job.id,
            "data": str(job.asked.request.get("data", "")),
            "state": job.state,
            "error": job.error or None,
            "run": run_of(job),
            "exit_code": _exit_code(job, found["exit_code"]),
        }
    )


def _exit_code(job: Job, said: int | None) -> int | None:
    match job.state:
        case "done":
            return 0
        case "failed":
            return _UNFORESEEN if said is None else said
        case "cancelled" | "expired":
            return Interrupted.exit_code
        case _:
            return None
