"""Refresh a champion: breed a new run by an old run's rules on the candles that there are now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.bootstrap.job_kinds.download import do_download
from genepool.bootstrap.job_kinds.evolve import evolve
from genepool.history import RunSpec
from genepool.jobs import Job
from genepool.market.provenance import DataSet
from genepool.pool.job_worker import Attempt, BrokenOff
from genepool.pool.stop_request import StopRequest
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun
from genepool.usecases.refresh_job import (
    RefreshJob,
    before_of,
    missing_candles,
    newest_of,
    refresh_run,
    refreshed_name,
)


def refresh(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt resumes the run that an earlier one recorded."""
    settings, store = means.settings, means.store
    asked = RefreshJob.by(attempt.job.asked.request)
    summaries = store.summaries()
    run = find_run(asked.run, summaries, program()).spec.run
    name = refreshed_name(run, attempt.job.id)
    old = newest_of(run, summaries, but=name)
    source = FileCandles(settings.home, partial(structlog.get_logger().warning, "data_doubtful", run=name))
    before = before_of(PastRun(old, store, source))
    if all(summary.spec.run != name for summary in summaries):
        market = _market(settings, source, asked, old.spec, attempt)
        if market.candles.digest == old.spec.market_digest:
            return {"run": old.spec.run, "skipped": "nothing new: its candles are those of before"}
        refresh_run(old.spec, name, asked.data or old.spec.data, market.candles, store, source)
    found = evolve(means, _Breeding(attempt, name))
    trials = store.trials(store.spec(name).market_digest)
    return {**found, "before": before, "trials": trials}


KIND = Kind(refresh)


def _market(
    settings: Settings, source: FileCandles, asked: RefreshJob, old: RunSpec, attempt: Attempt
) -> DataSet:
    """Read the candles of now, continued from their exchange first where that is asked for."""

    def read() -> DataSet:
        return source.read(asked.data or old.data, old.reading, symbol=old.symbol, timeframe=old.timeframe)

    held = read()
    if (download := missing_candles(asked, held)) is None:
        return held
    do_download(settings, download, attempt)
    return read()


@dataclass(frozen=True, slots=True)
class _Breeding:
    """``Attempt`` at the evolution of the run that was recorded."""

    attempt: Attempt
    run: str

    @property
    def job(self) -> Job:
        """The job, as one that resumes the run."""
        job = self.attempt.job
        return replace(job, asked=replace(job.asked, run=self.run, request={}))

    @property
    def stop(self) -> StopRequest:
        """Asks the kind to stop."""
        return self.attempt.stop

    @property
    def broken_off(self) -> BrokenOff:
        """Why it asks."""
        return self.attempt.broken_off

    def tell(self, progress: Mapping[str, Any]) -> None:
        """Note how far the job is."""
        self.attempt.tell(progress)
