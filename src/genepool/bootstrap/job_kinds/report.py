"""Write the HTML report of a recorded run."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.adapters.report.write import write_report
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.pool.job_worker import Attempt
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun
from genepool.usecases.report_job import ReportJob
from genepool.usecases.report_run import report_run


def report(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt writes the same file again."""
    settings, store = means.settings, means.store
    asked = ReportJob.by(attempt.job.asked.request)
    summary = find_run(asked.run, store.summaries(), program())
    tell = partial(structlog.get_logger().warning, "data_doubtful", run=summary.spec.run)
    past = PastRun(summary, store, FileCandles(settings.home, tell))
    return report_run(past, partial(write_report, settings.results / f"{past.name}.html")).as_json()


KIND = Kind(report)
