"""A run that is asked for now and bred later, by a worker that knows no more than its job's terms."""

from collections.abc import Mapping
from typing import Any

from genepool.errors import ConfigError
from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSummary
from genepool.jobs import Job
from genepool.market.split import SplitRule
from genepool.usecases.document import json_value, members
from genepool.usecases.start_run import NewRun
from genepool.usecases.verdict_document import NoVerdict, Verdict

KIND = "evolve"
# Several markets: its parts are evolutions, and it puts together what they found.
BATCH = "batch"
# Fields of EvolutionSettings by what users call them.
BUDGETS = {
    "generations": "generations",
    "max_evaluations": "evaluations",
    "max_minutes": "minutes",
    "plateau": "plateau",
}


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


def continuation_of(budgets: Mapping[str, float]) -> Mapping[str, Any]:
    """Return the terms of a job that resumes the recorded run which it names.

    Parameters
    ----------
    budgets
        Larger budgets: generations, max_evaluations, max_minutes, plateau; none for those of the run.
    """
    return {"budgets": dict(budgets)}


def budgets_of(terms: Mapping[str, Any]) -> Mapping[str, float | None]:
    """Return the larger budgets of a job's terms, by field of ``EvolutionSettings``.

    Raises
    ------
    ConfigError
        When one is unknown, or no positive number.
    """
    asked = terms.get("budgets", {})
    for name, value in asked.items():
        if name not in BUDGETS:
            raise ConfigError(f"there is no budget {name!r}: choose from {', '.join(BUDGETS)}")
        if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
            raise ConfigError(f"the budget {name} is {value!r}: give a number above zero")
    return {BUDGETS[name]: value for name, value in asked.items()}


def run_of(job: Job) -> str:
    """Return the name of a job's run: the same at each attempt."""
    return job.asked.run or f"job-{job.id}"


def found_by(
    summary: RunSummary,
    verdict: Verdict | NoVerdict,
    rung: str | None = None,
    report: str | None = None,
) -> Mapping[str, Any]:
    """Return what an evolution that ended has found.

    Parameters
    ----------
    summary
        The run.
    verdict, rung
        What it amounts to when its job ends, and the rung that its champion has reached.
    report
        Where its report lies.
    """
    return {
        "run": summary.spec.run,
        "digest": summary.digest,
        "symbol": summary.spec.symbol,
        "timeframe": summary.spec.timeframe,
        "synthetic": summary.spec.synthetic,
        "generations": summary.generations,
        "evaluations": summary.evaluations,
        "best_fitness": summary.best_fitness,
        "report": report,
        "champion": json_value(verdict.champion),
        "deflated_sharpe": verdict.deflated_sharpe,
        "rung": rung,
        "verdict": verdict.verdict,
    }
