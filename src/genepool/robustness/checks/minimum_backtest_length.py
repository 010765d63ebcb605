"""Whether there is so much data that the best of all trials is not expected to reach this by luck."""

from genepool.backtest.notation import ratio
from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.sharpe_statistics import minimum_backtest_length
from genepool.robustness.verdict_words import lasting


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    sharpe = subject.measures.sharpe
    if sharpe <= 0.0:
        return judged(
            None, subject.years, "Its Sharpe ratio is not above 0, however much data there is.", passed=False
        )
    years = minimum_backtest_length(subject.trials, sharpe)
    return judged(
        years,
        subject.years,
        f"The best of {subject.trials:,} trials of noise is expected to show its Sharpe of {ratio(sharpe)} "
        f"on less than {lasting(years)} of data, and the folds last {lasting(subject.years)}.",
        passed=years <= subject.years,
    )


CHECK = Check(
    name="minimum_backtest_length",
    title="Minimum backtest length",
    question="Do the folds last so long that so many trials of noise are not expected to show its Sharpe "
    "ratio?",
    source="Bailey, Borwein, López de Prado and Zhu (2014), Pseudo-mathematics and financial "
    "charlatanism, Notices of the AMS 61(5)",
    formula="(E[max of N] / SR)² years, SR the annual walk-forward Sharpe ratio, N the unique genomes "
    "ever tried on these candles; it is less than 2 ln N / SR²",
    passes="when the folds last as long, in years, as the formula asks",
    blind="It compares with what noise is expected to show, which noise exceeds about half of the time.",
    published="For a Sharpe ratio of 1: N = 7 takes 1.92 years, 45 take 4.998, 1,000 take 10.6, 10,000 "
    "take 14.9.",
    judge=_judge,
    counts_trials=True,
    of_a_year=True,
)
