"""Whether the mean return of the joined folds is above 0 by more than chance."""

import math
from statistics import NormalDist

from genepool.backtest.notation import ratio
from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.luck import CONFIDENCE

_BAR = NormalDist().inv_cdf(CONFIDENCE)


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    measures, sharpes = subject.measures, subject.scored.fold_sharpes
    statistic = subject.sharpe * math.sqrt(measures.candles)
    earning = sum(sharpe > 0.0 for sharpe in sharpes)
    return judged(
        statistic,
        _BAR,
        f"Over the joined folds its mean return has a t-statistic of {ratio(statistic)}, and {earning} of "
        f"{len(sharpes)} folds earned.",
        passed=statistic >= _BAR,
    )


CHECK = Check(
    name="walk_forward_t",
    title="Joined walk-forward t",
    question="Is the mean return of the joined walk-forward folds above 0 by more than chance?",
    source="Student (1908), The probable error of a mean, Biometrika 6(1); Pardo (2008), The evaluation "
    "and optimization of trading strategies, for walk-forward folds",
    formula="mean / (standard deviation / √T) of the returns of all candles of the folds, joined in order",
    passes="from z₀.₉₅ = 1.645 on",
    blind="The champion was chosen by these folds too, so it knows of one trial where there were many. It "
    "takes returns to be independent.",
    judge=_judge,
)
