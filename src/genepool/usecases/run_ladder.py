"""How far a run's champion climbs, by all that its history knows; nothing is evaluated for it."""

from collections.abc import Sequence
from typing import Protocol

from genepool.history import NullSearch, RunSpec, SealedLook, SearchedRun
from genepool.pool.commands import PROGRAM
from genepool.pool.judging import Judged
from genepool.pool.sealed import exam_question
from genepool.robustness.ladder import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    StabilityFindings,
    climb,
)
from genepool.robustness.luck import Evidence
from genepool.usecases.exam_document import exam_of_looks
from genepool.usecases.null_document import null_standing_of, other_p_values


class Looks(Protocol):
    """Looks at sealed candles, to be read."""

    def sealed_looks(self, market_digest: str) -> Sequence[SealedLook]:
        """Return all looks at a market's sealed candles, the oldest first."""
        ...


class RecordedNulls(Protocol):
    """Null searches, to be read."""

    def null_searches(self, run: str) -> list[NullSearch]:
        """Return all that are recorded of a run."""
        ...

    def searched_runs(self, market_digest: str) -> list[SearchedRun]:
        """Return the runs that searched a data set, or one that counts with it."""
        ...


class VerdictHistory(RecordedNulls, Protocol):
    """What the verdict asks of the history of runs."""

    @property
    def exams(self) -> Looks:
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
    champion = judged.champion.genome.fingerprint if judged.champion else None
    return climbed_by(spec, digest, judged.evidence, champion, stability, history, program)


def climbed_by(
    spec: RunSpec,
    digest: str | None,
    evidence: Evidence | None,
    champion: str | None,
    stability: StabilityFindings | None,
    history: VerdictHistory,
    program: str = PROGRAM,
) -> tuple[Ladder, NullStanding | None]:
    """Return the same as ``climbed``, by the evidence about a champion and its fingerprint."""
    nulls = standing_among_nulls(spec, digest, history)
    exam = exam_outcome(spec, champion, history)
    return climb(evidence, nulls, stability, exam, Commands(spec.run, program)), nulls


def standing_among_nulls(spec: RunSpec, digest: str | None, history: RecordedNulls) -> NullStanding | None:
    """Return how a run's search stands among its null searches; None where none was made."""
    mine = history.null_searches(spec.run)
    # Most runs have none: then nobody asks for those of the others.
    searched = history.searched_runs(spec.market_digest) if mine else []
    return null_standing_of(mine, digest, other_p_values(spec.run, searched))


def exam_outcome(spec: RunSpec, champion: str | None, history: VerdictHistory) -> ExamOutcome | None:
    """Return what left the sealed exam of a run's champion; None where it has not sat it.

    It goes by the bar of all attempts so far, which has risen when others looked since.
    """
    looks = history.exams.sealed_looks(spec.market_digest)
    if champion is None or not looks:
        return None
    sat = exam_of_looks(spec, exam_question(spec, champion), looks)
    return ExamOutcome(sat.stands, sat.attempt, sat.low, sat.high) if sat else None
