"""Looks at the sealed candles of a market: exams, backtests by hand, and the unsealing."""

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Literal, TypeAlias

from genepool.robustness.exam import Sitting

# The last one is no attempt: it ends them.
LookKind: TypeAlias = Literal["exam", "backtest", "unsealed"]
ATTEMPTS: tuple[LookKind, ...] = ("exam", "backtest")


@dataclass(frozen=True, slots=True)
class NewLook:
    """A look at sealed candles, before it is counted.

    Parameters
    ----------
    question
        What was asked, as 64 signs: the same question again is no other look.
    what
        Its kind.
    run
        The run that sealed the candles, by its name of then.
    fingerprint
        Of the genome; empty for an unsealing.
    """

    question: str
    what: LookKind
    run: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SealedLook:
    """A look at the sealed candles of a market.

    Parameters
    ----------
    market_digest
        Of the data set.
    number
        How many attempts had been made on its market, this one included.
    question, what, run, fingerprint
        As ``NewLook``.
    at
        When it was counted, ISO 8601 in UTC.
    sitting
        What the champion of an exam showed; None of other looks, and where the process that held the exam
        ended before it was known.
    """

    market_digest: str
    number: int
    question: str
    what: LookKind
    run: str
    fingerprint: str
    at: str
    sitting: Sitting | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of all that was known when it was counted: what its entry in the ledger says."""
        return _sha256(json.dumps(astuple(self)[:-1], separators=(",", ":")))

    @property
    def outcome_digest(self) -> str:
        """SHA-256 of it with its outcome: what the entry of the outcome says."""
        return _sha256(json.dumps(astuple(self), separators=(",", ":")))


def backtest_question(market_digest: str, fingerprint: str) -> str:
    """Return what a look by a backtest asks: a genome counts once, whatever its costs and its span."""
    return question_of("backtest", market_digest, fingerprint)


def unsealing(market_digest: str) -> str:
    """Return what stands for the question of an unsealing, of which a data set has one."""
    return question_of("unsealed", market_digest)


def question_of(kind: LookKind, *asked: object) -> str:
    """Return what was asked as 64 signs."""
    return _sha256(json.dumps((kind, *asked)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
