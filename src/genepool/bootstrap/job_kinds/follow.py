"""Compare a live record with its genome's replay: what ``genepool follow --json`` prints."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.pool.job_worker import Attempt
from genepool.ports import LiveCompared
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.reading.live_trade_files import LiveTradeFiles
from genepool.usecases.follow_job import FollowJob
from genepool.usecases.follow_run import follow_run
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun


def follow(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; it writes but a trial that counts once, so a later attempt does it again."""
    store, asked = means.store, FollowJob.by(attempt.job.asked.request)
    summary = find_run(asked.run, store.summaries(), program())
    tell = partial(structlog.get_logger().warning, "data_doubtful", run=summary.spec.run)
    source = FileCandles(means.settings.home, tell)
    found = follow_run(PastRun(summary, store, source), asked, LiveTradeFiles(), store)
    means.watcher(LiveCompared(found.run, found.quantile, found.place, found.gap, found.parts))
    return found.as_json()


KIND = Kind(follow)
