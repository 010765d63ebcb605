"""The history of evaluations, for which no run waits."""

from collections.abc import Mapping, Sequence
from functools import partial

from genepool.adapters.journal.entries import EVALUATIONS, evaluations_body
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.intake import Intake
from genepool.backtest.evaluation import Evaluation
from genepool.ports import EvaluationHistory


class JournaledEvaluations:
    """``EvaluationHistory`` in front of one that may be away for a while.

    Parameters
    ----------
    history
        That one.
    intake
        Writes entries.
    inquiry
        Asks the history.
    """

    def __init__(self, history: EvaluationHistory, intake: Intake, inquiry: Inquiry) -> None:
        self._history = history
        self._intake = intake
        self._inquiry = inquiry

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation; they are on this machine's disk afterwards."""
        if not self._inquiry.claimed:
            self._history.remember(problem_digest, evaluations)
        elif evaluations and not self._intake.take(
            EVALUATIONS, "", evaluations_body(problem_digest, evaluations)
        ):
            self._inquiry.whole(partial(self._history.remember, problem_digest, evaluations))

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint.

        A run does not wait for them: a history that is away knows nothing.
        """
        ask = partial(self._history.evaluations, problem_digest, fingerprints)
        return self._inquiry.in_passing("evaluations", ask, {})
