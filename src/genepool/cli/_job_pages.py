"""Jobs as people read them in a terminal."""

import json
import math
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.jobs import ENDED, Job, JobState
from genepool.usecases.market_batch import BatchPart, MarketBatch

_DIGITS = 8

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


def parts_table(batch: MarketBatch) -> Table:
    """Return what the parts of a batch found, the best first."""
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("market", overflow="fold")
    table.add_column("run", overflow="fold")
    for name in ("gener-\nations", "evalu-\nations", "in-sample\nbest", "deflated\nSharpe"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("rung", no_wrap=True)
    table.add_column("verdict", min_width=len("verdict"), overflow="fold")
    table.add_column("digest", no_wrap=True)
    for part in sorted(batch.parts, key=_by_best):
        table.add_row(
            f"{part.symbol} {part.timeframe}" if part.symbol else part.data,
            part.run,
            "" if part.generations is None else str(part.generations),
            "" if part.evaluations is None else f"{part.evaluations:,}",
            "" if part.best_fitness is None else f"{part.best_fitness:.2f}",
            "" if part.deflated_sharpe is None else f"{part.deflated_sharpe:.2f}",
            _rung(part),
            _verdict(part),
            (part.digest or "")[:_DIGITS],
        )
    return table


def _rung(part: BatchPart) -> str:
    return (part.rung or "none") if part.verdict else ""


def _verdict(part: BatchPart) -> Text:
    if part.state != "done":
        return Text(f"{part.state}: {part.error}" if part.error else part.state, _COLOURS[part.state])
    return Text(part.verdict or "")


def _by_best(part: BatchPart) -> float:
    return math.inf if part.best_fitness is None else -part.best_fitness


def _about(job: Job) -> str:
    request = job.asked.request
    said = (request.get(name) for name in ("run", "data", "called", "symbol"))
    about = next(filter(None, said), "")
    return job.asked.run or (", ".join(about) if isinstance(about, list) else str(about))


def _outcome(job: Job) -> str:
    result = job.result or {}
    if job.error:
        return job.error
    if "run" not in result:
        return ""
    told = "rung" in result and result.get("verdict")
    return f"run {result['run']}" + (f", rung {result['rung'] or 'none'}: {told}" if told else "")


def _found(job: Job) -> dict[str, str]:
    result = job.result or {}
    names = ("run", "digest", *(("rung", "verdict") if "rung" in result else ()), "report")
    return {name: str(result[name]) for name in names if result.get(name)}


def _progress(job: Job) -> str:
    return ", ".join(f"{name} {value}" for name, value in job.progress.items() if value is not None)
