"""A line of what is done between the end of a run and its report: nobody waits in silence."""

from types import TracebackType
from typing import Self

import structlog
from rich.console import Console
from rich.status import Status

READING = "reading the history"
EXPLORING = "trying the champion's neighbours"
JUDGING = "judging the champion"
REPORTING = "writing the report"


class ClosingSteps:
    """A line on a terminal that changes from step to step; elsewhere one log event a step.

    Use it as a context manager, so that the line goes.

    Parameters
    ----------
    console
        The terminal.
    run
        Name of the run.
    """

    def __init__(self, console: Console, run: str) -> None:
        self._run = run
        self._status = Status("", console=console) if console.is_terminal else None
        self._step = ""

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def tell(self, step: str, done: int = 0, of: int = 0) -> None:
        """Show what is done now, and how far that is where it is known."""
        counted = f": {done:,} of {of:,} generations" if of else ""
        if self._status is not None:
            self._status.update(f"{step}{counted}")
        elif step != self._step:
            structlog.get_logger().info("run_closing", run=self._run, step=step, done=done, of=of)
        self._step = step
