"""Holds a claimed job by heartbeats, in a thread of its own, whatever the worker is busy with."""

import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from genepool.errors import Fenced, StoreError
from genepool.jobs import BRIEF_SECONDS, Job
from genepool.pool.job_worker import BrokenOff
from genepool.pool.stop_request import StopRequest
from genepool.ports import Clock, JobQueue

# Who cancels a job waits for its next beat; a claim lasts fifteen of them.
BEAT_SECONDS = 1.0
_LOOK_SECONDS = 0.25
_PATIENT_BEATS = 3


class JobHeart:
    """``Attempt`` whose heart beats while the context lasts.

    Parameters
    ----------
    queue, job
        The job, and where it was claimed.
    clock
        For how long it is worked on.
    stopping
        Tells whether the worker has to stop.
    beat_seconds
        How often it beats.
    gives_way
        Tells whether a job waits that may have this one's place once it has taken long.
    """

    def __init__(
        self,
        queue: JobQueue,
        job: Job,
        clock: Clock,
        stopping: Callable[[], bool],
        beat_seconds: float = BEAT_SECONDS,
        gives_way: Callable[[], bool] = lambda: False,
    ) -> None:
        self.job = job
        self.stop = StopRequest()
        self.broken_off: BrokenOff = ""
        self._queue = queue
        self._clock = clock
        self._stopping = stopping
        self._beat_seconds = beat_seconds
        self._gives_way = gives_way
        self._in_the_way = 0
        self._progress: Mapping[str, Any] = dict(job.progress)
        self._began = clock.seconds()
        self._over = threading.Event()
        # A daemon: a database that is frozen must not hold up the end of the process.
        self._thread = threading.Thread(target=self._keep_beating, name=f"job-{job.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def tell(self, progress: Mapping[str, Any]) -> None:
        """Note how far the job is."""
        self._progress = dict(progress)

    @property
    def seconds(self) -> float:
        """Seconds of work on it, those of earlier attempts too."""
        return self.job.seconds + self._clock.seconds() - self._began

    def _keep_beating(self) -> None:
        beaten = self._clock.seconds() - self._beat_seconds
        while not self._over.wait(min(_LOOK_SECONDS, self._beat_seconds)):
            if self._stopping():
                self._break_off("stopping")
            if self._clock.seconds() - beaten >= self._beat_seconds:
                beaten = self._clock.seconds()
                self._beat()

    def _beat(self) -> None:
        try:
            state = self._queue.beat(self.job, self._progress, self.seconds)
        except Fenced:
            if not self._over.is_set():
                self._break_off("fenced")
            return
        except StoreError:
            # A claim that runs out meanwhile is another worker's to take, and this one is fenced then.
            return
        if state == "cancelling":
            self._break_off("cancelled")
        elif self.seconds > self.job.asked.time_limit:
            self._break_off("expired")
        elif self.seconds > BRIEF_SECONDS:
            self._give_way()

    def _give_way(self) -> None:
        """Break the job off when another waits for some beats: a free worker would have taken it by then."""
        try:
            self._in_the_way = self._in_the_way + 1 if self._gives_way() else 0
        except StoreError:
            return
        if self._in_the_way >= _PATIENT_BEATS:
            self._break_off("giving way")

    def _break_off(self, why: BrokenOff) -> None:
        if not self.broken_off:
            self.broken_off = why
            self.stop.make()
