"""The verdict as a document: five rungs, the one reached, and one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.robustness.ladder import Ladder, Needed
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class RungDocument(Document):
    """A rung: its name, what people call it, what it amounts to (passed, failed or not asked), and why."""

    rung: str
    title: str
    state: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NeededDocument(Document):
    """What it would have taken to see an edge half of the time.

    Parameters
    ----------
    by
        ``nulls`` or ``deflation``: what would have seen it.
    smallest_sharpe
        Smallest annual Sharpe ratio that is seen half of the time.
    years, years_for_one, years_for_own
        Length of the walk-forward folds, and the lengths after which an annual Sharpe ratio of 1, and the
        champion's own, are seen half of the time.
    sentence
        The same for people.
    """

    by: str
    smallest_sharpe: float | None
    years: float
    years_for_one: float | None
    years_for_own: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class LadderDocument(Document):
    """How far a champion climbs.

    Parameters
    ----------
    sentence
        What it amounts to.
    reached, height
        Name of the last rung that is passed in a row and its place from 1; None and 0 where there is none.
    rungs
        All five, the lowest first.
    needed
        What it would have taken to see an edge; None for a champion that luck hardly explains, and without
        a champion.
    """

    sentence: str
    reached: str | None
    height: int
    rungs: Sequence[RungDocument]
    needed: NeededDocument | None


def ladder_document(ladder: Ladder) -> LadderDocument:
    """Return a ladder as a document."""
    needed = ladder.needed
    return LadderDocument(
        sentence=ladder.sentence,
        reached=ladder.reached.name.lower() if ladder.reached else None,
        height=ladder.height,
        rungs=[
            RungDocument(one.rung.name.lower(), one.rung.value, one.state.value, one.sentence)
            for one in ladder.rungs
        ],
        needed=_needed(needed, ladder.needed_sentence) if needed else None,
    )


def _needed(needed: Needed, sentence: str) -> NeededDocument:
    return NeededDocument(
        needed.by,
        needed.smallest_sharpe,
        needed.years,
        needed.years_for_one,
        needed.years_for_own,
        sentence,
    )
