"""One session of a run on the screen: announced, bred, concluded, signed off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from genepool.adapters.console import leaderboard_table, run_watcher, summary_panel
from genepool.adapters.store import SqlStore
from genepool.bootstrap.breeding import breeder_at
from genepool.bootstrap.placement import Placement
from genepool.cli._null_lines import null_lines
from genepool.cli._null_session import null_session
from genepool.cli._output import aside, print_json, screen
from genepool.cli._run_lines import announce, sign_off, tell_lines
from genepool.cli._stopping import stop_requests
from genepool.errors import ConfigError, Interrupted
from genepool.pool.commands import report_command, show_command
from genepool.pool.judging import Judged
from genepool.pool.planning import Plan
from genepool.pool.report_data import ReportData
from genepool.program import program
from genepool.robustness.ladder import Ladder
from genepool.settings import Settings
from genepool.usecases.breed_run import breed_run
from genepool.usecases.conclude_run import conclude_run
from genepool.usecases.null_document import NullEvolution
from genepool.usecases.null_evolution import NullsAsked


def run_session(
    plan: Plan,
    placement: Placement,
    store: SqlStore,
    settings: Settings,
    reports: Path | None,
    nulls: NullsAsked | None = None,
    *,
    as_json: bool,
) -> None:
    """Breed a recorded run to its end and show what it amounts to.

    Parameters
    ----------
    plan, placement, store, settings
        The run, where it is evaluated and where it is recorded.
    reports
        Folder of its report; None for none.
    nulls
        How many null searches follow it; None for none.
    as_json
        Whether standard output is one JSON document.

    Raises
    ------
    Interrupted
        When the user stopped it; the message holds the command that resumes.
    ConfigError
        When everything but the report is done: its file cannot be written.
    """
    console, run = aside() if as_json else screen(), plan.spec.run
    announce(console, plan, placement.sentence)
    breed = breeder_at(placement, store, settings, program())
    write = _report_writer(reports / f"{run}.html") if reports else None

    def show(judged: Judged, ladder: Ladder) -> None:
        if not as_json:
            console.print(leaderboard_table(judged, width=console.width))
            console.print(summary_panel(plan.spec, judged, ladder, width=console.width))

    with run_watcher(console) as watcher, stop_requests() as stop:
        bred = breed_run(plan, breed, store, watcher, stop, program())
    compared, stopped = _compared(plan, placement, store, settings, nulls)
    with run_watcher(console) as watcher, _recorded_all_the_same(run):
        concluded = conclude_run(bred, store, watcher, write, show, program())
        if compared is not None and not as_json:
            tell_lines(console, null_lines(compared))
        if not as_json:
            sign_off(console, plan.spec, concluded)
    if stopped is not None:
        raise stopped
    if as_json:
        print_json(replace(concluded.document, nulls=compared).as_json())
    if concluded.unwritten:
        raise ConfigError(concluded.unwritten)


def _report_writer(path: Path) -> Callable[[ReportData], Path]:
    from genepool.adapters.report.write import write_report  # noqa: PLC0415 - it draws

    return partial(write_report, path)


def _compared(
    plan: Plan, placement: Placement, store: SqlStore, settings: Settings, asked: NullsAsked | None
) -> tuple[NullEvolution | None, Interrupted | None]:
    """Make the nulls before the run is judged by them; a user who stops them still gets the verdict."""
    if asked is None:
        return None, None
    try:
        return null_session(plan, placement, store, settings, asked, aside()).nulls, None
    except Interrupted as error:
        return None, error


@contextmanager
def _recorded_all_the_same(run: str) -> Iterator[None]:
    """Say of a Ctrl-C that the run is whole, and what shows it."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"run {run} is finished and recorded, only not shown to the end; see it with\n"
            f"  {show_command(run, program())}\n  {report_command(run, program())}"
        ) from error
