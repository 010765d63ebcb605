"""No seat is given more than its share of the seconds that a generation takes.

Idle seats pull; but a seat whose batches are cheap spends more of its time on waiting for the next one,
and would be given less. Hence towards the end a seat that is ahead leaves the rest to the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from genepool.scheduling.rules import SeatState

# Sums of floats are equal only nearly.
_TOLERANCE = 0.9
_NOTHING = 1e-9
# A batch may be under way for so long on top of its computing.
_ROUND_TRIP = 0.1


@dataclass(frozen=True, slots=True)
class Share:
    """What each seat should have been given in the end.

    Parameters
    ----------
    seconds
        Of computing at full pace, since the genomes were asked for; infinite while that is unknown.
    seats
        How many share.
    now
        When this was worked out.
    """

    seconds: float
    seats: int
    now: float

    def room(self, seat: SeatState) -> float:
        """Return the seconds that a seat lacks."""
        given = seconds_given(seat, self.now)
        return self.seconds * seat.pace - given if seat.pace else -given

    def grants(self, seat: SeatState, next_seconds: float, waiting_seconds: float) -> bool:
        """Tell whether a seat may have the next genome.

        It may when its share is nearer with the genome than without. One seat at least lacks its part of
        what waits, so that some seat always takes it.
        """
        enough = min(next_seconds / 2, waiting_seconds / self.seats)
        return self.room(seat) >= _TOLERANCE * enough - _NOTHING


def seconds_given(seat: SeatState, now: float) -> float:
    """Return what a seat has computed, and may be expected to with what it holds.

    What it is at counts for as long as it has taken already, once it is overdue: a seat that hangs must
    not keep the others waiting for it.
    """
    if not seat.held:
        return seat.computed
    overdue = max(0.0, now - seat.held[0].started - seat.held[0].expected - _ROUND_TRIP)
    return seat.computed + overdue + sum(held.expected for held in seat.held)


def fair_share(seats: Iterable[SeatState], waiting_seconds: float, now: float) -> Share:
    """Divide what was given and what waits between the seats that can work.

    Parameters
    ----------
    seats
        All seats.
    waiting_seconds
        What no seat holds; infinite when that is unknown.
    now
        The time.
    """
    usable = [seat for seat in seats if seat.usable]
    given = sum(seconds_given(seat, now) for seat in usable)
    paces = sum(seat.pace for seat in usable) or 1.0
    return Share((given + waiting_seconds) / paces, max(1, len(usable)), now)
