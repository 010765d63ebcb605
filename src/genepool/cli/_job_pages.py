"""Jobs as people read them in a terminal."""

import json
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.jobs import Job, JobState

_COLOURS: dict[JobState, str] = {
    "queued": "cyan",
    "running": "cyan",
    "cancelling": "yellow",
    "done": "green",
    "failed": "red",
    "cancelled": "yellow",
    "expired": "yellow",
}


def jobs_table(jobs: Sequence[Job]) -> Table:
    """Return jobs as a table."""
    table = Table(
        box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0), caption="times in UTC"
    )
    table.add_column("job", justify="right", no_wrap=True)
    for name in ("kind", "state", "priority"):
        table.add_column(name, no_wrap=True)
    table.add_column("about")
    table.add_column("progress")
    table.add_column("submitted", no_wrap=True)
    for job in jobs:
        table.add_row(
            str(job.id),
            job.asked.kind,
            Text(job.state, _COLOURS[job.state]),
            job.asked.priority,
            job.asked.run or str(job.asked.request.get("data", "")),
            _progress(job),
            job.submitted_at[:16].replace("T", " "),
        )
    return table


def job_lines(job: Job) -> dict[str, str]:
    """Return what there is to say of a job, by name."""
    asked = job.asked
    lines = {
        "job": f"{job.id}, {asked.kind}, {asked.priority}",
        "state": job.state + (f": {job.error}" if job.error else ""),
        "run": asked.run or "",
        "part of": f"job {asked.parent}" if asked.parent else "",
        "after": ", ".join(f"job {number}" for number in asked.after),
        "asked for": json.dumps(dict(asked.request), ensure_ascii=False) if asked.request else "",
        "progress": _progress(job),
        "found": json.dumps(dict(job.result), ensure_ascii=False) if job.result else "",
        "time": f"{job.seconds:,.0f} s of at most {asked.time_limit:,.0f}",
        "taken up": f"{job.attempts} times" if job.attempts != 1 else "once",
        "submitted": job.submitted_at,
        "started": job.started_at or "",
        "ended": job.ended_at or "",
    }
    return {name: text for name, text in lines.items() if text}


def _progress(job: Job) -> str:
    return ", ".join(f"{name} {value}" for name, value in job.progress.items() if value is not None)
