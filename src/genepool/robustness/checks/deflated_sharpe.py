"""Whether the Sharpe ratio is above what the best of all trials shows by luck."""

from genepool.backtest.notation import probability
from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.luck import CONFIDENCE
from genepool.robustness.sharpe_statistics import deflated_sharpe


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    measures = subject.measures
    found = deflated_sharpe(
        subject.sharpe, measures.candles, subject.trials, skew=measures.skew, kurtosis=measures.kurtosis
    )
    return judged(
        found,
        CONFIDENCE,
        f"After {subject.trials:,} trials, its true Sharpe ratio is above the best of noise with a "
        f"probability of {probability(found)}.",
        passed=found >= CONFIDENCE,
    )


CHECK = Check(
    name="deflated_sharpe",
    title="Deflated Sharpe",
    question="Is the walk-forward Sharpe ratio above what the best of all trials shows by luck alone?",
    source="Bailey and López de Prado (2014), The deflated Sharpe ratio, Journal of Portfolio Management "
    "40(5)",
    formula="Φ[(SR - SR₀) √(T - 1) / √(1 - g₃ SR + (g₄ - 1)/4 SR²)], SR₀ = √V [(1 - c) Φ⁻¹(1 - 1/N) + c "
    "Φ⁻¹(1 - 1/(N e))], V = 1/T, N the unique genomes ever tried on these candles",
    passes="from a probability of 0.95 on",
    blind="It takes all trials for independent, so it misses real edges that are weak: trials of one "
    "search resemble each other.",
    published="Annual SR 2.5, T = 1,250, V = ½ a year, skew -3, kurtosis 10: N = 100 gives 0.9004, N = 46 "
    "gives 0.9505; normal returns and N = 88 give 0.9505.",
    judge=_judge,
    counts_trials=True,
    writes=probability,
)
