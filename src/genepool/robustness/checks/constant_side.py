"""Whether a genome is better than the better of holding and holding short."""

from genepool.backtest.notation import change, ratio
from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    ours, held = subject.measures, subject.benchmark.walk_forward
    return judged(
        ours.sharpe,
        held.sharpe,
        f"Inside the folds it had a Sharpe of {ratio(ours.sharpe)} ({change(ours.total_return)}), and "
        f"{subject.benchmark.holding} one of {ratio(held.sharpe)} ({change(held.total_return)}).",
        passed=ours.sharpe > held.sharpe,
    )


CHECK = Check(
    name="constant_side",
    title="Better than holding",
    question="Is it better than the better of holding and holding short inside the same folds?",
    source="GenePool's own rule: what takes no skill is no edge",
    formula="annual walk-forward Sharpe ratio, against the larger of those of a constant long and a "
    "constant short position with the same costs",
    passes="when its Sharpe ratio is the larger one",
    blind="Which side was better is known only afterwards, so the benchmark is somewhat too good. A "
    "strategy that holds most of the time beats it by little, and by luck.",
    judge=_judge,
    weighs_bets=False,
    of_a_year=True,
)
