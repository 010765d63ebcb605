"""What is done between the end of a run and its report, in a line: nobody waits in silence."""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from genepool.ports import ConcludingStep, Event, RunConcluding

STEPS: Mapping[ConcludingStep, str] = MappingProxyType(
    {
        "exploring": "trying the champion's neighbours",
        "judging": "judging the champion",
        "reporting": "writing the report",
    }
)


class ConcludingLine:
    """``Watcher`` for a terminal: a line that goes when a step is done; use it as a context manager.

    Parameters
    ----------
    console
        The terminal.
    """

    def __init__(self, console: Console) -> None:
        self._status = Status("", console=console)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status.stop()

    def __call__(self, event: Event) -> None:
        """Show what is done now."""
        match event:
            case RunConcluding(step=None):
                self._status.stop()
            case RunConcluding(step=step) if step is not None:
                self._status.start()
                self._status.update(STEPS[step])
