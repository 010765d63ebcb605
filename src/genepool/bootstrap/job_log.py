"""The lines that a worker logs about its jobs: the same in a service, in `jobs work` and in `evolve`."""

from collections.abc import Mapping
from typing import Any

import structlog

from genepool.bootstrap.clock import SystemClock
from genepool.jobs import ENDED, Job
from genepool.ports import Clock
from genepool.program import program

# What its user may do about a job that ended so.
_REMEDIES: Mapping[str, str] = {
    "failed": "{program} jobs show {job} says what was asked for; {program} jobs retry {job} tries it again",
    "cancelled": "{program} jobs retry {job} continues where it stopped",
    "expired": "{program} jobs retry {job} --time-limit TIME continues where it stopped",
}


class JobLog:
    """Logs what happens to the jobs of a worker, and how each ended: state, seconds, and what to do.

    Parameters
    ----------
    clock
        For how long they were worked on.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._taken: dict[int, float] = {}

    def __call__(self, event: str, job: Job | None, reason: str) -> None:
        """Log it.

        Parameters
        ----------
        event
            A fixed word, such as ``job_done``.
        job
            Whose; None where it is of no job.
        reason
            Why; empty where there is nothing to say.
        """
        fields: dict[str, Any] = {"reason": reason} if reason else {}
        if job is not None:
            fields = {"job": job.id, "kind": job.asked.kind, **self._worked(event, job), **fields}
            fields |= _ended(event, job)
        structlog.get_logger().info(event, **fields)

    def _worked(self, event: str, job: Job) -> Mapping[str, float]:
        now = self._clock.seconds()
        if event == "job_taken":
            self._taken[job.id] = now
            return {}
        begun = self._taken.pop(job.id, None)
        return {} if begun is None else {"seconds": round(job.seconds + now - begun, 3)}


def _ended(event: str, job: Job) -> Mapping[str, str]:
    state = event.removeprefix("job_")
    if state not in ENDED:
        return {}
    remedy = _REMEDIES.get(state, "").format(program=program(), job=job.id)
    return {"state": state} | ({"remedy": remedy} if remedy else {})
