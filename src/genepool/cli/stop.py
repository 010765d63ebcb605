"""``genepool stop``: end a run that another terminal or the coordinator evolves."""

import time
from typing import Annotated

import typer
from rich.console import Console

from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.stores import open_store
from genepool.cli._output import aside, print_json, screen
from genepool.errors import Interrupted, ServiceUnavailable
from genepool.history import RunState, RunSummary
from genepool.pool.commands import resume_command, show_command
from genepool.pool.stopping import OVER, Stopper
from genepool.program import program
from genepool.settings import load_settings
from genepool.usecases.stop_run import ask_to_stop, stopped_run

_WAIT_SECONDS = 60.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(stop)


def stop(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Name, unique beginning of it, or latest.")],
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait for its end; 0 to ask and leave.")
    ] = _WAIT_SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Stop a run that another terminal or the coordinator evolves; it can be resumed."""
    console = aside() if as_json else screen()
    store = open_store(load_settings())
    try:
        stopper = Stopper(store, store, SystemClock(), time.sleep)
        before = ask_to_stop(run, stopper, program())
        console.print(_announced(before), soft_wrap=True, markup=False)
        after = _waited(stopper, before.spec.run, wait)
    finally:
        store.close()
    if as_json:
        print_json(stopped_run(before, after, program()).as_json())
    _conclude(console, after, wait)


def _announced(summary: RunSummary) -> str:
    run = summary.spec.run
    if summary.state == "queued":
        return f"run {run} waits in the queue: it is taken out"
    return f"run {run} ends with the batches that are running; what they find is kept"


def _waited(stopper: Stopper, run: str, seconds: float) -> RunSummary:
    try:
        return stopper.wait(run, seconds)
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"run {run} was asked to end and will; see it with\n  {show_command(run, program())}"
        ) from error


def _conclude(console: Console, summary: RunSummary, waited: float) -> None:
    run, state = summary.spec.run, summary.state
    if state in OVER:
        console.print(_ended(summary, state), soft_wrap=True, markup=False)
    elif waited:
        raise ServiceUnavailable(
            f"run {run} has not ended within {waited:g} s: it does as soon as its process reads the request; "
            f"see it with\n  {show_command(run, program())}"
        )


def _ended(summary: RunSummary, state: RunState) -> str:
    run = summary.spec.run
    if state != "interrupted":
        return f"run {run} ended before it was stopped: it is {state}"
    return (
        f"run {run} is stopped, {summary.generations} of {summary.spec.settings.generations} generations are "
        f"recorded; resume it with\n  {resume_command(run, program())}"
    )
