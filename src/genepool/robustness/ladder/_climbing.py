"""A champion climbs the ladder."""

from collections.abc import Sequence
from itertools import takewhile

from genepool.robustness.ladder import _rungs, _sentences
from genepool.robustness.ladder._seeing import Needed, needed_by_deflation, needed_by_nulls
from genepool.robustness.ladder._terms import (
    Commands,
    ExamOutcome,
    Ladder,
    NullStanding,
    Rung,
    RungFound,
    RungState,
    StabilityFindings,
)
from genepool.robustness.luck import Evidence

_WITHOUT_AN_EDGE = (None, Rung.TRADED, Rung.PAID)
_FOR_NOBODY = Commands()


def climb(
    evidence: Evidence | None,
    nulls: NullStanding | None = None,
    stability: StabilityFindings | None = None,
    exam: ExamOutcome | None = None,
    commands: Commands = _FOR_NOBODY,
) -> Ladder:
    """Return how far a champion climbs; it is told what is known, and asks nothing.

    Parameters
    ----------
    evidence
        What is known of the champion; None without one.
    nulls
        How its search stands among null searches; None where none was made.
    stability
        What the checks of the fourth rung found, by name; None where none was made.
    exam
        What left the sealed exam; None where it was not spent.
    commands
        What a user types to ask what was not asked.
    """
    if evidence is None:
        rungs = [_rungs.nobody(), *(_rungs.unasked(rung) for rung in list(Rung)[1:])]
        return Ladder(tuple(rungs), None, _sentences.no_champion())
    rungs = [
        _rungs.traded(evidence),
        _rungs.paid(evidence),
        _rungs.survived(evidence, nulls, commands),
        _rungs.stable(stability, commands),
        _rungs.examined(exam, commands),
    ]
    reached = _reached(rungs)
    stopped = next((one for one in rungs if one.state is not RungState.PASSED), None)
    sentence = _sentences.sentence(stopped, evidence, nulls, stability, exam)
    needed = _needed(evidence, nulls) if reached in _WITHOUT_AN_EDGE else None
    told = _sentences.needed_sentence(needed, evidence) if needed else ""
    return Ladder(tuple(rungs), reached, sentence, needed, told)


def _reached(rungs: Sequence[RungFound]) -> Rung | None:
    passed = list(takewhile(lambda one: one.state is RungState.PASSED, rungs))
    return passed[-1].rung if passed else None


def _needed(evidence: Evidence, nulls: NullStanding | None) -> Needed:
    by_nulls = needed_by_nulls(evidence, nulls.sharpes, nulls.searches) if nulls else None
    if by_nulls is None or by_nulls.smallest_sharpe is None:
        return needed_by_deflation(evidence)
    return by_nulls
