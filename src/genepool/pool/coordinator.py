"""The long-lived coordinator: takes runs from the queue, one after the other, until it is told to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from genepool.errors import (
    GenepoolError,
    Interrupted,
    RunFinished,
    RunNotFound,
    ServiceUnavailable,
    StoreError,
)
from genepool.ports import RunCatalogue, RunLog, RunQueue

# How soon a submitted run is taken up, and how often an absent history is asked again.
IDLE_SECONDS = 1.0
AWAY_SECONDS = 2.0


class Desk(Protocol):
    """What the coordinator does with a run."""

    def breed(self, run: str) -> None:
        """Evolve it until a budget ends it; leave one that can be resumed where ``next_run`` finds it.

        Raises
        ------
        Interrupted
            When a user asked to stop the run, or the coordinator is told to stop.
        """
        ...

    def give_up(self, run: str) -> None:
        """Record that it failed."""
        ...

    def tell(self, event: str, run: str | None, reason: str) -> None:
        """Write what happened to the log."""
        ...


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Has queued and orphaned runs bred, one after the other.

    Parameters
    ----------
    queue
        Where runs come from.
    desk
        What is done with them.
    stopping
        Tells whether the coordinator is told to stop.
    pause
        Waits so many seconds, or less when it is told to stop.
    """

    queue: RunQueue
    desk: Desk
    stopping: Callable[[], bool]
    pause: Callable[[float], object]

    def work(self) -> None:
        """Take runs until told to stop; whatever happens to one of them, the next is taken."""
        while not self.stopping():
            run = self._next()
            if run is not None:
                self._breed(run)

    def _next(self) -> str | None:
        try:
            run = self.queue.next_run()
        except Interrupted:
            return None
        except StoreError as error:
            self.desk.tell("history_away", None, str(error))
            self.pause(AWAY_SECONDS)
            return None
        if run is None:
            self.pause(IDLE_SECONDS)
        return run

    def _breed(self, run: str) -> None:
        try:
            self.desk.breed(run)
        except Interrupted as error:
            self.desk.tell("run_interrupted", run, str(error))
        except RunNotFound as error:
            # Its leftovers in a journal must not keep every other run waiting.
            self._give_up(run, str(error))
        except RunFinished as error:
            # Somebody else was faster, and its end stands.
            self.desk.tell("run_finished_already", run, str(error))
        except (StoreError, ServiceUnavailable) as error:
            # The history or the cluster, not the run: it waits where it is until they are back.
            self.desk.tell("run_put_off", run, str(error))
            self.pause(AWAY_SECONDS)
        except GenepoolError as error:
            self._give_up(run, str(error))
        except Exception as error:  # noqa: BLE001 - a fault that one run meets must not stop all others
            self._give_up(run, f"{type(error).__name__}: {error}")

    def _give_up(self, run: str, reason: str) -> None:
        self.desk.tell("run_failed", run, reason)
        try:
            self.desk.give_up(run)
        except (RunNotFound, RunFinished, Interrupted):
            return
        except StoreError as error:
            self.desk.tell("history_away", run, str(error))
            self.pause(AWAY_SECONDS)


def mark_failed(log: RunLog, catalogue: RunCatalogue, run: str) -> None:
    """Record that a run failed, unless that is recorded already; only its owner may record it.

    Parameters
    ----------
    log, catalogue
        Where its end is written, and where it says how it stands.
    run
        Which one.
    """
    # Claimed again, it would be running for a moment, and be taken up should this process die then.
    if catalogue.state(run) != "failed":
        log.claim(run)
        log.finish(run, "failed", None)
