"""A backtest by hand counts as a trial, and where it traded sealed candles as an attempt at their exam."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from genepool.errors import GenepoolError
from genepool.history import ATTEMPTS, NewLook, RunSpec, backtest_question
from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.pool.run_stamps import run_stamps
from genepool.ports import ExamBook, OutsideTrialsLog
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket
from genepool.usecases.traded_genome import GenomeBacktest


class CountingHistory(Protocol):
    """Where backtests are counted."""

    @property
    def ledger_book(self) -> OutsideTrialsLog:
        """The ledger of trials."""
        ...

    @property
    def exams(self) -> ExamBook:
        """The looks at sealed candles."""
        ...


def count_backtest(
    fingerprint: str, candles: Candles, traded: tuple[int, int], history: CountingHistory
) -> str:
    """Count a genome that a user backtested, before its result is shown.

    Parameters
    ----------
    fingerprint
        Of the genome.
    candles
        The whole data set, of which it may have traded a part.
    traded
        Stamps of the first and the last candle that it traded.
    history
        Where it counts.

    Returns
    -------
    str
        What the user is to know of sealed candles that it traded, in one sentence; empty where none were.
    """
    market = known_market(candles)
    history.ledger_book.note_backtest(market, fingerprint)
    sealed = [
        (spec, stamps.first_sealed)
        for spec in history.exams.sealing_runs(market.digest, market.marks)
        if (stamps := run_stamps(spec, candles)).sealed_overlap(*traded)
    ]
    if not sealed:
        return ""
    # Without the candles from the earliest of them on, nothing sealed is traded.
    spec, first = min(sealed, key=lambda found: found[1])
    return _counted(fingerprint, market, spec, first, history.exams)


def counted_by_hand(
    answer: GenomeBacktest, candles: Candles, opened: Callable[[], AbstractContextManager[CountingHistory]]
) -> str:
    """Count a backtest; a history that cannot be written keeps nobody from the result.

    Parameters
    ----------
    answer
        What the genome did; nobody has seen it yet.
    candles
        As ``count_backtest``.
    opened
        Opens the history for as long as its context lasts.

    Returns
    -------
    str
        As ``count_backtest``, or why it was not counted.
    """
    stamps = answer.result.stamps
    traded = int(stamps[0]), int(stamps[-1])
    try:
        with opened() as history:
            return count_backtest(answer.genome.fingerprint, candles, traded, history)
    except GenepoolError as error:
        return f"not counted as a trial, since {error}"


def _counted(fingerprint: str, market: KnownMarket, spec: RunSpec, first: int, exams: ExamBook) -> str:
    looks = exams.sealed_looks(market.digest, market.marks)
    own = (look for look in looks if look.fingerprint == fingerprint and look.what in ATTEMPTS)
    new = NewLook(backtest_question(market.digest, fingerprint), "backtest", spec.run, fingerprint)
    look = next(own, None) or exams.note_look(market.digest, new, market.marks)
    if look.what == "unsealed":
        return ""
    return (
        f"run {spec.run} sealed the candles from {timestamp(first)} on: this look at them counts as attempt "
        f"{look.number} at the exam of {spec.symbol} {spec.timeframe}, and raises its bar; "
        f"--stop {timestamp(first)} leaves them out"
    )
