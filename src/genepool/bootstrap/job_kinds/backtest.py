"""Trade one genome over candles: what ``genepool backtest --json`` prints."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from genepool.adapters.export.genome_file import genome_in
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.market.moments import nanoseconds
from genepool.pool.job_worker import Attempt
from genepool.reading.bundles import said_by
from genepool.reading.chosen_candles import read_chosen
from genepool.reading.flags import FileFlags
from genepool.usecases.backtest_job import BacktestJob, backtest_by
from genepool.usecases.count_backtest import count_backtest

# What messages call a genome that came within a request.
_GENOME = Path("genome")


def backtest(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; it writes but a trial that counts once, so a later attempt does it again."""
    asked = BacktestJob.by(attempt.job.asked.request)
    flags, file = said_by(FileFlags, asked.reading), asked.file(partial(genome_in, _GENOME))
    tell = partial(structlog.get_logger().warning, "data_doubtful", job=attempt.job.id)
    data = read_chosen(asked.data, file, means.settings.home, flags, tell)
    traded = backtest_by(asked, file, data, flags.market)
    ends = nanoseconds(traded.start), nanoseconds(traded.stop)
    look = count_backtest(traded.fingerprint, data.candles, ends, means.store)
    return replace(traded, remarks=[*traded.remarks, *filter(None, [look])]).as_json()


KIND = Kind(backtest)
