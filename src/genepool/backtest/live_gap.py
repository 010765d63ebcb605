"""The gap between what a live bot earned and what its genome's replay earned, trade by trade and by cause."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields

from genepool.backtest.round_trips import RoundTrip


@dataclass(frozen=True, slots=True)
class GapParts:
    """What the gap consists of; each is what the live bot earned more by it, and together they are the gap.

    Parameters
    ----------
    sizes
        Other units than the replay's, at the replay's prices, fees and funding.
    fills
        Other prices at the entry, and at an exit in the same candle or within the tolerance.
    exits
        Another price because the trade was left at another time.
    fees, funding
        Other fees and funding than the replay's at the live size.
    missed
        Trades of the replay that the live bot did not make.
    extra
        Trades of the live bot that the replay did not make.
    unexplained
        What the recorded results hold beyond prices, fees and funding.
    """

    sizes: float = 0.0
    fills: float = 0.0
    exits: float = 0.0
    fees: float = 0.0
    funding: float = 0.0
    missed: float = 0.0
    extra: float = 0.0
    unexplained: float = 0.0

    @property
    def whole(self) -> float:
        """Their sum: live less expected."""
        return float(sum(astuple(self)))

    def __add__(self, other: "GapParts") -> "GapParts":
        return GapParts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


# In the order in which they are shown.
GAP_CAUSES: tuple[str, ...] = tuple(field.name for field in fields(GapParts))


@dataclass(frozen=True, slots=True)
class GapPair:
    """A trade of the replay beside the live bot's; one of them is None where only the other made it.

    Parameters
    ----------
    expected, live
        The trades.
    """

    expected: RoundTrip | None
    live: RoundTrip | None

    @property
    def entry(self) -> int:
        """When the first of them was entered."""
        return min(trip.entry for trip in (self.expected, self.live) if trip is not None)

    def scaled(self, expected: float, live: float) -> "GapPair":
        """Return it with both trades for another capital, each by its own factor."""
        return GapPair(
            None if self.expected is None else self.expected.scaled(expected),
            None if self.live is None else self.live.scaled(live),
        )

    def parts(self, tolerance: int) -> GapParts:
        """Return the causes of its gap.

        Parameters
        ----------
        tolerance
            Nanoseconds between two exits that still count as the same one.
        """
        expected, live = self.expected, self.live
        if expected is None:
            return GapParts() if live is None else GapParts(extra=live.result)
        if live is None:
            return GapParts(missed=-expected.result)
        size = live.units / expected.units
        entered = live.side * (expected.entry_price - live.entry_price) * live.units
        left = live.side * (live.exit_price - expected.exit_price) * live.units
        together = abs(live.exit - expected.exit) <= tolerance
        return GapParts(
            sizes=(size - 1.0) * expected.result,
            fills=entered + (left if together else 0.0),
            exits=0.0 if together else left,
            fees=size * expected.fees - live.fees,
            funding=size * expected.funding - live.funding,
            unexplained=live.beyond - size * expected.beyond,
        )


def paired(expected: Sequence[RoundTrip], live: Sequence[RoundTrip], tolerance: int) -> tuple[GapPair, ...]:
    """Lay trades of the same side beside each other whose entries lie nearest, each at most once.

    Parameters
    ----------
    expected
        Of the replay, in order.
    live
        Of the live bot, by time of entry.
    tolerance
        Nanoseconds between two entries beyond which they are two trades.

    Returns
    -------
    tuple[GapPair, ...]
        All trades, by time of entry; one without a counterpart stands alone.
    """
    of_expected: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(_near(expected, live, tolerance)):
        if i not in of_expected and j not in taken:
            of_expected[i] = j
            taken.add(j)
    pairs = [
        GapPair(trip, live[of_expected[i]] if i in of_expected else None) for i, trip in enumerate(expected)
    ]
    pairs += [GapPair(None, trip) for j, trip in enumerate(live) if j not in taken]
    return tuple(sorted(pairs, key=lambda pair: pair.entry))


def _near(
    expected: Sequence[RoundTrip], live: Sequence[RoundTrip], tolerance: int
) -> Iterator[tuple[int, int, int]]:
    """Yield distance and places of all that might belong together."""
    entries = [trip.entry for trip in live]
    for i, trip in enumerate(expected):
        first, last = (
            bisect_left(entries, trip.entry - tolerance),
            bisect_right(entries, trip.entry + tolerance),
        )
        for j in range(first, last):
            if live[j].side == trip.side:
                yield abs(entries[j] - trip.entry), i, j


def gap_of(pairs: Sequence[GapPair], tolerance: int) -> GapParts:
    """Return the whole gap by cause; ``tolerance`` as in ``GapPair.parts``."""
    return sum((pair.parts(tolerance) for pair in pairs), GapParts())
