"""What may see which candles: in-sample, walk-forward folds and the sealed holdout.

Everything is counted in candles. The holdout is cut off before a problem is built, so that what
evaluates genomes never holds it.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from genepool.errors import ConfigError, HistoryTooShort

if TYPE_CHECKING:
    # The rule is read with every recorded run, where there are no candles.
    from genepool.market.candles import Candles

PRESETS = {
    "quick": 3_000,
    "development": 10_000,
    "production": 15_000,
    "validation": 20_000,
    "maximum": 25_000,
    "all": None,
}


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How a history is divided.

    Parameters
    ----------
    holdout
        Share of all candles, at the end, that is sealed.
    in_sample
        Share of the visible candles on which genomes are bred.
    folds
        Number of walk-forward folds over the visible candles after the in-sample span.
    purge
        Candles left out before each fold, so that no position or label reaches into it.
    embargo
        Candles left out after each fold.
    """

    holdout: float = 0.2
    in_sample: float = 0.6
    folds: int = 4
    purge: int = 24
    embargo: int = 24

    def __post_init__(self) -> None:
        if not 0 <= self.holdout < 1:
            raise ConfigError(f"holdout is {self.holdout}: give a share from 0 to below 1")
        if not 0 < self.in_sample < 1:
            raise ConfigError(f"in_sample is {self.in_sample}: give a share between 0 and 1")
        if self.folds < 1 or self.purge < 0 or self.embargo < 0:
            raise ConfigError("folds must be at least 1, purge and embargo at least 0")

    def apply(self, length: int) -> "Split":
        """Divide a history of this many candles.

        Raises
        ------
        HistoryTooShort
            When a fold would hold fewer than two candles.
        """
        visible = length - round(length * self.holdout)
        boundary = round(visible * self.in_sample)
        edges = [boundary + (visible - boundary) * k // self.folds for k in range(self.folds + 1)]
        folds = []
        for k, (start, stop) in enumerate(pairwise(edges)):
            last = k == self.folds - 1
            folds.append((start + self.purge, stop if last else stop - self.embargo))
        if boundary < 2 or min(stop - start for start, stop in folds) < 2:  # noqa: PLR2004
            raise HistoryTooShort(
                f"{length} candles are too few for {self.folds} walk-forward folds with purge "
                f"{self.purge} and embargo {self.embargo}: give more candles or fewer folds"
            )
        return Split(length, visible, (0, boundary), tuple(folds))


@dataclass(frozen=True, slots=True)
class Split:
    """The spans of one history, as half-open candle ranges; [visible, length) is sealed."""

    length: int
    visible: int
    in_sample: tuple[int, int]
    folds: tuple[tuple[int, int], ...]


def newest_candles(candles: "Candles", preset: str) -> "Candles":
    """Return the newest candles that a preset asks for, or all when there are fewer.

    Raises
    ------
    ConfigError
        When there is no such preset.
    """
    if preset not in PRESETS:
        raise ConfigError(f"there is no preset {preset!r}: choose from {', '.join(PRESETS)}")
    count = PRESETS[preset]
    return candles if count is None else candles.slice(max(len(candles) - count, 0), len(candles))
