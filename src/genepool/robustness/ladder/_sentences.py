"""The one sentence that a person repeats: what was found, and why the climb stopped; nothing is certain."""

from genepool.backtest.notation import ratio
from genepool.robustness.checks import CheckOutcome
from genepool.robustness.ladder._rungs import STABILITY_CHECKS, answered
from genepool.robustness.ladder._seeing import Needed
from genepool.robustness.ladder._terms import (
    ExamOutcome,
    NullStanding,
    Rung,
    RungFound,
    RungState,
    StabilityFindings,
)
from genepool.robustness.luck import CONFIDENCE, Evidence
from genepool.robustness.null_test import is_rare
from genepool.robustness.verdict_words import lasting


def no_champion() -> str:
    """Say it of a run that has no champion."""
    return "No edge found: no genome was scored on both spans."


def by_luck(evidence: Evidence, nulls: NullStanding | None) -> str:
    """Say what makes luck a poor explanation of it, or that nothing does."""
    if nulls is not None and is_rare(nulls.p_corrected):
        return f"chance alone rarely finds as much (p = {nulls.p_corrected:.3g})"
    if evidence.deflated_probability >= CONFIDENCE:
        return f"it is more than the best expected of {evidence.trials:,} trials of noise"
    if nulls is not None and answered(nulls):
        return f"chance alone finds as much too often (p = {nulls.p_corrected:.3g})"
    return f"after {evidence.trials:,} trials it cannot be told from luck"


def sentence(
    stopped: RungFound | None,
    evidence: Evidence,
    nulls: NullStanding | None,
    stability: StabilityFindings | None,
    exam: ExamOutcome | None,
) -> str:
    """Say how far it came.

    Parameters
    ----------
    stopped
        The rung where it stopped; None where it passed all.
    evidence, nulls, stability, exam
        As ``climb`` is told.
    """
    luck = by_luck(evidence, nulls)
    if stopped is None:
        attempt = "" if exam is None or exam.attempt == 1 else f", at attempt {exam.attempt}"
        return f"Probably an edge: {luck}, it is stable, and it passed the sealed exam{attempt}."
    without = {
        Rung.TRADED: "No edge found: the champion took too few positions inside the folds to tell",
        Rung.PAID: f"No edge found: {_unpaid(evidence)}",
        Rung.SURVIVED: f"No edge found yet: {luck}, and null evolution was not asked",
        Rung.STABLE: f"Perhaps an edge: {luck}; whether it is stable was not asked",
        Rung.EXAMINED: f"Perhaps an edge: {luck} and it is stable; the sealed exam was not asked",
    }
    failed = {
        Rung.SURVIVED: f"No edge found: {luck}",
        Rung.STABLE: f"Perhaps an edge, but a fragile one: {luck}, yet {_fragile(stability)}",
        Rung.EXAMINED: f"No edge confirmed: {luck} and it is stable, but it did not pass the sealed exam",
    }
    told = without | failed if stopped.state is RungState.FAILED else without
    return f"{told[stopped.rung]}."


def short_verdict(sentence: str) -> str:
    """Return what a verdict says before it says why: what a table has room for."""
    return sentence.partition(":")[0].partition(", but ")[0]


def _unpaid(evidence: Evidence) -> str:
    if min(evidence.sharpe_in_sample, evidence.return_in_sample, evidence.sharpe, evidence.total_return) <= 0:
        return "the champion does not earn its costs"
    return f"the champion is no better for its risk than {evidence.holding}"


def _fragile(stability: StabilityFindings | None) -> str:
    failed = {name for name, found in stability or () if found.outcome is CheckOutcome.FAIL}
    words = [said for name, said in STABILITY_CHECKS.items() if name in failed]
    return " and ".join(words)


def needed_sentence(needed: Needed, evidence: Evidence) -> str:
    """Say what it would have taken to see an edge half of the time."""
    by_nulls = needed.by == "nulls"
    parts = [_smallest(needed, by_nulls=by_nulls)] if evidence.too_short is None else []
    if needed.years_for_one is not None and needed.years_for_one > needed.years:
        parts.append(f"a Sharpe of 1 takes {_more(needed.years_for_one, needed.years)}")
    if (
        needed.years_for_own is not None
        and needed.years_for_own > needed.years
        and evidence.too_short is None
    ):
        own = f"this champion's {ratio(evidence.sharpe)}"
        parts.append(f"{own} takes {_more(needed.years_for_own, needed.years)}")
    if not by_nulls:
        parts.append("null searches tell what this search would see")
    told = "; ".join(part for part in parts if part)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _smallest(needed: Needed, *, by_nulls: bool) -> str:
    if needed.smallest_sharpe is None:
        return ""
    who = "by its nulls, this search" if by_nulls else "deflation"
    edge = (
        f"an annual Sharpe of {ratio(needed.smallest_sharpe)}" if needed.smallest_sharpe > 0 else "any edge"
    )
    return f"{who} would see {edge} half of the time in {lasting(needed.years)} of folds"


def _more(years: float, there: float) -> str:
    return f"{lasting(years)} of folds, {lasting(years - there)} more"
