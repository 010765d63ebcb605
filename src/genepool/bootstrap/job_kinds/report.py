"""Write the HTML report of a recorded run, or of a batch."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.bootstrap.reports import written_report
from genepool.pool.job_worker import Attempt
from genepool.usecases.report_job import ReportJob


def report(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; a later attempt writes the same file again."""
    asked = ReportJob.by(attempt.job.asked.request)
    tell = partial(structlog.get_logger().warning, "data_doubtful", run=asked.run)
    return written_report(asked.run, means.settings, means.store, tell).as_json()


KIND = Kind(report)
