"""Questions to the history, asked in the way that suits what this process is doing."""

from collections.abc import Callable
from typing import TypeVar

from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.history_calls import HistoryCalls, Lane
from genepool.adapters.journal.reachability import Reachability
from genepool.resilience.time_limited_call import attend

T = TypeVar("T")


class Inquiry:
    """Asks plainly while this process owns no run, and waits out an outage while it does.

    Parameters
    ----------
    carrier
        Carries the journal to the history.
    reachability
        Knows whether the history answers.
    calls
        How long to wait for it.
    interrupted
        Tells whether the user wants to stop.

    Attributes
    ----------
    claimed
        Runs that this process owns: what it writes of them goes to the journal.
    """

    def __init__(
        self,
        carrier: Carrier,
        reachability: Reachability,
        calls: HistoryCalls,
        interrupted: Callable[[], bool],
    ) -> None:
        self.claimed: set[str] = set()
        self._carrier = carrier
        self._reachability = reachability
        self._calls = calls
        self._interrupted = interrupted

    def attended(self, ask: Callable[[], T]) -> T:
        """Ask once, and stop waiting when the user wants to stop."""
        return attend(ask, self._interrupted)

    def whole(self, ask: Callable[[], T]) -> T:
        """Ask when everything is in the history, however long that takes."""
        if not self.claimed:
            return self.attended(ask)
        self.settle()
        return self._calls.retry_until_answered(ask)

    def in_passing(self, lane: Lane, ask: Callable[[], T], unknown: T) -> T:
        """Ask, but have no run wait: while the history is away or slow the answer is ``unknown``."""
        if not self.claimed:
            return ask()
        # The thread will say when the history is back; until then nobody waits to find out.
        waiting = self._reachability.away and not self._carrier.empty
        return unknown if waiting or self._carrier.stalled else self._calls.try_once(lane, ask, unknown)

    def settle(self) -> None:
        """Wait until everything is in the history.

        Raises
        ------
        Interrupted
            When the user wanted to stop meanwhile.
        StoreError
            When the history refused something.
        """
        self._carrier.wait(self._interrupted)
        self.check()
        if not self._carrier.empty:
            self._calls.give_up()

    def check(self) -> None:
        """Raise why the history refused what it was given, if it did."""
        if self._carrier.failure is not None:
            raise self._carrier.failure
