"""Larger budgets for a recorded run: the one part of its rules that its user may still change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from genepool.errors import ConfigError
from genepool.history import RunSpec, RunSummary

# By field of EvolutionSettings.
BUDGET_FLAGS = {
    "generations": "--generations",
    "evaluations": "--max-evaluations",
    "minutes": "--max-minutes",
    "plateau": "--plateau",
}


def enlarged(summary: RunSummary, asked: Mapping[str, Any]) -> RunSpec:
    """Return a run's specification with larger budgets.

    Parameters
    ----------
    summary
        The run.
    asked
        New budgets by field of ``EvolutionSettings``.

    Raises
    ------
    ConfigError
        When one is smaller than the run's, or limits what the run does not.
    """
    spec = summary.spec
    for name, value in asked.items():
        _refuse_smaller(spec, name, value)
    used_up, cut_at = spec.settings.evaluations, spec.cut_at
    if used_up is not None and "evaluations" in asked and used_up != asked["evaluations"]:
        # The last generation got only what was left of the budget, as in no run that is made in one go.
        cut_at = (*cut_at, used_up) if summary.evaluations >= used_up else cut_at
    return replace(spec, settings=replace(spec.settings, **asked), cut_at=cut_at)


def describe_enlargement(before: RunSummary, after: RunSpec) -> str:
    """Return what a larger budget means for the run's digest, in one or two sentences."""
    changed = {
        flag: (old, new)
        for name, flag in BUDGET_FLAGS.items()
        if (old := getattr(before.spec.settings, name)) != (new := getattr(after.settings, name))
    }
    budgets = ", ".join(f"{flag} {new:g} instead of {old:g}" for flag, (old, new) in changed.items())
    said = f"run {after.run} continues with {budgets}"
    if before.digest is not None:
        said += f"; its digest so far, over {before.generations} generations, was {before.digest}"
    if after.cut_at != before.spec.cut_at:
        return said + (
            f". Its last generation was cut short by the {after.cut_at[-1]} evaluations, so its new digest "
            "is that of a run which was enlarged at the same place, and of none that was made in one go"
        )
    return said + ". Its new digest is the one of a run that had this budget from the start"


def _refuse_smaller(spec: RunSpec, name: str, value: float) -> None:
    flag, before = BUDGET_FLAGS[name], getattr(spec.settings, name)
    if before is None:
        raise ConfigError(
            f"{flag} {value:g} would limit run {spec.run}, which has no such limit: a run that is resumed "
            f"may get a larger budget and no smaller one, so leave {flag} out"
        )
    if not value >= before:
        raise ConfigError(
            f"{flag} {value:g} is less than the {before:g} of run {spec.run}: a run that is resumed may get "
            "a larger budget and no smaller one"
        )
