"""Breed a run, judge it and write its report."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.adapters.console import PlainLog
from genepool.adapters.report.write import check_folder, write_report
from genepool.adapters.store import SqlStore
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.errors import ConfigError, RunNotFound
from genepool.pool.job_worker import Attempt
from genepool.pool.planning import Plan
from genepool.pool.watchers import audience
from genepool.ports import Event, GenerationFinished, RunConcluding
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.breed_run import breed_run
from genepool.usecases.conclude_run import conclude_run
from genepool.usecases.describe_run import judged_if_possible
from genepool.usecases.evolve_job import asked_by, budgets_of, found_by, run_of
from genepool.usecases.ladder_document import ladder_document
from genepool.usecases.named_run import summary_of
from genepool.usecases.past_run import PastRun
from genepool.usecases.resume_run import OldRun, resume_run
from genepool.usecases.start_run import start_run
from genepool.usecases.verdict_document import NoVerdict, Verdict, verdict_of


def evolve(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; an attempt that was killed is resumed, and a run that is finished stays as it is."""
    settings, store = means.settings, means.store
    run = run_of(attempt.job)
    reports = settings.results
    check_folder(reports)
    path = reports / f"{run}.html"
    attempt.tell({"run": run, **attempt.job.progress})
    states = {summary.spec.run: summary.state for summary in store.summaries()}
    # A report that is there may be one of before the run got larger budgets.
    if states.get(run) == "finished" and path.exists() and not attempt.job.asked.request.get("budgets"):
        verdict, rung = _judged_again(settings, store, run)
        return found_by(summary_of(run, store), verdict, rung, str(path))
    plan = _planned(settings, store, attempt, run, known=run in states)
    watcher = audience([PlainLog(), _Telling(attempt)])
    breed = means.breeding(store, attempt.job, plan)
    if states.get(run) == "finished":
        # Killed between its end and its report: what is read again is what was recorded.
        store.reopen(run)
    bred = breed_run(plan, breed, store, watcher, attempt.stop, program())
    concluded = conclude_run(bred, store, watcher, partial(write_report, path), program=program())
    if concluded.unwritten:
        raise ConfigError(concluded.unwritten)
    document = concluded.document
    return found_by(summary_of(run, store), document.verdict, document.ladder.reached, str(path))


KIND = Kind(evolve)


def _planned(settings: Settings, store: SqlStore, attempt: Attempt, run: str, *, known: bool) -> Plan:
    source, terms = _source(settings, run), attempt.job.asked.request
    if known:
        return resume_run(OldRun(run, budgets=budgets_of(terms)), source, store, program()).plan
    if "data" not in terms:
        raise RunNotFound(f"there is no run {run} to resume: it was deleted, or never recorded")
    return start_run(asked_by(terms, run), source, store)


def _judged_again(settings: Settings, store: SqlStore, run: str) -> tuple[Verdict | NoVerdict, str | None]:
    """Judge a run whose worker was killed after it had written the report, and tell the rung reached."""
    past = PastRun(summary_of(run, store), store, _source(settings, run))
    judged, _ = judged_if_possible(past)
    if judged is None:
        return NoVerdict(), None
    ladder, _ = past.climbed(judged)
    return verdict_of(judged, ladder), ladder_document(ladder).reached


def _source(settings: Settings, run: str) -> FileCandles:
    return FileCandles(settings.home, partial(structlog.get_logger().warning, "data_doubtful", run=run))


class _Telling:
    """``Watcher`` that notes a run's progress as its job's."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def __call__(self, event: Event) -> None:
        """Note what the event changes."""
        match event:
            case GenerationFinished(spec, record):
                fitness = [one.fitness for one in record.population.individuals if one.fitness is not None]
                self._attempt.tell(
                    {
                        "run": spec.run,
                        "generation": record.population.generation + 1,
                        "generations": spec.settings.generations,
                        "best": round(max(fitness), 4) if fitness else None,
                    }
                )
            case RunConcluding(spec, step) if step is not None:
                self._attempt.tell({"run": spec.run, "step": step})
