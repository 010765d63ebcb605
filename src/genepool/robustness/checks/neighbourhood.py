"""Whether a genome is a plateau or a needle."""

from genepool.backtest.notation import share
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.neighbourhood import Neighbourhood, NeighbourhoodCheck, movable

_AXES = 2
# A neighbour is near where neither gene is set further away than this many strides of the map.
NEAR = 2
_BAR = 0.5


def _proposes(subject: Subject) -> NeighbourhoodCheck | None:
    strategy = subject.problem.strategies[subject.genome.strategy]
    if len(movable(strategy)) < _AXES:
        return None
    return NeighbourhoodCheck(subject.problem, subject.genome, strategy, subject.tried)


def near_scores(around: Neighbourhood) -> list[float | None]:
    """Return the selection scores of the near neighbours, the champion's own left out."""
    column, row = around.centre
    return [
        cell.score for cell in around.cells if 0 < max(abs(cell.column - column), abs(cell.row - row)) <= NEAR
    ]


def share_above_zero(around: Neighbourhood) -> float | None:
    """Return the share of the near neighbours whose selection score is above 0.

    Returns
    -------
    float or None
        None where the champion's own is not above 0, or it has no near neighbour.
    """
    near = near_scores(around)
    ours = next((cell.score for cell in around.cells if (cell.column, cell.row) == around.centre), None)
    if not near or ours is None or ours <= 0.0:
        return None
    return sum(score is not None and score > 0.0 for score in near) / len(near)


def _judge(_: Subject, answers: Answers) -> CheckFinding:
    around = answers.proposed
    if not isinstance(around, Neighbourhood):
        return not_applicable("Its strategy has fewer than two genes to move.")
    found = share_above_zero(around)
    if found is None:
        return not_applicable("It has no selection score above 0, or no near neighbour.")
    return judged(
        found,
        _BAR,
        f"With {around.columns[0]} and {around.rows[0]} set a little otherwise, {share(found, 0)} of "
        f"{len(near_scores(around))} near neighbours have a selection score above 0.",
        passed=found >= _BAR,
    )


CHECK = Check(
    name="neighbourhood",
    title="Neighbourhood",
    question="Do most of its near neighbours still have a selection score above 0?",
    source="common practice: a plateau is trusted more than a needle; no paper fixes the shares",
    formula="share of its near neighbours whose selection score (the worse of in-sample and walk-forward "
    f"score) is above 0; near are those up to {NEAR} strides away on the map of its two most telling genes, "
    "a stride being a 24th of a gene's range",
    passes="from 0.5 on",
    blind="Two genes of many, on the candles that it was chosen by: noise has plateaus as well. The whole "
    "map, of up to 9 x 9 values, counts as trials.",
    judge=_judge,
    writes=share,
    proposes=_proposes,
    weighs_bets=False,
)
