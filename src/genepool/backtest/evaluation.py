"""The result of one genome on one problem; a failure is data too."""

from dataclasses import dataclass

from genepool.genome import Genome
from genepool.market.measures import Measures


@dataclass(frozen=True, slots=True)
class Scored:
    """What a genome that could be evaluated scored.

    Parameters
    ----------
    scores
        The objective's scores on the in-sample span: what breeding strives for.
    walk_forward_scores
        The same objective on the joined walk-forward folds: what champions are chosen by.
    in_sample, walk_forward
        Measures of the two; the folds are joined in order, each started flat.
    fold_sharpes, fold_returns
        Annualised Sharpe and total return of each fold alone.
    """

    scores: tuple[float, ...]
    walk_forward_scores: tuple[float, ...]
    in_sample: Measures
    walk_forward: Measures
    fold_sharpes: tuple[float, ...]
    fold_returns: tuple[float, ...]

    @property
    def spans(self) -> dict[str, Measures]:
        """The measures by the name of their span, as people read it."""
        return {"in-sample": self.in_sample, "walk-forward": self.walk_forward}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One genome's result: either scores, or the reason why there are none.

    Parameters
    ----------
    genome
        Who was evaluated.
    scored
        The result, or None when the evaluation failed.
    error
        Why it failed in one sentence, or None.
    lost
        Whether it failed because workers were lost over it, for which their machines may be to blame:
        it stands in its run, and other runs try the genome again.
    """

    genome: Genome
    scored: Scored | None
    error: str | None = None
    lost: bool = False

    @property
    def fitness(self) -> float | None:
        """First in-sample score, which breeding strives for; None when failed."""
        return self.scored.scores[0] if self.scored else None

    @property
    def selection_score(self) -> float | None:
        """Worse of the first in-sample and the first walk-forward score: a champion must have both."""
        if self.scored is None:
            return None
        return min(self.scored.scores[0], self.scored.walk_forward_scores[0])
