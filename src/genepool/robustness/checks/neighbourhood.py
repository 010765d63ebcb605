"""Whether a genome is a plateau or a needle."""

from genepool.backtest.notation import share
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.neighbourhood import Neighbourhood, NeighbourhoodCheck, movable

_AXES = 2
_SHARE_OF_SCORE, _BAR = 0.5, 0.5


def _proposes(subject: Subject) -> NeighbourhoodCheck | None:
    strategy = subject.problem.strategies[subject.genome.strategy]
    if len(movable(strategy)) < _AXES:
        return None
    return NeighbourhoodCheck(subject.problem, subject.genome, strategy, subject.tried)


def share_that_keeps(around: Neighbourhood) -> float | None:
    """Return the share of the neighbours that keep half of the champion's selection score.

    Returns
    -------
    float or None
        None where the champion's score is not above 0, or it has no neighbour.
    """
    scores = {(cell.column, cell.row): cell.score for cell in around.cells}
    ours = scores.pop(around.centre, None)
    if not ours or ours <= 0.0 or not scores:
        return None
    kept = sum(score is not None and score >= _SHARE_OF_SCORE * ours for score in scores.values())
    return kept / len(scores)


def _judge(_: Subject, answers: Answers) -> CheckFinding:
    around = answers.proposed
    if not isinstance(around, Neighbourhood):
        return not_applicable("Its strategy has fewer than two genes to move.")
    found = share_that_keeps(around)
    if found is None:
        return not_applicable("It has no selection score above 0 that its neighbours could keep.")
    return judged(
        found,
        _BAR,
        f"With {around.columns[0]} and {around.rows[0]} set otherwise, {share(found, 0)} of "
        f"{len(around.cells) - 1} neighbours keep half of its selection score.",
        passed=found >= _BAR,
    )


CHECK = Check(
    name="neighbourhood",
    title="Neighbourhood",
    question="Do most of its neighbours keep half of its selection score?",
    source="common practice: a plateau is trusted more than a needle; no paper fixes the shares",
    formula="share of the genomes on a map of up to 9 x 9 values of its two most telling genes whose "
    "selection score (the worse of in-sample and walk-forward score) is at least half of its own",
    passes="from 0.5 on",
    blind="Two genes of many, on the candles that it was chosen by: a plateau of noise is a plateau as "
    "well. The neighbours count as trials.",
    judge=_judge,
    writes=share,
    proposes=_proposes,
    weighs_bets=False,
)
