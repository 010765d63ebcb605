"""One session of a run: announce it, breed or follow it, judge it, show it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console

from genepool.adapters.console import ClosingSteps, LiveScreen, PlainLog, leaderboard_table, summary_panel
from genepool.adapters.console.closing import EXPLORING, JUDGING, REPORTING
from genepool.adapters.report.write import write_report
from genepool.adapters.store import SqlStore
from genepool.bootstrap.following import open_follower
from genepool.bootstrap.placement import Placement
from genepool.bootstrap.pools import open_pool
from genepool.bootstrap.stop_watch import StopWatch
from genepool.cli._output import aside, print_json, screen
from genepool.cli._stopping import StopRequest, stop_requests
from genepool.errors import ConfigError, Interrupted, NotTakenUp
from genepool.history import RunSpec, RunSummary
from genepool.market.costs import NOT_CHARGED
from genepool.market.default_costs import CRYPTO, default_costs_of, describe_costs
from genepool.pool.checking import neighbourhood_of
from genepool.pool.commands import (
    report_command,
    reproduce_command,
    resume_command,
    show_command,
    stop_command,
)
from genepool.pool.findings import Findings
from genepool.pool.judging import Judged, judge_recorded
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.pool.recorded import born
from genepool.pool.reporting import report_data
from genepool.pool.resuming import resume
from genepool.ports import RunCatalogue, TrialLedger, Watcher
from genepool.program import program
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.settings import Settings
from genepool.usecases.history import History
from genepool.usecases.market_costs import origin_of_costs
from genepool.usecases.run_document import ended_run


@dataclass(frozen=True, slots=True)
class Manner:
    """How a session is run and shown.

    Parameters
    ----------
    output
        Folder of the report.
    report
        Whether to write one.
    as_json
        Whether standard output is one JSON document.
    """

    output: Path
    report: bool
    as_json: bool

    def check(self) -> None:
        """Find out before the run, not after it, that its report could not be written.

        Raises
        ------
        ConfigError
            When there can be no such folder.
        """
        if not self.report:
            return
        try:
            self.output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"cannot make the folder {self.output} for the report: {error.strerror}; choose another "
                "--output or --no-report"
            ) from error


def run_session(
    plan: Plan, placement: Placement, manner: Manner, store: SqlStore, settings: Settings
) -> None:
    """Carry a recorded run to its end and show what it amounts to.

    Raises
    ------
    Interrupted
        When the user stopped it; the message holds the command that resumes.
    ConfigError
        When everything but the report is done: its file cannot be written.
    """
    console = aside() if manner.as_json else screen()
    _announce(console, plan, placement)
    found = Findings()
    outcome = _breed(plan, placement, found, store, settings, console)
    try:
        _show(plan, outcome, found, manner, store, console)
    except KeyboardInterrupt as error:
        run = plan.spec.run
        raise Interrupted(
            f"run {run} is finished and recorded, only not shown to the end; see it with\n"
            f"  {show_command(run, program())}\n  {report_command(run, program())}"
        ) from error


def _show(
    plan: Plan, outcome: Outcome, found: Findings, manner: Manner, store: History, console: Console
) -> None:
    around = _tried(plan, found, store, console) if manner.report else None
    judged = _judged(plan, found, store, console)
    if not manner.as_json:
        console.print(leaderboard_table(judged, width=console.width))
        console.print(summary_panel(plan.spec, judged, width=console.width))
    report, trouble = _written(plan, judged, found, around, manner, store, console)
    if manner.as_json:
        print_json(ended_run(plan, outcome, judged, found, report).as_json())
    else:
        _sign_off(console, plan, outcome, report)
    if trouble is not None:
        run = plan.spec.run
        raise ConfigError(
            f"run {run} is finished and recorded, but {trouble}: {report_command(run, program())} --out FILE"
        ) from trouble


def _tried(plan: Plan, found: Findings, store: History, console: Console) -> Neighbourhood | None:
    """Try the champion's neighbours for the report, before anything is judged."""
    with ClosingSteps(console, plan.spec.run) as steps:
        steps.tell(EXPLORING)
        return neighbourhood_of(plan.problem, found, partial(born, store, plan.spec.run), store.remember)


def _judged(plan: Plan, found: Findings, ledger: TrialLedger, console: Console) -> Judged:
    with ClosingSteps(console, plan.spec.run) as steps:
        steps.tell(JUDGING)
        return judge_recorded(ledger, plan.spec, plan.problem, found.ranking)


