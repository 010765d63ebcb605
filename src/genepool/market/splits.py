"""Splits of shares: a column of them applied to the prices before, and prices that look unadjusted."""

from dataclasses import dataclass, replace

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray, IntArray
from genepool.market.raw_columns import BoolArray, RawColumns, refuse
from genepool.market.timeframes import utc
from genepool.remedies import by_flag, by_hand, to_fill_in

# New shares for an old one, as companies split them; the other way round they are merged.
_USUAL = np.array([1.5, *range(2, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100], dtype=np.float64)
# How far the market may have moved beside the split, and how much more than its usual move it must be.
_NEAR, _BEYOND_USUAL = 0.06, 10.0
# A split so small that a night's news may hide whether the prices hold it.
_CLEAR = 1.2
_NO_COLUMN = ("--column", "splits=none")


@dataclass(frozen=True, slots=True)
class SplitJump:
    """A jump between two candles that looks like a split: its time, and the prices beside it."""

    stamp: int
    before: float
    after: float
    ratio: float

    def sentence(self, symbol: str, column: str = "") -> str:
        """Return what is said of it, with the header of a column of splits that was not used."""
        ways = f"{self.ratio:g}:1" if self.ratio > 1 else f"1:{1 / self.ratio:g}"
        return (
            f"{symbol} goes from {self.before:g} to {self.after:g} at {utc(self.stamp)}, which looks like a "
            f"{ways} split that the prices do not hold, and is traded as it stands: adjust the prices"
            + (f", or apply the column {column!r} with --splits --column splits={column}" if column else "")
        )


def split_jumps(candles: Candles) -> list[SplitJump]:
    """Return the jumps from a close to the next open that look like splits.

    Markets fall by a third within candles too; only what happens between two of them is looked at.
    """
    moves = np.abs(np.log(candles.close / candles.open))
    usual = float(np.median(moves[moves > 0])) if moves.any() else 0.0
    jumps = np.log(candles.close[:-1] / candles.open[1:])
    large = np.flatnonzero(np.abs(jumps) > max(_BEYOND_USUAL * usual, np.log(_USUAL[0]) - _NEAR))
    found = ((int(i), _nearest(float(jumps[i]))) for i in large)
    return [
        SplitJump(int(candles.stamps[i + 1]), float(candles.close[i]), float(candles.open[i + 1]), ratio)
        for i, ratio in found
        if ratio
    ]


def _nearest(jump: float) -> float:
    """Return the usual ratio that a jump is near to; 0 when there is none."""
    ratios = np.concatenate([_USUAL, 1 / _USUAL])
    distance = np.abs(jump - np.log(ratios))
    i = int(np.argmin(distance))
    return float(ratios[i]) if distance[i] < _NEAR else 0.0


def split_adjusted(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    """Return ordered rows whose prices before each split are those of the shares after it.

    A ratio that is neither 1 nor 0 stands in the first row at the new price. Whether the prices hold it
    already is seen from them.

    Raises
    ------
    InvalidCandles
        When splits are not in the prices and the rules do not ask to apply them, or some are and some not.
    """
    if raw.splits is None:
        if rules.splits:
            raise InvalidCandles(
                f"{source} has no column of splits for --splits",
                by_hand("leave the flag out"),
                to_fill_in("name the column with", "--column", "splits=HEADER"),
            )
        return raw, repairs
    ratios = np.where(np.isnan(raw.splits), 1.0, raw.splits)
    raw = replace(raw, splits=None)
    refuse(
        raw,
        ~((ratios >= 0) & np.isfinite(ratios)),
        source,
        "its split is no ratio",
        by_hand("correct or delete the row"),
    )
    rows = np.flatnonzero((ratios != 0) & (ratios != 1))
    rows = rows[rows > 0]
    if not len(rows):
        return raw, repairs
    held = _held_already(raw, rows, ratios[rows], source)
    if held.all():
        said = f"splits that the prices hold already: {len(rows):,}"
        return raw, replace(repairs, splits=said)
    if not rules.splits:
        i = int(rows[np.argmin(held)])
        raise InvalidCandles(
            f"{source}, row {raw.rows[i]}: a split of {ratios[i]:g} that the prices before it do not hold "
            f"({len(rows):,} such rows)",
            by_flag("apply the column with", "--splits"),
            by_flag("leave it out with", *_NO_COLUMN),
        )
    said = f"splits that were applied to the prices before them: {len(rows):,}"
    return _applied(raw, ratios, source), replace(repairs, splits=said)


def _held_already(raw: RawColumns, rows: IntArray, ratios: FloatArray, source: str) -> BoolArray:
    """Say of each split whether the prices run on across it; all large ones must agree."""
    jumps, sizes = np.log(raw.close[rows - 1] / raw.open[rows]), np.log(ratios)
    held = np.abs(jumps) < np.abs(jumps - sizes)
    clear = np.abs(sizes) >= np.log(_CLEAR)
    _refuse_reversed(raw, rows[clear], jumps[clear], sizes[clear], source)
    if not clear.any():
        return np.zeros(len(rows), dtype=np.bool_)
    if held[clear].any() and not held[clear].all():
        i = int(rows[clear][np.argmax(held[clear])])
        raise InvalidCandles(
            f"{source}, row {raw.rows[i]}: the prices hold this split of {ratios[rows == i][0]:g}, but not "
            "all others",
            by_hand("correct the prices or the splits"),
            by_flag("leave the column out with", *_NO_COLUMN),
        )
    return np.full(len(rows), bool(held[clear][0]))


def _refuse_reversed(
    raw: RawColumns, rows: IntArray, jumps: FloatArray, sizes: FloatArray, source: str
) -> None:
    """Refuse ratios of old shares for a new one, which the prices show to be the other way round."""
    other_way = np.abs(jumps + sizes) < np.minimum(np.abs(jumps), np.abs(jumps - sizes))
    if other_way.any():
        i = int(np.argmax(other_way))
        raise InvalidCandles(
            f"{source}, row {raw.rows[rows[i]]}: a split of {np.exp(sizes[i]):g}, but the prices go the "
            f"other way, as for one of {np.exp(-sizes[i]):g}",
            by_hand("write new shares for an old one"),
            by_flag("leave the column out with", "--column", "splits=none"),
        )


def _applied(raw: RawColumns, ratios: FloatArray, source: str) -> RawColumns:
    # Each row is divided by all ratios that stand after it.
    after = np.append(np.cumprod(np.where(ratios == 0, 1.0, ratios)[::-1])[::-1][1:], 1.0)
    prices = {name: getattr(raw, name) / after for name in PRICE_COLUMNS}
    volume = None if raw.volume is None else raw.volume * after
    sound = [np.isfinite(column) & (column > 0) for column in prices.values()]
    if not np.all(sound) or not (volume is None or np.isfinite(volume).all()):
        raise InvalidCandles(f"{source}: its splits multiply to no finite ratio: correct that column")
    return replace(raw, volume=volume, **prices)
