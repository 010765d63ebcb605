"""When to say that no worker answers: those of a healthy cluster take seconds to start."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

GRACE_SECONDS = 30.0

Word: TypeAlias = Literal["missing", "back"]


@dataclass
class Absence:
    """Says once that no worker has answered for a while, and once that one does.

    Parameters
    ----------
    grace
        Seconds without a worker before it is said.
    """

    grace: float = GRACE_SECONDS
    _since: float | None = field(default=None, init=False)
    _said: bool = field(default=False, init=False)

    def look(self, now: float, *, anybody: bool) -> Word | None:
        """Return what there is to say about whether any worker is there now, if anything."""
        if anybody:
            word: Word | None = "back" if self._said else None
            self._since, self._said = None, False
            return word
        self._since = now if self._since is None else self._since
        if self._said or now - self._since < self.grace:
            return None
        self._said = True
        return "missing"
