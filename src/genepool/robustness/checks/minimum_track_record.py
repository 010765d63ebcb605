"""Whether the record is long enough to believe that the Sharpe ratio is above 0."""

from genepool.robustness.checks._base import Check, CheckFinding, judged
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.luck import CONFIDENCE
from genepool.robustness.sharpe_statistics import minimum_track_record
from genepool.robustness.verdict_words import lasting


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    measures = subject.measures
    needed = minimum_track_record(subject.sharpe, 0.0, measures.skew, measures.kurtosis, CONFIDENCE)
    if needed is None:
        return judged(
            None, subject.years, "Its Sharpe ratio is not above 0, however long it trades.", passed=False
        )
    years = needed / subject.per_year
    return judged(
        years,
        subject.years,
        f"A Sharpe ratio like its own takes {lasting(years)} to be believed above 0, and the folds last "
        f"{lasting(subject.years)}.",
        passed=years <= subject.years,
    )


CHECK = Check(
    name="minimum_track_record",
    title="Minimum track record",
    question="Do the folds last long enough to believe that a Sharpe ratio like this one is above 0?",
    source="Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2)",
    formula="1 + [1 - g₃ SR + (g₄ - 1)/4 SR²] (z₀.₉₅ / (SR - SR*))² candles, SR* = 0, told in years",
    passes="when the folds last as long, in years, as the formula asks",
    blind="As the probabilistic Sharpe ratio, of which it is another reading, it knows of one trial.",
    published="An annual SR of 2 against one of 1 at 95 %: 2.73 years of daily, 2.83 of weekly, 3.24 of "
    "monthly returns; 4.99 of monthly ones with a skew of -0.72 and a kurtosis of 5.78.",
    judge=_judge,
)
