"""What the report of a batch shows of each of its runs: what is recorded; no genome is evaluated for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from genepool.errors import GenepoolError
from genepool.pool.commands import PROGRAM
from genepool.pool.report_data import ReportData
from genepool.ports.candles import CandleSource
from genepool.usecases.history import History
from genepool.usecases.market_batch import BatchPart
from genepool.usecases.past_run import PastRun
from genepool.usecases.view_run import view_champion

# Tells what is known of the run of a part, or why it cannot be shown: empty where there is no run.
PartView: TypeAlias = Callable[[BatchPart], ReportData | str]


def part_view(history: History, source: CandleSource, program: str = PROGRAM) -> PartView:
    """Return what looks at the runs of a batch, one after the other; none is held.

    Parameters
    ----------
    history
        Where they are recorded.
    source
        Where their candles are.
    program
        How the user calls the program.
    """
    summaries = {summary.spec.run: summary for summary in history.summaries()}

    def view(part: BatchPart) -> ReportData | str:
        if part.run not in summaries:
            return ""
        past = PastRun(summaries[part.run], history, source)
        try:
            data = view_champion(past)
            if data.champion is None:
                return data
            ladder, nulls = past.climbed(past.judged(past.plan()), program)
        except GenepoolError as error:
            return str(error)
        return replace(data, ladder=ladder, nulls=nulls)

    return view
