"""How far a run's champion climbs, by all that its history knows; nothing is evaluated for it."""

from typing import Protocol

from genepool.history import RunSpec
from genepool.pool.commands import PROGRAM
from genepool.pool.judging import Judged
from genepool.pool.sealed import exam_question
from genepool.ports import ExamBook, NullSearches
from genepool.robustness.ladder import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    StabilityFindings,
    climb,
)
from genepool.usecases.exam_document import exam_of_looks
from genepool.usecases.null_document import null_standing_of, other_p_values


class VerdictHistory(NullSearches, Protocol):
    """What the verdict asks of the history of runs."""

    @property
    def exams(self) -> ExamBook:
        """Looks at sealed candles."""
        ...


def climbed(
    spec: RunSpec,
    digest: str | None,
    judged: Judged,
    stability: StabilityFindings | None,
    history: VerdictHistory,
    program: str = PROGRAM,
) -> tuple[Ladder, NullStanding | None]:
    """Return how far a run's champion climbs, and how its search stands among its null searches.

    Parameters
    ----------
    spec, digest
        The run; nulls of what it was before it was continued say nothing.
    judged
        What it amounts to.
    stability
        What the checks of the fourth rung found; None where none was made.
    history
        Knows its null searches, and its champion's exam.
    program
        How the user calls the program.
    """
    nulls = standing_among_nulls(spec, digest, history)
    exam = exam_outcome(spec, judged, history)
    return climb(judged.evidence, nulls, stability, exam, Commands(spec.run, program)), nulls


def standing_among_nulls(spec: RunSpec, digest: str | None, history: NullSearches) -> NullStanding | None:
    """Return how a run's search stands among its null searches; None where none was made."""
    mine = history.null_searches(spec.run)
    # Most runs have none: then nobody asks for those of the others.
    searched = history.searched_runs(spec.market_digest) if mine else []
    return null_standing_of(mine, digest, other_p_values(spec.run, searched))


def exam_outcome(spec: RunSpec, judged: Judged, history: VerdictHistory) -> ExamOutcome | None:
    """Return what left the sealed exam of a run's champion; None where it has not sat it.

    It goes by the bar of all attempts so far, which has risen when others looked since.
    """
    champion, looks = judged.champion, history.exams.sealed_looks(spec.market_digest)
    if champion is None or not looks:
        return None
    sat = exam_of_looks(spec, exam_question(spec, champion.genome.fingerprint), looks)
    return ExamOutcome(sat.stands, sat.attempt, sat.low, sat.high) if sat else None
