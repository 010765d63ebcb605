"""What is asked of candles, and what was done to meet it."""

from dataclasses import dataclass

from genepool.market.gaps import Calendar


@dataclass(frozen=True, slots=True)
class CandleRules:
    """What is asked of candles.

    Parameters
    ----------
    timeframe
        Such as ``"1h"``; None to read it from the commonest spacing.
    calendar
        Which gaps belong to the market; None to learn it from the candles.
    max_gap
        Candles in a row that may be missing at other times.
    allow_zero_volume
        Whether a candle in which nothing was traded is accepted.
    repair
        Whether to sort, drop identical duplicates and fill short gaps.
    fill
        Candles in a row that a repair may fill, flat at the last close and with volume 0.
    least
        Fewest candles that are of use.
    drop_flat
        Whether to leave out flat candles without volume of hours when the market is closed every week.
    splits
        Whether a column of splits is applied to the prices before them.
    funding_scale
        What the candles' own funding rates are divided by; None to take plausible fractions as they are.
    now
        The present, in nanoseconds; None to let any stamp pass.
    twins
        Which of two rows with one stamp is kept, ``first`` or ``last``; empty to refuse them.
    """

    timeframe: str | None = None
    calendar: Calendar | None = None
    max_gap: int = 0
    allow_zero_volume: bool = False
    repair: bool = False
    fill: int = 24
    least: int = 2
    now: int | None = None
    twins: str = ""
    drop_flat: bool = False
    splits: bool = False
    funding_scale: float | None = None


@dataclass(frozen=True, slots=True)
class Repairs:
    """What was changed on the way from the source to the candles; ``newest_first`` is a layout, no repair."""

    newest_first: bool = False
    rows_sorted: int = 0
    duplicates_dropped: int = 0
    candles_filled: int = 0
    unfinished_dropped: int = 0
    twins_dropped: int = 0
    rows_without_prices: int = 0
    candles_widened: int = 0
    widened_by: float = 0.0
    volume: str = ""
    volumes_missing: int = 0
    flat_dropped: int = 0
    splits: str = ""

    def sentences(self) -> list[str]:
        """Return one plain sentence for each thing that was done."""
        told = (
            (self.newest_first, "the file is newest first and was read backwards"),
            (self.rows_sorted, f"rows out of order that were sorted: {self.rows_sorted:,}"),
            (self.duplicates_dropped, f"exact duplicates that were dropped: {self.duplicates_dropped:,}"),
            (
                self.candles_filled,
                f"missing candles that were filled, flat and without volume: {self.candles_filled:,}",
            ),
            (self.unfinished_dropped, "the last candle was still running and was left out"),
            (self.twins_dropped, f"rows left out because another has their stamp: {self.twins_dropped:,}"),
            (self.rows_without_prices, f"rows without prices, left out: {self.rows_without_prices:,}"),
            (
                self.candles_widened,
                f"candles of a wider high or low, by at most {self.widened_by:.3g}: {self.candles_widened:,}",
            ),
            (self.volume, self.volume),
            (self.volumes_missing, f"missing volumes that were taken as 0: {self.volumes_missing:,}"),
            (self.flat_dropped, f"flat candles of closed hours that were left out: {self.flat_dropped:,}"),
            (self.splits, self.splits),
        )
        return [sentence for happened, sentence in told if happened]
