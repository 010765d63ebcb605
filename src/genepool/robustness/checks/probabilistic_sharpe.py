"""Whether the Sharpe ratio is above 0, for the length and the shape of its returns."""

from genepool.backtest.notation import probability
from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.luck import CONFIDENCE
from genepool.robustness.sharpe_statistics import probabilistic_sharpe


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    measures = subject.measures
    found = probabilistic_sharpe(subject.sharpe, 0.0, measures.candles, measures.skew, measures.kurtosis)
    return judged(
        found,
        CONFIDENCE,
        f"Its true Sharpe ratio is above 0 with a probability of {probability(found)}, as long as nothing "
        "else was tried.",
        passed=found >= CONFIDENCE,
    )


CHECK = Check(
    name="probabilistic_sharpe",
    title="Probabilistic Sharpe",
    question="Is the walk-forward Sharpe ratio above 0, for the length and the shape of its returns?",
    source="Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2)",
    formula="Φ[(SR - 0) √(T - 1) / √(1 - g₃ SR + (g₄ - 1)/4 SR²)], SR per candle, g₄ not excess",
    passes="from a probability of 0.95 on",
    blind="It knows of one trial, so the best of many passes it on noise. It takes returns to be "
    "independent.",
    published="Monthly mean 0.036, deviation 0.079, 24 months: 0.981 as normal returns, 0.913 with a skew "
    "of -2.448 and a kurtosis of 10.164.",
    judge=_judge,
    writes=probability,
)
