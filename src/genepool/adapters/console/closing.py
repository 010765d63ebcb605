"""A line of what is done between the end of a run and its report: nobody waits in silence."""

from types import TracebackType
from typing import Self

import structlog
from rich.console import Console
from rich.status import Status

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

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def tell(self, step: str) -> None:
        """Show what is done now."""
        if self._status is not None:
            self._status.update(step)
        else:
            structlog.get_logger().info("run_closing", run=self._run, step=step, done=0, of=0)
