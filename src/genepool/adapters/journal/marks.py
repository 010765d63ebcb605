"""The mark at the head of a journal: how far it was acknowledged, so that what is missing is missed.

It stands in two places that are written in turn: a mark torn by a power cut leaves the other one.
"""

import hashlib
import struct
from dataclasses import dataclass

# First the name and version of the format, then the two marks, each in a sector of its own.
PROLOGUE = b"GENEPOOL-JOURNAL-1\n"
PLACES = (512, 1_024)
FIRST_FRAME = 1_536

_FIELDS = struct.Struct("<QQQ")
_SUM_BYTES = 16
SIZE = _FIELDS.size + _SUM_BYTES


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the journal has come.

    Parameters
    ----------
    turn
        Number of the mark; the higher of two is the newer.
    end
        Offset behind the last acknowledged entry.
    carried
        Offset behind the last entry that is known to be in the history.
    """

    turn: int
    end: int
    carried: int

    @property
    def place(self) -> int:
        """Offset at which it stands."""
        return PLACES[self.turn % len(PLACES)]

    def written(self) -> bytes:
        """Return its bytes."""
        fields = _FIELDS.pack(self.turn, self.end, self.carried)
        return fields + hashlib.sha256(fields).digest()[:_SUM_BYTES]


def newer_mark(head: bytes) -> Mark | None:
    """Return the newer mark of a journal's head; None when neither is unharmed."""
    marks = [mark for place in PLACES if (mark := _read(head[place : place + SIZE])) and mark.place == place]
    return max(marks, key=lambda mark: mark.turn, default=None)


def _read(written: bytes) -> Mark | None:
    fields = written[: _FIELDS.size]
    if len(written) < SIZE or hashlib.sha256(fields).digest()[:_SUM_BYTES] != written[_FIELDS.size :]:
        return None
    return Mark(*_FIELDS.unpack(fields))
