"""How much of a result hangs on which of stop and target came first inside a candle."""

from genepool.backtest.notation import change, share
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject

_SHARE = 0.5


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    genes, measures = subject.genome.values, subject.measures
    if not genes.get("atr_stop") or not genes.get("atr_target"):
        return not_applicable("It has no stop and target that could both lie inside one candle.")
    bar = _SHARE * abs(measures.total_return)
    return judged(
        measures.ambiguity_gap,
        bar,
        f"Where stop and target share a candle the worse is assumed; the better would add "
        f"{share(measures.ambiguity_gap, 2)} to its walk-forward return of {change(measures.total_return)}.",
        passed=measures.ambiguity_gap <= bar,
    )


CHECK = Check(
    name="ambiguity_gap",
    title="Ambiguity gap",
    question="Does little hang on which of stop and target came first where both lie inside one candle?",
    source="GenePool's simulator (docs/execution.md): each backtest is made twice, with the stop first "
    "and with the target first",
    formula="total return with the target first - total return with the stop first, inside the folds",
    passes="up to half of the walk-forward return's size",
    blind="Paths inside a candle that touch neither. What is shown elsewhere is the worse of both, so a "
    "gap alone makes no result too good.",
    judge=_judge,
    writes=share,
)
