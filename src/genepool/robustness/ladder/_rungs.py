"""Each rung, asked: what it amounts to, and why."""

from collections.abc import Sequence

from genepool.backtest.notation import between, change, probability, ratio
from genepool.objectives import MINIMUM_TRADES
from genepool.robustness.checks import CheckOutcome
from genepool.robustness.ladder._terms import (
    Commands,
    ExamOutcome,
    NullStanding,
    Rung,
    RungFound,
    RungState,
    StabilityFindings,
)
from genepool.robustness.luck import CONFIDENCE, Evidence
from genepool.robustness.null_test import ERROR, is_rare
from genepool.robustness.verdict_words import earned

# What the fourth rung asks, and how its sentence says that it failed.
STABILITY_CHECKS = {
    "neighbourhood": "most of its near neighbours do not score above 0",
    "cost_stress": "it does not bear doubled costs",
    "one_candle_late": "it does not bear a delay of one candle",
}
# Fewest nulls of which none as good is rare, for one search of the candles.
FEWEST_NULLS = round(1 / ERROR) - 1


def traded(evidence: Evidence) -> RungFound:
    """Tell whether it took enough positions inside the folds."""
    bets = evidence.trades if evidence.bets is None else evidence.bets
    taken = f"{bets:,.0f} position{'s' * (bets != 1)} inside the folds"
    if bets >= MINIMUM_TRADES:
        return _passed(Rung.TRADED, f"It took {taken}; {MINIMUM_TRADES:.0f} are asked.")
    return _failed(Rung.TRADED, f"It took {taken}, and fewer than {MINIMUM_TRADES:.0f} tell too little.")


def paid(evidence: Evidence) -> RungFound:
    """Tell whether it earns after costs, and more for its risk than the better constant side."""
    made = _made(evidence)
    if evidence.sharpe_in_sample <= 0.0 or evidence.return_in_sample <= 0.0:
        where = "on the candles that it was bred on"
        return _failed(Rung.PAID, f"After costs it {earned(evidence.return_in_sample)} {where}.")
    if evidence.sharpe <= 0.0 or evidence.total_return <= 0.0:
        return _failed(Rung.PAID, f"After costs it did not earn inside the folds: {made}.")
    held = _figures(evidence, evidence.hold_sharpe, evidence.hold_return)
    compared = f"{made} inside the folds, {held} by {evidence.holding}"
    if evidence.sharpe <= evidence.hold_sharpe:
        return _failed(Rung.PAID, f"It makes no more for its risk than a constant position: {compared}.")
    return _passed(Rung.PAID, f"After costs it makes more for its risk than a constant position: {compared}.")


def survived(evidence: Evidence, nulls: NullStanding | None, commands: Commands) -> RungFound:
    """Tell whether luck hardly explains it, by deflation or by null evolution."""
    said = f"{_deflation(evidence)}; {_null_evolution(nulls, commands)}."
    if _deflated(evidence) or (nulls is not None and is_rare(nulls.p_corrected)):
        return _passed(Rung.SURVIVED, said)
    return _failed(Rung.SURVIVED, said) if answered(nulls) else _not_asked(Rung.SURVIVED, said)


def stable(findings: StabilityFindings | None, commands: Commands) -> RungFound:
    """Tell whether it bears other genes, dearer costs and a delay; one check at least must apply."""
    found = dict(findings or ())
    missing = [name for name in STABILITY_CHECKS if name not in found or not found[name].made]
    failed = [name for name in STABILITY_CHECKS if name in found and found[name].outcome is CheckOutcome.FAIL]
    passed = [name for name in STABILITY_CHECKS if name in found and found[name].outcome is CheckOutcome.PASS]
    if failed:
        return _failed(Rung.STABLE, " ".join(found[name].sentence for name in failed))
    if missing:
        who = "check {} was" if len(missing) == 1 else "checks {} were"
        return _not_asked(Rung.STABLE, f"The {who.format(_listed(missing))} not made: {commands.check}.")
    if not passed:
        first = found[next(iter(STABILITY_CHECKS))].sentence
        return _not_asked(Rung.STABLE, f"No check applies to it: {first}")
    silent = [name for name in STABILITY_CHECKS if name not in passed]
    aside = f"; {_listed(silent)} not applicable" if silent else ""
    return _passed(Rung.STABLE, f"It passed the checks {_listed(passed)}{aside}.")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))


def examined(exam: ExamOutcome | None, commands: Commands) -> RungFound:
    """Tell whether it passed the sealed exam."""
    if exam is None:
        return _not_asked(Rung.EXAMINED, f"The sealed candles were not asked: {commands.exam}.")
    annual = f"{_interval(exam)} on the sealed candles, attempt {exam.attempt}"
    if exam.passed:
        return _passed(Rung.EXAMINED, f"It passed: {annual}.")
    return _failed(Rung.EXAMINED, f"It did not pass: {annual}.")


def _interval(exam: ExamOutcome) -> str:
    if exam.low is None or exam.high is None:
        return "it earned nothing that could be measured"
    return f"annual Sharpe {between(exam.low, exam.high)}"


def unasked(rung: Rung) -> RungFound:
    """Return a rung that nobody stands before."""
    return _not_asked(rung, "There is no champion.")


def nobody() -> RungFound:
    """Return the first rung of a run without a champion."""
    return _failed(Rung.TRADED, "No genome was scored on both spans.")


def answered(nulls: NullStanding | None) -> bool:
    """Tell whether null evolution says anything: not where so few nulls could not make a figure rare."""
    return nulls is not None and (nulls.reached > 0 or is_rare(nulls.searches * nulls.smallest_p))


def _made(evidence: Evidence) -> str:
    return _figures(evidence, evidence.sharpe, evidence.total_return)


def _figures(evidence: Evidence, sharpe: float, total: float) -> str:
    """Write what was made; of folds too short for a year without a Sharpe ratio."""
    return change(total) if evidence.too_short else f"Sharpe {ratio(sharpe)} ({change(total)})"


def _deflated(evidence: Evidence) -> bool:
    return evidence.deflated_probability >= CONFIDENCE


def _deflation(evidence: Evidence) -> str:
    found = probability(evidence.deflated_probability)
    return f"Deflated probability {found} after {evidence.trials:,} trials ({CONFIDENCE:g} asked)"


def _null_evolution(nulls: NullStanding | None, commands: Commands) -> str:
    if nulls is None:
        return f"null evolution was not asked: {commands.nulls(FEWEST_NULLS)}"
    if not answered(nulls):
        enough = round(nulls.searches / ERROR) - 1
        return (
            f"null evolution: {nulls.count} null{'s' * (nulls.count != 1)} are too few to tell, "
            f"{commands.nulls(enough)}"
        )
    corrected = f", corrected for {nulls.searches} searches" if nulls.searches > 1 else ""
    return f"p = {nulls.p_corrected:.3g} of {nulls.count} nulls{corrected} ({ERROR:g} asked)"


def _passed(rung: Rung, sentence: str) -> RungFound:
    return RungFound(rung, RungState.PASSED, sentence)


def _failed(rung: Rung, sentence: str) -> RungFound:
    return RungFound(rung, RungState.FAILED, sentence)


def _not_asked(rung: Rung, sentence: str) -> RungFound:
    return RungFound(rung, RungState.NOT_ASKED, sentence)
