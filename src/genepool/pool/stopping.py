"""Stop a run that another process breeds, or that waits for a coordinator."""

from collections.abc import Callable
from dataclasses import dataclass

from genepool.errors import ConfigError
from genepool.history import RunState, RunSummary
from genepool.ports import Clock, RunCatalogue, RunQueue

OVER: tuple[RunState, ...] = ("finished", "interrupted", "failed")
_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Stopper:
    """Asks for the end of a run and watches it come.

    Parameters
    ----------
    catalogue, queue
        All runs, and those that wait for a coordinator.
    clock
        For how long it watches.
    pause
        Waits so many seconds.
    """

    catalogue: RunCatalogue
    queue: RunQueue
    clock: Clock
    pause: Callable[[float], None]

    def ask(self, summary: RunSummary) -> None:
        """Ask for the end of a run.

        Parameters
        ----------
        summary
            Its line in the list of runs.

        Raises
        ------
        ConfigError
            When it has ended already.
        """
        if summary.state in OVER:
            raise ConfigError(f"run {summary.spec.run} has ended already: it is {summary.state}")
        self.queue.request_stop(summary.spec.run)

    def wait(self, run: str, seconds: float) -> RunSummary:
        """Return where the run stands once it has ended, or after so many seconds."""
        began = self.clock.seconds()
        while self.catalogue.state(run) not in OVER and self.clock.seconds() - began < seconds:
            self.pause(_PAUSE_SECONDS)
        # The list also knows of a process that died without a word.
        return next(summary for summary in self.catalogue.summaries() if summary.spec.run == run)
