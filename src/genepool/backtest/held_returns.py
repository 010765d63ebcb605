"""What held champions earned at the candles of a problem, so that genomes are bred that earn otherwise."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genepool.errors import ConfigError
from genepool.market.candles import Candles, FloatArray, IntArray
from genepool.market.timeframes import timeframe_nanoseconds

# Fewer returns in common say nothing of what goes together.
FEWEST_IN_COMMON = 100


@dataclass(frozen=True, eq=False)
class HeldTrack:
    """The equity of a held champion on its own market.

    Parameters
    ----------
    name
        What users call it.
    known
        When each candle closed, UTC nanoseconds, rising, of shape (m,).
    equity
        At each close, of shape (m,).
    """

    name: str
    known: IntArray
    equity: FloatArray


@dataclass(frozen=True, eq=False)
class HeldReturns:
    """Held champions along the candles of a problem.

    Parameters
    ----------
    limit
        Correlation from which on doing the same costs.
    equities
        Of each champion the equity at each candle's close, of shape (n,); nan where none of its own
        candles has closed since the candle before.
    """

    limit: float
    equities: tuple[FloatArray, ...]

    @classmethod
    def along(
        cls, candles: Candles, in_sample: tuple[int, int], tracks: Sequence[HeldTrack], limit: float
    ) -> "HeldReturns":
        """Lay champions along candles, by the time at which each close is known.

        Raises
        ------
        ConfigError
            When one has fewer than 100 closes in common with the in-sample span.
        """
        equities = tuple(_along(candles, track) for track in tracks)
        for track, equity in zip(tracks, equities, strict=True):
            common = int(np.isfinite(equity[slice(*in_sample)]).sum())
            if common < FEWEST_IN_COMMON:
                raise ConfigError(
                    f"{track.name} has {common} candles in common with the in-sample span, and a correlation "
                    f"takes {FEWEST_IN_COMMON}: leave it out of --holding, or give candles of the same years"
                )
        return cls(limit, equities)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the limit and every equity."""
        state = hashlib.sha256(f"held/1|{self.limit!r}".encode())
        for equity in self.equities:
            state.update(b"|" + equity.astype("<f8").tobytes())
        return state.hexdigest()


class HeldSpans:
    """Held champions in some spans of a problem, prepared once for many genomes.

    Parameters
    ----------
    held
        The champions.
    spans
        Half-open candle ranges of shape (k, 2).
    """

    def __init__(self, held: HeldReturns, spans: IntArray) -> None:
        self._held = [_steps(equity, spans) for equity in held.equities]

    def closest(self, equity: FloatArray) -> float:
        """Return the largest correlation of a genome's returns with those of a held champion, -1 to 1.

        Parameters
        ----------
        equity
            Of the genome at each close of the problem's candles, of shape (n,).
        """
        return max(
            _correlation(_returns(equity[before], equity[after]), theirs)
            for before, after, theirs in self._held
        )


def _along(candles: Candles, track: HeldTrack) -> FloatArray:
    closes = candles.stamps + timeframe_nanoseconds(candles.timeframe)
    place = track.known.searchsorted(closes, side="right") - 1
    fresh = np.diff(place, prepend=-1) > 0
    known = np.where(fresh, track.equity[np.maximum(place, 0)], np.nan)
    known.flags.writeable = False
    return known


def _steps(equity: FloatArray, spans: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return from which close to which a champion's returns go inside spans, and the returns."""
    places = [start + np.flatnonzero(np.isfinite(equity[start:stop])) for start, stop in spans.tolist()]
    before = np.concatenate([found[:-1] for found in places])
    after = np.concatenate([found[1:] for found in places])
    return before, after, _returns(equity[before], equity[after])


def _returns(before: FloatArray, after: FloatArray) -> FloatArray:
    growth: FloatArray = np.divide(after, before, out=np.ones_like(after), where=before > 0.0)
    return growth - 1.0


def _correlation(ours: FloatArray, theirs: FloatArray) -> float:
    """Return Pearson's correlation, added up in a fixed order; 0 where one of them does not vary."""
    if len(ours) < 2:  # noqa: PLR2004 - two returns make a deviation
        return 0.0
    mine, other = ours - _sum(ours) / len(ours), theirs - _sum(theirs) / len(theirs)
    size = _sum(mine * mine) * _sum(other * other)
    return _sum(mine * other) / float(np.sqrt(size)) if size > 0.0 else 0.0


def _sum(values: FloatArray) -> float:
    # In their order: how numpy's sum adds differs from machine to machine.
    return float(np.add.accumulate(values)[-1])
