"""A column of volume that holds some, and what is said of one that does not."""

from dataclasses import replace

import numpy as np

from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.closed_hours import closed_candles
from genepool.market.raw_columns import BoolArray, RawColumns, refuse
from genepool.remedies import Flag, Remedy, by_flag, by_hand

_ACCEPT, _DROP = "--allow-zero-volume", "--drop-flat"
# What Interactive Brokers answer for a market without volume.
_NONE = -1


def with_volume(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    """Return the rows with a volume that means something, or with none.

    A column that is 0, -1 or missing throughout is no volume. A missing one amid others is refused, or taken
    as 0 where candles without trades are accepted.

    Raises
    ------
    InvalidCandles
        When a volume is missing or negative.
    """
    if raw.volume is None:
        return raw, repairs
    volume = raw.volume
    missing = np.isnan(volume)
    if missing.all():
        said = "no cell of the volume column holds a number: it was left out"
        return replace(raw, volume=None), replace(repairs, volume=said)
    if (volume[~missing] == _NONE).all():
        said = f"volume is {_NONE} wherever it is given, which is no volume: it was left out"
        return replace(raw, volume=None), replace(repairs, volume=said)
    if not rules.allow_zero_volume:
        refuse(
            raw,
            missing,
            source,
            "volume is missing",
            by_flag("take a missing volume as 0 with", _ACCEPT),
        )
    if missing.any():
        volume = np.where(missing, 0.0, volume)
        raw = replace(raw, volume=volume)
        repairs = replace(repairs, volumes_missing=int(np.count_nonzero(missing)))
    refuse(raw, volume < 0, source, "volume {volume} is negative", by_hand("correct or delete the row"))
    if volume.any():
        return raw, repairs
    said = "volume is 0 in every row, which is no volume: it was left out"
    return replace(raw, volume=None), replace(repairs, volume=said, volumes_missing=0)


def check_traded(raw: RawColumns, rules: CandleRules, source: str) -> None:
    """Refuse candles in which nothing was traded, unless the rules allow them.

    Raises
    ------
    InvalidCandles
        With the flag that leaves out those of closed hours, where there are any.
    """
    if raw.volume is None or rules.allow_zero_volume:
        return
    still = raw.volume == 0
    if still.any():
        refuse(raw, still, source, "volume is 0", *_remedies(raw, still))


def _remedies(raw: RawColumns, still: BoolArray) -> list[Remedy]:
    ordered = raw.take(np.argsort(raw.stamps, kind="stable"))
    spacings, counts = np.unique(np.diff(ordered.stamps), return_counts=True)
    closed = int(np.count_nonzero(closed_candles(ordered, int(spacings[np.argmax(counts)]))))
    if not closed:
        return [by_flag("accept candles without trades with", _ACCEPT), by_hand("delete them")]
    if closed == np.count_nonzero(still):
        drop = by_flag("leave out flat candles of closed hours with", _DROP)
        return [drop, by_flag("accept them with", _ACCEPT)]
    flags = (Flag(_DROP, why=", and accept the others with"), Flag(_ACCEPT))
    return [Remedy(f"leave out the {closed:,} flat ones of closed hours with", flags)]
