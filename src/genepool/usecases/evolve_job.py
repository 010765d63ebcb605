"""A run that is asked for now and bred later, by a worker that knows no more than its job's terms."""

from collections.abc import Mapping
from typing import Any

from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSummary
from genepool.jobs import Job
from genepool.market.split import SplitRule
from genepool.usecases.document import members
from genepool.usecases.start_run import NewRun

KIND = "evolve"
# Several markets: its parts are evolutions, and it puts together what they found.
BATCH = "batch"


def terms_of(asked: NewRun) -> Mapping[str, Any]:
    """Return what is asked for as values that JSON has."""
    return members(asked)


def asked_by(terms: Mapping[str, Any], run: str) -> NewRun:
    """Return what the terms of a job ask for.

    Parameters
    ----------
    terms
        What ``terms_of`` returned, perhaps read back from JSON.
    run
        The name of the run.
    """
    return NewRun(
        **{
            **terms,
            "run": run,
            "reading": tuple(terms["reading"]),
            "strategies": tuple(terms["strategies"]),
            "split": SplitRule(**terms["split"]),
            "settings": EvolutionSettings(**terms["settings"]),
        }
    )


def run_of(job: Job) -> str:
    """Return the name of a job's run: the same at each attempt."""
    return job.asked.run or f"job-{job.id}"


def found_by(summary: RunSummary, report: str | None = None) -> Mapping[str, Any]:
    """Return what an evolution that ended has found."""
    return {
        "run": summary.spec.run,
        "digest": summary.digest,
        "symbol": summary.spec.symbol,
        "timeframe": summary.spec.timeframe,
        "generations": summary.generations,
        "evaluations": summary.evaluations,
        "best_fitness": summary.best_fitness,
        "report": report,
    }
