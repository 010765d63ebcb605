"""What is left of a genome when every decision comes one candle late."""

from collections.abc import Sequence

from genepool.backtest.notation import ratio
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject, Variant

_SHARE_KEPT = 0.5


def _variants(subject: Subject) -> Sequence[Variant]:
    return [Variant(subject.genome, delay=1)]


def _judge(subject: Subject, answers: Answers) -> CheckFinding:
    ours = subject.measures.sharpe
    if ours <= 0.0 or answers.first is None:
        return not_applicable("It earns nothing inside the folds that could be lost by a candle.")
    late = answers.first.measures.sharpe
    return judged(
        late,
        _SHARE_KEPT * ours,
        f"When every decision comes one candle late, its walk-forward Sharpe is {ratio(late)} instead of "
        f"{ratio(ours)}.",
        passed=late >= _SHARE_KEPT * ours,
    )


CHECK = Check(
    name="one_candle_late",
    title="One candle late",
    question="Does it keep half of its Sharpe ratio when every decision comes one candle late?",
    source="common practice; no paper fixes the share that must be left",
    formula="annual walk-forward Sharpe ratio, traded again with the exposure wanted at each close acted "
    "on one candle later; stops and targets act at once, as before",
    passes="from half of its own Sharpe ratio on",
    blind="Delays shorter than a candle, and edges that live for minutes on candles of hours.",
    judge=_judge,
    variants=_variants,
    of_a_year=True,
)
