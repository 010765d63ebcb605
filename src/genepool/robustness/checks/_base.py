"""What a check is: one question, where it comes from, what it asks to have traded, and its judgement."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from genepool.backtest.caveats import too_few_years
from genepool.backtest.notation import DASH, count, ratio
from genepool.objectives import MINIMUM_TRADES
from genepool.randomness import Purpose, generator
from genepool.robustness.checks._subject import Answers, Subject, Variant
from genepool.robustness.proposals import ProposingCheck

_UNKNOWN = "The genomes that it asks for were not evaluated yet: `genepool check` evaluates and counts them."
# A last bit that differs between machines is not shown.
_DIGITS = 10


class CheckOutcome(StrEnum):
    """What a check amounts to."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check found.

    Parameters
    ----------
    figure, threshold
        What was measured, and what it is compared with; None where there is no such number.
    outcome
        What it amounts to.
    sentence
        The same for people.
    made
        Whether it was made at all: not where genomes that it asks for were not evaluated.
    """

    figure: float | None
    threshold: float | None
    outcome: CheckOutcome
    sentence: str
    made: bool = True


Judge: TypeAlias = Callable[[Subject, Answers], CheckFinding]


def _no_variants(_: Subject) -> Sequence[Variant]:
    return ()


def _no_proposals(_: Subject) -> ProposingCheck[object] | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Check:
    """A robustness check.

    Parameters
    ----------
    name
        Module name, snake_case.
    title
        What tables call it.
    question
        What it asks, in one sentence.
    source
        Author, year and title of where it comes from.
    formula
        The figure, as a formula or in words.
    passes
        When it is passed, as words after "Passed".
    blind
        What it cannot see.
    published
        Numbers of the source that tests recompute; empty where there are none.
    judge
        Says what the answers amount to. It is called for a subject that ``why_not`` lets pass.
    variants
        What it wants traded again.
    proposes
        The genomes that it wants evaluated, which count as trials; None for none.
    weighs_bets
        Whether it says nothing of fewer bets than the objectives' floor, and of returns that do not vary.
    counts_trials
        Whether it knows of all trials on the data; any other check knows of one, whatever was tried.
    of_a_year
        Whether its figure is annualised, so that it says nothing of a span too short for that.
    writes
        Writes its figure and its threshold.
    """

    name: str
    title: str
    question: str
    source: str
    formula: str
    passes: str
    blind: str
    published: str = ""
    judge: Judge
    variants: Callable[[Subject], Sequence[Variant]] = _no_variants
    proposes: Callable[[Subject], ProposingCheck[object] | None] = _no_proposals
    weighs_bets: bool = True
    counts_trials: bool = False
    of_a_year: bool = False
    writes: Callable[[float | None], str] = ratio

    def why_not(self, subject: Subject) -> str:
        """Say why it says nothing of a subject, in one sentence; empty where it does."""
        if self.weighs_bets and subject.bets < MINIMUM_TRADES:
            taken = f"{count(subject.bets)} position{'s' * (subject.bets != 1)}"
            return f"It took {taken} inside the folds, and fewer than {MINIMUM_TRADES:.0f} tell too little."
        if self.weighs_bets and subject.measures.volatility == 0.0:
            return "Its returns inside the folds do not vary."
        if self.of_a_year and (reason := too_few_years(subject.years)):
            return f"No figure of a year is told of the folds: {reason}."
        return ""

    def find(self, subject: Subject, answers: Answers) -> CheckFinding:
        """Return what it amounts to, whatever the subject."""
        if reason := self.why_not(subject):
            return not_applicable(reason)
        if answers.unknown:
            return CheckFinding(None, None, CheckOutcome.NOT_APPLICABLE, _UNKNOWN, made=False)
        try:
            return self.judge(subject, answers)
        except ValueError as error:
            # A few returns can be so skewed that nothing is left to estimate an error from.
            return not_applicable(f"It cannot be computed: {error}.")


def judged(
    figure: float | None, threshold: float | None, sentence: str, *, passed: bool | np.bool_
) -> CheckFinding:
    """Return a finding that is passed or failed."""
    outcome = CheckOutcome.PASS if passed else CheckOutcome.FAIL
    return CheckFinding(_portable(figure), _portable(threshold), outcome, sentence)


def not_applicable(reason: str) -> CheckFinding:
    """Return the finding of a check that says nothing of this subject, and why."""
    return CheckFinding(None, None, CheckOutcome.NOT_APPLICABLE, reason)


def rate(value: float | None) -> str:
    """Write a p-value, or how often something is wrong, to the thousandth."""
    return DASH if value is None else f"{value:.3f}"


def whole(value: float | None) -> str:
    """Write a whole number."""
    return DASH if value is None else count(value)


def drawing(subject: Subject, check: str) -> np.random.Generator:
    """Return the generator of a check: no check's numbers depend on which others are made."""
    return generator(subject.seed, Purpose.CHECK, slot=zlib.crc32(check.encode()))


def _portable(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.{_DIGITS}g}")
