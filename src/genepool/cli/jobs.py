"""``genepool jobs``: evolutions that wait, those that workers breed, and what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from genepool.adapters.store import SqlStore
from genepool.bootstrap.acknowledging import told_jobs
from genepool.bootstrap.stores import open_store
from genepool.cli._again import resume, schedule
from genepool.cli._durations import seconds_of
from genepool.cli._job_pages import job_lines, jobs_table, parts_table
from genepool.cli._job_work import work
from genepool.cli._output import print_json, screen
from genepool.cli._submit import submit
from genepool.errors import ConfigError
from genepool.jobs import ENDED, JobState
from genepool.program import program
from genepool.reading.bundles import with_bundles
from genepool.settings import load_settings
from genepool.usecases.evolve_job import BATCH
from genepool.usecases.follow_job import FOLLOW
from genepool.usecases.job_document import job_document, schedule_document
from genepool.usecases.market_batch import batch_of
from genepool.usecases.refresh_job import REFRESH

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Number = Annotated[int, typer.Argument(metavar="JOB", help="Its number in the list.")]

_OPEN: tuple[JobState, ...] = ("queued", "running", "cancelling")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("submit")(with_bundles(submit))
    group.command("resume")(resume)
    group.command("schedule")(schedule)
    group.command("work")(work)
    group.command("list")(list_jobs)
    group.command("show")(show)
    group.command("cancel")(cancel)
    group.command("retry")(retry)
    group.command("schedules")(schedules)
    group.command("unschedule")(unschedule)
    app.add_typer(group, name="jobs", help="Queue evolutions, work on them, and see what became of them.")


def list_jobs(
    *,
    every: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Newest jobs to list.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List jobs that wait or run, the newest first."""
    with _opened() as store:
        found = store.jobs.jobs(states=() if every else _OPEN, count=limit)
    if as_json:
        print_json([job_document(job).as_json() for job in found])
    elif found:
        screen().print(jobs_table(found))
    else:
        hint = "" if every else f"; `{program()} jobs list --all` shows ended ones"
        screen().print(f"no job waits or runs{hint}" if not every else "there are no jobs", soft_wrap=True)


def show(number: Number, as_json: AsJson = False) -> None:
    """Show a job: what was asked for, how far it is, what it found or why it failed."""
    with _opened() as store:
        job = store.jobs.job(number)
        batch = batch_of(job, store.jobs) if job.asked.kind == BATCH else None
    if as_json:
        print_json(job_document(job).as_json())
        return
    for name, text in job_lines(job).items():
        screen().print(f"{name:<12}{text}", soft_wrap=True)
    if batch is not None:
        screen().print(parts_table(batch))


def cancel(number: Number, as_json: AsJson = False) -> None:
    """Ask for the end of a job and of its parts; what it has found is kept."""
    with _opened() as store:
        job = store.jobs.cancel(number)
    if as_json:
        print_json(job_document(job).as_json())
    elif job.state == "cancelling":
        screen().print(f"job {number} ends with what runs of it now", soft_wrap=True)
    else:
        over = "" if job.state == "cancelled" else " before it was cancelled"
        screen().print(f"job {number} is {job.state}{over if job.state in ENDED else ''}", soft_wrap=True)


def retry(
    number: Number,
    time_limit: Annotated[
        str | None, typer.Option(metavar="TIME", help="What it may take now, such as 90m, 12h or 2d.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Queue a job that failed, expired or was cancelled; an evolution resumes where it stopped."""
    seconds = None if time_limit is None else seconds_of(time_limit, "--time-limit")
    if seconds is not None and seconds <= 0:
        raise ConfigError(f"--time-limit is {time_limit}: give a time above zero, such as 12h")
    with _opened() as store:
        job = told_jobs(store.jobs, load_settings()).retry(number, seconds)
    if as_json:
        print_json(job_document(job).as_json())
    else:
        screen().print(f"job {number} waits in the queue again", soft_wrap=True)


def schedules(as_json: AsJson = False) -> None:
    """List what is queued again and again, the next first."""
    with _opened() as store:
        found = store.jobs.planned()
    if as_json:
        print_json([schedule_document(each).as_json() for each in found])
    for each in () if as_json else found:
        request = each.asked.request
        does = {REFRESH: "refreshes", FOLLOW: "follows"}.get(each.asked.kind)
        about = f"queues {request.get('data')}" if does is None else f"{does} {request['run']}"
        screen().print(
            f"schedule {each.id} {about} every {each.every_seconds:,.0f} s, next at {each.next_at[:16]} UTC",
            soft_wrap=True,
        )
    if not found and not as_json:
        screen().print("nothing is queued again and again", soft_wrap=True)


def unschedule(
    number: Annotated[int, typer.Argument(metavar="SCHEDULE", help="Its number in the list.")],
) -> None:
    """Queue it no more; what waits already stays."""
    with _opened() as store:
        store.jobs.unplan(number)
    screen().print(f"schedule {number} queues nothing any more", soft_wrap=True)


@contextmanager
def _opened() -> Iterator[SqlStore]:
    store = open_store(load_settings())
    try:
        yield store
    finally:
        store.close()