def _breed(
    plan: Plan,
    placement: Placement,
    found: Findings,
    store: SqlStore,
    settings: Settings,
    console: Console,
) -> Outcome:
    run = plan.spec.run
    try:
        with _watching(console) as watcher, stop_requests() as stop:
            if placement.site == "coordinator":
                follower = open_follower(run, store, watcher, settings, stop)
                return replace(follower, read=found.take).follow(plan.spec)
            return _bred_here(plan, placement, found, store, watcher, settings, stop)
    except NotTakenUp as error:
        raise NotTakenUp(_left_in_the_queue(run, settings)) from error
    except Interrupted as error:
        done = _summary(store, run).generations
        raise Interrupted(
            f"run {run} is stopped, {done} of {plan.spec.settings.generations} generations are recorded; "
            f"carry it on with\n  {resume_command(run, program())}"
        ) from error


def _bred_here(
    plan: Plan,
    placement: Placement,
    found: Findings,
    store: SqlStore,
    watcher: Watcher,
    settings: Settings,
    stop: StopRequest,
) -> Outcome:
    """Breed it in this process until a budget ends it, or a signal, or ``genepool stop``."""
    run = plan.spec.run
    if store.stop_requested(run):
        # A process that died before it could stop left this behind; resuming the run takes it back.
        store.submit(run)
    watch = StopWatch(store, run, stop.make)
    with watch, open_pool(plan, placement, store, store, watcher, settings, stop) as pool:
        return resume(plan.spec, replace(pool, read=found.take))


def _left_in_the_queue(run: str, settings: Settings) -> str:
    return (
        f"run {run} waits in the queue, and the coordinator at {settings.service_url}, which no other run "
        f"keeps busy, has not taken it up for {settings.queue_seconds:g} s (GENEPOOL_QUEUE_SECONDS); it "
        f"stays queued: run it here with\n  {resume_command(run, program())} --mode local\n"
        "or withdraw it with\n"
        f"  {stop_command(run, program())}"
    )


def _watching(console: Console) -> AbstractContextManager[Watcher]:
    return LiveScreen(console) if console.is_terminal else nullcontext(PlainLog())


def _written(
    plan: Plan,
    judged: Judged,
    found: Findings,
    around: Neighbourhood | None,
    manner: Manner,
    store: History,
    console: Console,
) -> tuple[Path | None, ConfigError | None]:
    """Write the report; return where it is, or why there is none."""
    if not manner.report:
        return None, None
    run = plan.spec.run
    with ClosingSteps(console, run) as steps:
        steps.tell(REPORTING)
        summary, fetch = _summary(store, run), partial(born, store, run)
        data = report_data(summary, found, fetch, judged, plan.problem, "", around)
        try:
            return write_report(manner.output / f"{run}.html", data), None
        except ConfigError as error:
            return None, error


def _summary(store: RunCatalogue, run: str) -> RunSummary:
    return next(line for line in store.summaries() if line.spec.run == run)


def _announce(console: Console, plan: Plan, placement: Placement) -> None:
    spec, problem = plan.spec, plan.problem
    bred = problem.in_sample[1] - problem.in_sample[0]
    kind = ", synthetic" if spec.synthetic else ""
    sealed = spec.candles - len(problem.candles)
    lines = {
        "run": spec.run,
        "market": f"{spec.symbol} {spec.timeframe}{kind}, from {spec.data}",
        "candles": f"{spec.candles:,}: {bred:,} in sample, {len(problem.folds)} walk-forward folds, "
        f"{sealed:,} sealed",
        "costs": f"{describe_costs(spec.costs)} ({origin_of_costs(spec.costs, _market(spec))})",
        "not charged": NOT_CHARGED,
        "strategies": ", ".join(spec.strategies),
        "objective": spec.objective,
        "evaluation": placement.sentence,
    }
    _tell(console, lines)
    for name, reason in spec.left_out:
        _tell(console, {"left out": f"{name}: {reason}"})


def _market(spec: RunSpec) -> str:
    """Return the kind of market; in runs of before it was noted, what was not known was crypto."""
    return (default_costs_of(spec.symbol) or CRYPTO).name if spec.market is None else spec.market


def _sign_off(console: Console, plan: Plan, outcome: Outcome, report: Path | None) -> None:
    _tell(
        console,
        {
            "stopped by": outcome.reason,
            "report": str(report or ""),
            "repeat with": reproduce_command(plan.spec, program()),
            "run digest": outcome.digest,
        },
    )


def _tell(console: Console, lines: Mapping[str, str]) -> None:
    for name, text in lines.items():
        if text:
            console.print(f"{name:<12}{text}", markup=False, soft_wrap=True)
