"""How often the best of the leaderboard on half of the candles is in the worse half on the others."""

from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable, rate
from genepool.robustness.checks._subject import Answers, Subject, board_variants, distinct_returns
from genepool.robustness.overfitting import (
    BLOCKS,
    FEWEST_IN_BLOCK,
    FEWEST_TRIED,
    enough,
    halves,
    probability_of_overfitting,
)

_BAR = 0.05


def _judge(_: Subject, answers: Answers) -> CheckFinding:
    returns = distinct_returns(answers.results)
    if not enough(*returns.shape):
        return not_applicable(
            f"It takes {FEWEST_TRIED} genomes that traded differently, and {BLOCKS * FEWEST_IN_BLOCK} "
            "candles."
        )
    found = probability_of_overfitting(returns)
    return judged(
        found,
        _BAR,
        f"Over {len(halves()):,} ways to halve the candles, the best of {returns.shape[1]} genomes on "
        f"one half is in the worse half of them on the other with a probability of {rate(found)}.",
        passed=found <= _BAR,
    )


CHECK = Check(
    name="backtest_overfitting",
    title="Backtest overfitting (PBO)",
    question="Is the best of the leaderboard on one half of the candles among the better ones on the "
    "other half?",
    source="Bailey, Borwein, López de Prado and Zhu (2017), The probability of backtest overfitting, "
    "Journal of Computational Finance 20(4)",
    formula="share of the C(16, 8) = 12,870 splits of 16 blocks of candles (in-sample, then folds) in "
    "which the genome with the best Sharpe ratio on 8 blocks is at or below the median on the others",
    passes="up to a probability of 0.05",
    blind="It compares the leaderboard's genomes with each other, not with doing nothing. They were "
    "chosen on all of these candles and resemble each other; the losers of the run are not among them.",
    published="800 x 30 normal returns of seed 0: S = 8 gives 0.7143, S = 10 gives 0.6746, S = 16 gives "
    "0.6616; these have 70, 252 and 12,870 splits.",
    judge=_judge,
    writes=rate,
    variants=board_variants,
)
