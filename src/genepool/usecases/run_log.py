"""What happened to a run, the newest first: its generations, and what became of the jobs about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from genepool.history import GenerationLine
from genepool.jobs import Job
from genepool.usecases.document import Document
from genepool.usecases.past_run import PastRun

_NEVER, _EVER = "", "~"
_WORDS = {
    "evolve": "to breed it",
    "report": "to write its report",
}


@dataclass(frozen=True, slots=True)
class Happening(Document):
    """One line of the log.

    Parameters
    ----------
    at
        ISO 8601 in UTC; None where it was not noted.
    generation
        Number of the generation that was recorded then; None for anything else.
    said
        What happened, in a sentence.
    """

    at: str | None
    generation: int | None
    said: str


@dataclass(frozen=True, slots=True)
class RunLogPage(Document):
    """Some lines of a run's log, the newest first.

    Parameters
    ----------
    next
        What ``before`` is for the next page; None behind the oldest line.
    """

    run: str
    lines: Sequence[Happening]
    next: int | None


def run_log(past: PastRun, jobs: Sequence[Job], before: int | None = None, count: int = 50) -> RunLogPage:
    """Return some lines of a run's log.

    Parameters
    ----------
    past
        The run.
    jobs
        Those about it.
    before
        Only generations below this number, and what happened among them; None for the newest.
    count
        How many generations at most.
    """
    total = past.summary.generations
    stop = total if before is None else min(max(0, before), total)
    first = max(0, stop - count)
    generations = past.generations(first, stop - first)
    older, newer = _NEVER, _EVER
    if first and generations:
        older = generations[0].recorded_at or _NEVER
    if stop < total:
        newer = past.generations(stop, 1)[0].recorded_at or _NEVER
    told = [line for line in _of_jobs(past, jobs) if older <= (line.at or "") < newer]
    told += [_of_generation(line) for line in generations]
    # Of one moment, the generation with the higher number is the newer one.
    told.sort(
        key=lambda line: (line.at or "", -1 if line.generation is None else line.generation), reverse=True
    )
    return RunLogPage(past.name, told, first or None)


def _of_generation(line: GenerationLine) -> Happening:
    best = "nobody scored" if line.best is None else f"best {line.best:.2f}, median {line.median:.2f}"
    return Happening(
        line.recorded_at,
        line.number,
        f"Generation {line.number} was recorded after {line.seconds:.1f} s: {best}.",
    )


def _of_jobs(past: PastRun, jobs: Sequence[Job]) -> Iterator[Happening]:
    summary = past.summary
    yield Happening(summary.started_at, None, "The run was recorded.")
    if summary.finished_at is not None:
        yield Happening(summary.finished_at, None, f"The run ended: it is {summary.state}.")
    for job in jobs:
        yield from (Happening(at, None, said) for at, said in _steps(job) if at is not None)


def _steps(job: Job) -> Iterable[tuple[str | None, str]]:
    name = f"Job {job.id}"
    yield job.submitted_at, f"{name} was queued {_WORDS.get(job.asked.kind, job.asked.kind)}."
    yield job.started_at, f"{name} was taken up by a worker."
    yield job.ended_at, f"{name} ended: it is {job.state}{f', {job.error}' if job.error else ''}."
