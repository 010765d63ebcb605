"""Jobs as people read them in a terminal."""

import json
import math
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.jobs import ENDED, Job, JobState

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
            _about(job),
            _progress(job) if job.state not in ENDED else _outcome(job),
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
        "progress": "" if job.state == "done" else _progress(job),
        **_found(job),
        "time": f"{job.seconds:,.0f} s of at most {asked.time_limit:,.0f}",
        "taken up": f"{job.attempts} times" if job.attempts != 1 else "once",
        "submitted": job.submitted_at,
        "started": job.started_at or "",
        "ended": job.ended_at or "",
    }
    return {name: text for name, text in lines.items() if text}


def parts_table(job: Job) -> Table | None:
    """Return what the parts of a batch found, the best first; None for what is no batch, or not done."""
    parts: list[dict[str, Any]] = list((job.result or {}).get("parts", ()))
    if not parts:
        return None
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("market", "run", "state"):
        table.add_column(name, no_wrap=True)
    table.add_column("in-sample\nbest", justify="right", no_wrap=True)
    table.add_column("verdict")
    for part in sorted(parts, key=_by_best):
        best = part.get("best_fitness")
        table.add_row(
            f"{part.get('symbol', '')} {part.get('timeframe', '')}",
            part.get("run", f"job {part['job']}"),
            Text(part["state"], _COLOURS[part["state"]]),
            "" if best is None else f"{best:.2f}",
            part.get("verdict") or part.get("error") or "",
        )
    return table


def _by_best(part: dict[str, Any]) -> float:
    best = part.get("best_fitness")
    return math.inf if best is None else -best


def _about(job: Job) -> str:
    data = job.asked.request.get("data", "")
    return job.asked.run or (", ".join(data) if isinstance(data, list) else str(data))


def _outcome(job: Job) -> str:
    result = job.result or {}
    if job.error:
        return job.error
    return f"run {result['run']}" if "run" in result else ""


def _found(job: Job) -> dict[str, str]:
    names = ("run", "digest", "verdict", "report")
    return {name: str(job.result[name]) for name in names if job.result and job.result.get(name)}


def _progress(job: Job) -> str:
    return ", ".join(f"{name} {value}" for name, value in job.progress.items() if value is not None)
