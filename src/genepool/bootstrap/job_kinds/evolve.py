"""Breed a run, judge it and write its report."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from genepool.adapters.console import PlainLog
from genepool.adapters.report.write import check_folder, write_report
from genepool.adapters.store import SqlStore
from genepool.bootstrap.job_kinds._base import Kind, Means
from genepool.errors import ConfigError
from genepool.pool.job_worker import Attempt
from genepool.pool.planning import Plan
from genepool.pool.watchers import audience
from genepool.ports import Event, GenerationFinished, RunConcluding
from genepool.program import program
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.breed_run import breed_run
from genepool.usecases.conclude_run import conclude_run
from genepool.usecases.evolve_job import asked_by, found_by, run_of
from genepool.usecases.named_run import summary_of
from genepool.usecases.resume_run import OldRun, resume_run
from genepool.usecases.start_run import start_run


def evolve(means: Means, attempt: Attempt) -> Mapping[str, Any]:
    """Do it; an attempt that was killed is resumed, and a run that is finished stays as it is."""
    settings, store = means.settings, means.store
    run = run_of(attempt.job)
    reports = settings.results
    check_folder(reports)
    path = reports / f"{run}.html"
    attempt.tell({"run": run, **attempt.job.progress})
    states = {summary.spec.run: summary.state for summary in store.summaries()}
    if states.get(run) == "finished" and path.exists():
        return found_by(summary_of(run, store), str(path))
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
    return {**found_by(summary_of(run, store), str(path)), "verdict": concluded.document.verdict.verdict}


KIND = Kind(evolve)


def _planned(settings: Settings, store: SqlStore, attempt: Attempt, run: str, *, known: bool) -> Plan:
    source = FileCandles(settings.home, partial(structlog.get_logger().warning, "data_doubtful", run=run))
    if known:
        return resume_run(OldRun(run), source, store, program()).plan
    return start_run(asked_by(attempt.job.asked.request, run), source, store)


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
