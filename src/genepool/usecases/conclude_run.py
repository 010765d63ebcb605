"""Conclude a run that was bred: explore around its champion, judge it, report on it, describe it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from genepool.errors import ConfigError
from genepool.pool.ancestry import Fetch
from genepool.pool.checking import neighbourhood_of
from genepool.pool.commands import PROGRAM, report_command
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.recorded import born
from genepool.pool.reporting import report_data
from genepool.ports import ConcludingStep, RunConcluding, Watcher
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.usecases.breed_run import Bred
from genepool.usecases.history import History
from genepool.usecases.named_run import summary_of
from genepool.usecases.report_run import ReportWriter
from genepool.usecases.run_document import EndedRun, ended_run


@dataclass(frozen=True, slots=True, eq=False)
class Concluded:
    """A run at its end.

    Parameters
    ----------
    document
        Everything that a program needs of it.
    judged
        What it amounts to.
    unwritten
        Why a report that was asked for could not be written, in one sentence; empty otherwise.
    """

    document: EndedRun
    judged: Judged
    unwritten: str


def conclude_run(
    bred: Bred,
    history: History,
    watcher: Watcher,
    write: ReportWriter | None = None,
    tell: Callable[[Judged], object] = lambda _: None,
    program: str = PROGRAM,
) -> Concluded:
    """Judge a run that was bred and report on it; all but the report is done before it is written.

    Parameters
    ----------
    bred
        The run.
    history
        Where it is recorded.
    watcher
        Told of each step.
    write
        Writes its report; None for no report, for which the champion's neighbours are not tried either.
    tell
        Told what the run amounts to, before the report is written.
    program
        How the user calls the program.
    """
    around = _explored(bred, history, watcher) if write else None
    judged = _judged(bred, history, watcher)
    tell(judged)
    report, unwritten = None, ""
    if write is not None:
        try:
            report = _reported(bred, judged, around, history, watcher, write)
        except ConfigError as error:
            run = bred.plan.spec.run
            remedy = f"{report_command(run, program)} --out FILE"
            unwritten = f"run {run} is finished and recorded, but {error}: {remedy}"
    document = ended_run(bred.plan, bred.outcome, judged, bred.found, report)
    return Concluded(document, judged, unwritten)


def _explored(bred: Bred, history: History, watcher: Watcher) -> Neighbourhood | None:
    """Try the champion's neighbours, which are trials, before anything is judged."""
    with _told(bred, "exploring", watcher):
        return neighbourhood_of(bred.plan.problem, bred.found, _fetch(bred, history), history.remember)


def _judged(bred: Bred, history: History, watcher: Watcher) -> Judged:
    with _told(bred, "judging", watcher):
        return judge_recorded(history, bred.plan.spec, bred.plan.problem, bred.found.ranking)


def _reported(
    bred: Bred,
    judged: Judged,
    around: Neighbourhood | None,
    history: History,
    watcher: Watcher,
    write: ReportWriter,
) -> Path:
    with _told(bred, "reporting", watcher):
        summary, fetch = summary_of(bred.plan.spec.run, history), _fetch(bred, history)
        return write(report_data(summary, bred.found, fetch, judged, bred.plan.problem, around=around))


def _fetch(bred: Bred, history: History) -> Fetch:
    return partial(born, history, bred.plan.spec.run)


@contextmanager
def _told(bred: Bred, step: ConcludingStep, watcher: Watcher) -> Iterator[None]:
    watcher(RunConcluding(bred.plan.spec, step))
    try:
        yield
    finally:
        watcher(RunConcluding(bred.plan.spec, None))
