"""A process is asked to stop what it breeds."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class StopRequest:
    """Whether somebody wants this process to stop, or the run that it breeds.

    Parameters
    ----------
    made
        True once somebody asked.
    told
        Called when that happens.
    """

    made: bool = False
    told: Callable[[], object] = lambda: None

    def __call__(self) -> bool:
        """Return whether somebody asked."""
        return self.made

    def make(self) -> None:
        """Ask; without any lock, which a signal handler could wait for forever."""
        self.made = True
        self.told()
