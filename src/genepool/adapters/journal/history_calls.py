"""How long to wait for a history that does not answer."""

from collections.abc import Callable
from typing import Literal, TypeAlias, TypeVar, get_args

from genepool.adapters.journal.carrier import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from genepool.adapters.journal.reachability import Reachability
from genepool.errors import Interrupted, StoreAway, StoreError
from genepool.ports import Clock, StoreStage, StoreTook, Watcher
from genepool.resilience.circuit_breaker import CircuitBreaker
from genepool.resilience.time_limited_call import TimeLimitedCall, attend, pause

# Longer than any healthy answer takes, shorter than what an outage may cost a run.
TRY_ONCE_SECONDS = 1.0
_GRACE_SECONDS = 5.0

# What is asked in passing.
Lane: TypeAlias = Literal["evaluations", "stop"]

T = TypeVar("T")


class HistoryCalls:
    """Asks the history from threads of its own: no time-out of a driver helps when a server is frozen.

    Parameters
    ----------
    reachability
        Told whether the history answers.
    watcher, clock
        As their names say.
    interrupted
        Tells whether the user wants to stop.
    """

    def __init__(
        self, reachability: Reachability, watcher: Watcher, clock: Clock, interrupted: Callable[[], bool]
    ) -> None:
        self._reachability = reachability
        self._watcher = watcher
        self._clock = clock
        self._interrupted = interrupted
        self._breaker = CircuitBreaker(clock, failures=1)
        # Different questions come from different threads, and none waits for the other's answer.
        self._lanes: dict[Lane, TimeLimitedCall] = {lane: TimeLimitedCall() for lane in get_args(Lane)}

    def retry_until_answered(self, ask: Callable[[], T], stage: StoreStage = "read") -> T:
        """Return the answer, however long the history is away.

        Raises
        ------
        Interrupted
            When the user wanted to stop meanwhile.
        """
        wait = FIRST_PAUSE_SECONDS
        while True:
            began = self._clock.seconds()
            try:
                answer = attend(ask, self._interrupted)
            except StoreAway as error:
                self._reachability.lost(str(error))
            else:
                self._answered(stage, began)
                return answer
            pause(wait, self._interrupted)
            wait = min(2 * wait, LONGEST_PAUSE_SECONDS)

    def try_once(self, lane: Lane, ask: Callable[[], T], unknown: T) -> T:
        """Return the answer, or what stands for none when the history is away or slow."""
        if self._reachability.away and not self._breaker.allows():
            return unknown
        began = self._clock.seconds()
        try:
            answer = self._lanes[lane].call(ask, TRY_ONCE_SECONDS)
        except (StoreAway, TimeoutError) as error:
            self._reachability.lost(str(error))
            self._breaker.failed()
            return unknown
        self._breaker.succeeded()
        self._answered("read", began)
        return answer

    @property
    def grace_seconds(self) -> float:
        """What a stop may take before it leaves the rest to the next owner of the run."""
        return _GRACE_SECONDS

    def grace(self) -> Callable[[], bool]:
        """Return what tells whether the seconds of grace have passed since now."""
        end = self._clock.seconds() + _GRACE_SECONDS
        return lambda: self._clock.seconds() >= end

    def within_grace(self, act: Callable[[], None]) -> None:
        """Act, but do not wait for it longer than the seconds of grace.

        Raises
        ------
        StoreError
            When it takes longer.
        """
        try:
            TimeLimitedCall().call(act, _GRACE_SECONDS)
        except TimeoutError as error:
            raise StoreError(f"the history did not answer within {_GRACE_SECONDS:g} s") from error

    def give_up(self) -> None:
        """Raise what ends a run when the user does not wait for the history."""
        raise Interrupted("stopped while the history was away; the journal keeps what it has not got yet")

    def _answered(self, stage: StoreStage, began: float) -> None:
        self._watcher(StoreTook(stage, self._clock.seconds() - began))
        self._reachability.answered()
