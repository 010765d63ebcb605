"""What leaves the room of a sealed exam: pass or fail, attempt, bar and interval, as documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genepool.backtest.notation import between
from genepool.history import ATTEMPTS, RunSpec, SealedLook
from genepool.robustness.exam import FEWEST_POSITIONS, Sitting
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class Exam(Document):
    """The sealed exam that a champion has sat.

    Parameters
    ----------
    fingerprint
        Of the champion.
    sat_at
        When, ISO 8601 in UTC.
    passed
        Whether it was above the bar of its attempt: that never changes.
    stands
        Whether it is above the bar of all attempts so far: what a verdict goes by.
    attempt, attempts
        Its number on the market, and how many there are by now.
    bar, bar_now
        The t that its attempt asked for, and that so many attempts ask for.
    low, high
        95 % interval of the annual Sharpe ratio on the sealed candles; None where it could not be told.
    sentence
        What it amounts to.
    """

    fingerprint: str
    sat_at: str
    passed: bool
    stands: bool
    attempt: int
    attempts: int
    bar: float
    bar_now: float
    low: float | None
    high: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class ListedLook(Document):
    """A look at a market's sealed candles.

    Parameters
    ----------
    attempt
        Its number; None of the unsealing, which ends them.
    what
        ``"exam"``, ``"backtest"`` by hand, or ``"unsealed"``.
    run, fingerprint, at
        The run that sealed the candles, the genome, and when.
    passed
        Of an exam, whether it was above the bar of its attempt; None of other looks, and where the process
        ended before the exam did.
    """

    attempt: int | None
    what: str
    run: str
    fingerprint: str
    at: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class MarketExams(Document):
    """All looks at a market's sealed candles.

    Parameters
    ----------
    market_digest, symbol, timeframe
        Of the data set.
    attempts
        How many count.
    unsealed_at
        Since when no exam counts; None while they do.
    looks
        The oldest first.
    """

    market_digest: str
    symbol: str
    timeframe: str
    attempts: int
    unsealed_at: str | None
    looks: Sequence[ListedLook]


def exam_of_looks(spec: RunSpec, question: str, looks: Sequence[SealedLook]) -> Exam | None:
    """Return the answer to an exam's question among the looks at its market; None without one."""
    look = next((one for one in looks if one.question == question), None)
    if look is None or look.sitting is None:
        return None
    sat, attempts = look.sitting, sum(one.what in ATTEMPTS for one in looks)
    return Exam(
        fingerprint=look.fingerprint,
        sat_at=look.at,
        passed=sat.passes(look.number),
        stands=sat.passes(max(attempts, look.number)),
        attempt=look.number,
        attempts=attempts,
        bar=sat.bar(look.number),
        bar_now=sat.bar(max(attempts, look.number)),
        low=sat.low,
        high=sat.high,
        sentence=_sentence(sat, look.number, attempts, f"{spec.symbol} {spec.timeframe}"),
    )


def market_exams(market_digest: str, symbol: str, timeframe: str, looks: Iterable[SealedLook]) -> MarketExams:
    """Return all looks at a market's sealed candles as a document."""
    found = list(looks)
    ended = next((look.at for look in found if look.what == "unsealed"), None)
    attempts = sum(look.what in ATTEMPTS for look in found)
    return MarketExams(market_digest, symbol, timeframe, attempts, ended, [_listed(look) for look in found])


def _listed(look: SealedLook) -> ListedLook:
    passed = look.sitting.passes(look.number) if look.sitting else None
    attempt = look.number if look.what in ATTEMPTS else None
    return ListedLook(attempt, look.what, look.run, look.fingerprint, look.at, passed)


def _sentence(sat: Sitting, attempt: int, attempts: int, market: str) -> str:
    if sat.low is None or sat.high is None:
        return (
            f"It did not pass attempt {attempt} on {market}: it earned nothing there that could be measured."
        )
    if not sat.tells:
        return (
            f"It did not pass attempt {attempt} on {market}: it took fewer than {FEWEST_POSITIONS} positions "
            "there, too few to be told from chance."
        )
    shown = f"an annual Sharpe ratio within {between(sat.low, sat.high)} on candles that its run never saw"
    if not sat.passes(attempt):
        why = "it lost there" if sat.t is not None and sat.t < 0.0 else "chance earns as much too often"
        return f"It failed attempt {attempt} on {market}, with {shown}: {why}."
    if not sat.passes(attempts):
        return (
            f"It passed attempt {attempt} on {market}, with {shown}, but the bar has risen since: among "
            f"{attempts} attempts chance earns as much too often."
        )
    return f"It passed attempt {attempt} on {market}, with {shown}: chance alone rarely earns as much."
