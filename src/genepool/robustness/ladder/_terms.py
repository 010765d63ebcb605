"""What the ladder is made of, and what it is told."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeAlias

from genepool.robustness.checks import CheckFinding
from genepool.robustness.ladder._seeing import Needed

# What each of the checks that ask for stability found, by name; the check itself may not have been made.
StabilityFindings: TypeAlias = Sequence[tuple[str, CheckFinding]]


class Rung(Enum):
    """What a champion is asked, lowest first; the value is what people call it."""

    TRADED = "traded enough"
    PAID = "beats its costs and the better constant side"
    SURVIVED = "survives deflation or null evolution"
    STABLE = "stable neighbourhood, costs and delay"
    EXAMINED = "passed the sealed exam"

    @property
    def height(self) -> int:
        """Its place, 1 for the lowest."""
        return list(Rung).index(self) + 1


class RungState(StrEnum):
    """What a rung amounts to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class RungFound:
    """A rung as a champion found it.

    Parameters
    ----------
    rung, state
        Which one, and what it amounts to.
    sentence
        Why; of a rung that was not asked, what asks it.
    """

    rung: Rung
    state: RungState
    sentence: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far a champion climbs.

    Parameters
    ----------
    rungs
        All five, the lowest first. One above the rung where it stopped is told as it stands, and does not
        count.
    reached
        The last of those that are passed in a row; None where the first is not.
    sentence
        What it amounts to, in one sentence that a person can repeat.
    needed
        What it would have taken to see an edge; None for a champion that luck hardly explains.
    needed_sentence
        The same for people; empty where there is nothing to say.
    """

    rungs: Sequence[RungFound]
    reached: Rung | None
    sentence: str
    needed: Needed | None = None
    needed_sentence: str = ""

    @property
    def height(self) -> int:
        """How many rungs are passed in a row."""
        return self.reached.height if self.reached else 0


@dataclass(frozen=True, slots=True)
class NullStanding:
    """How a search stands among the same search on markets without an edge.

    Parameters
    ----------
    count
        Null searches.
    reached
        Those that found as much.
    p_value, p_corrected
        (1 + reached) / (1 + count), and the same corrected for all searches of these candles.
    smallest_p
        Smallest p-value that so many nulls can give, before it is corrected.
    searches
        Runs that searched these candles, this one included.
    sharpes
        Walk-forward Sharpe ratio of each null search's champion; None for one that scored no genome.
    compared
        What is compared, in words.
    figure, figures
        The run's own, and those of the nulls.
    sentence
        What null evolution amounts to, for people.
    """

    count: int
    reached: int
    p_value: float
    p_corrected: float
    smallest_p: float
    searches: int = 1
    sharpes: Sequence[float | None] = ()
    compared: str = ""
    figure: float | None = None
    figures: Sequence[float | None] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ExamOutcome:
    """What left the sealed exam.

    Parameters
    ----------
    passed
        Whether the champion passed.
    attempt
        Which attempt on this market it was, from 1 on.
    low, high
        Interval of the annual Sharpe ratio on the sealed candles; None where it could not be told.
    """

    passed: bool
    attempt: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Commands:
    """What a user types to ask the rungs of a run that were not asked.

    Parameters
    ----------
    run
        Name of the run.
    program
        How the user calls the program.
    """

    run: str = "RUN"
    program: str = "genepool"

    def nulls(self, count: int) -> str:
        """Return the command that makes so many null searches."""
        return f"`{self.program} nulls {shlex.quote(self.run)} --count {count}`"

    @property
    def check(self) -> str:
        """The command that makes the checks."""
        return f"`{self.program} check {shlex.quote(self.run)}`"

    @property
    def exam(self) -> str:
        """The command that spends the sealed exam."""
        return f"`{self.program} exam {shlex.quote(self.run)}`"
