"""Problems that are ready for workers: each is sent once, and stays for the next run on it."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from genepool.backtest.problem import Problem

Sent = TypeVar("Sent")
# Problems that stay while nobody asks for them.
_PROBLEMS_HELD = 8


class HeldProblems(Generic[Sent]):
    """What workers need to open a problem, by its digest.

    Parameters
    ----------
    send
        Puts a problem where workers find it, and returns what they need to find it.
    discard
        Takes one away again.
    """

    def __init__(self, send: Callable[[Problem], Sent], discard: Callable[[Sent], None]) -> None:
        self._send = send
        self._discard = discard
        self._held: OrderedDict[str, Sent] = OrderedDict()

    def __getitem__(self, digest: str) -> Sent:
        return self._held[digest]

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Send a problem unless it is there; those asked for longest ago go, if not needed."""
        digest = problem.sent_as
        if digest in self._held:
            self._held.move_to_end(digest)
            return
        self._held[digest] = self._send(problem)
        spare = [other for other in self._held if other not in needed and other != digest]
        for other in spare[: max(0, len(self._held) - _PROBLEMS_HELD)]:
            self._discard(self._held.pop(other))

    def clear(self) -> None:
        """Take all of them away."""
        while self._held:
            self._discard(self._held.popitem()[1])
