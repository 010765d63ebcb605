"""Conclude a run that was bred: explore around its champion, judge it, report on it, describe it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from genepool.backtest.evaluation import Evaluation
from genepool.errors import ConfigError
from genepool.pool.ancestry import Fetch
from genepool.pool.checking import neighbourhood_of
from genepool.pool.commands import PROGRAM, report_command
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.recorded import born
from genepool.pool.reporting import report_data
from genepool.pool.stability import stability_of
from genepool.ports import ConcludingStep, RunClimbed, RunConcluding, Watcher
from genepool.robustness.ladder import Ladder, NullStanding, StabilityFindings
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.usecases.breed_run import Bred
from genepool.usecases.history import History
from genepool.usecases.named_run import summary_of
from genepool.usecases.report_run import ReportWriter
from genepool.usecases.run_document import EndedRun, ended_run
from genepool.usecases.run_ladder import climbed
from genepool.usecases.weigh_again import keep_weighing


@dataclass(frozen=True, slots=True, eq=False)
class Concluded:
    """A run at its end.

    Parameters
    ----------
    document
        Everything that a program needs of it.
    judged, ladder
        What it amounts to, and how far its champion climbs.
    unwritten
        Why a report that was asked for could not be written, in one sentence; empty otherwise.
    """

    document: EndedRun
    judged: Judged
    ladder: Ladder
    unwritten: str


def conclude_run(
    bred: Bred,
    history: History,
    watcher: Watcher,
    write: ReportWriter | None = None,
    tell: Callable[[Judged, Ladder], object] = lambda _judged, _ladder: None,
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
    evaluated = history.weighings.evaluated(bred.plan.spec.problem_digest)
    judged, stability = _judged(bred, history, watcher)
    keep_weighing(history.weighings, bred.plan.spec, bred.outcome.digest, judged, stability, evaluated)
    climb = partial(climbed, bred.plan.spec, bred.outcome.digest, judged, stability, history)
    tell(judged, climb(program)[0])
    # What is kept names the program plainly.
    ladder, nulls = climb()
    watcher(RunClimbed(bred.plan.spec.run, ladder.height))
    report, unwritten = None, ""
    if write is not None:
        try:
            report = _reported(bred, judged, ladder, nulls, around, history, watcher, write)
        except ConfigError as error:
            run = bred.plan.spec.run
            remedy = f"{report_command(run, program)} --out FILE"
            unwritten = f"run {run} is finished and recorded, but {error}: {remedy}"
    document = ended_run(bred.plan, bred.outcome, judged, ladder, bred.found, report)
    return Concluded(document, judged, ladder, unwritten)


def _explored(bred: Bred, history: History, watcher: Watcher) -> Neighbourhood | None:
    """Try the champion's neighbours, which are trials, before anything is judged."""
    with _told(bred, "exploring", watcher):
        return neighbourhood_of(bred.plan.problem, bred.found, _fetch(bred, history), history.remember)


def _judged(bred: Bred, history: History, watcher: Watcher) -> tuple[Judged, StabilityFindings | None]:
    spec, problem, fetch = bred.plan.spec, bred.plan.problem, _fetch(bred, history)

    def tried(fingerprints: Sequence[str]) -> list[Evaluation]:
        return [one.evaluation for one in fetch(bred.found.births.find(fingerprints))]

    with _told(bred, "judging", watcher):
        judged = judge_recorded(history, spec, problem, bred.found.ranking)
        return judged, stability_of(problem, judged.board, tried, history, spec.seed)


def _reported(
    bred: Bred,
    judged: Judged,
    ladder: Ladder,
    nulls: NullStanding | None,
    around: Neighbourhood | None,
    history: History,
    watcher: Watcher,
    write: ReportWriter,
) -> Path:
    with _told(bred, "reporting", watcher):
        summary, fetch = summary_of(bred.plan.spec.run, history), _fetch(bred, history)
        data = report_data(summary, bred.found, fetch, judged, bred.plan.problem, around=around)
        return write(replace(data, ladder=ladder, nulls=nulls))


def _fetch(bred: Bred, history: History) -> Fetch:
    return partial(born, history, bred.plan.spec.run)


@contextmanager
def _told(bred: Bred, step: ConcludingStep, watcher: Watcher) -> Iterator[None]:
    watcher(RunConcluding(bred.plan.spec, step))
    try:
        yield
    finally:
        watcher(RunConcluding(bred.plan.spec, None))
