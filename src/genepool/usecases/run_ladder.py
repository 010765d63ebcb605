"""How far a run's champion climbs, by all that its history knows; nothing is evaluated for it."""

from genepool.history import RunSpec
from genepool.pool.commands import PROGRAM
from genepool.pool.judging import Judged
from genepool.ports import NullSearches
from genepool.robustness.ladder import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    StabilityFindings,
    climb,
)
from genepool.usecases.null_document import null_standing_of, other_p_values


def climbed(
    spec: RunSpec,
    digest: str | None,
    judged: Judged,
    stability: StabilityFindings | None,
    history: NullSearches,
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
        Knows its null searches.
    program
        How the user calls the program.
    """
    nulls = standing_among_nulls(spec, digest, history)
    exam: ExamOutcome | None = None
    return climb(judged.evidence, nulls, stability, exam, Commands(spec.run, program)), nulls


def standing_among_nulls(spec: RunSpec, digest: str | None, history: NullSearches) -> NullStanding | None:
    """Return how a run's search stands among its null searches; None where none was made."""
    mine = history.null_searches(spec.run)
    # Most runs have none: then nobody asks for those of the others.
    searched = history.searched_runs(spec.market_digest) if mine else []
    return null_standing_of(mine, digest, other_p_values(spec.run, searched))
