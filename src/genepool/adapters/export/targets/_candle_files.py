"""Candles and funding rates as CSV files that programs read back to the last bit."""

from genepool.market.candles import Candles
from genepool.market.moments import timestamp


def candle_csv(candles: Candles) -> str:
    """Return candles as ``time,open,high,low,close,volume``; a volume that is not there is 0."""
    columns = [getattr(candles, name).tolist() for name in ("open", "high", "low", "close")]
    volume = [0.0] * len(candles) if candles.volume is None else candles.volume.tolist()
    rows = zip(map(timestamp, candles.stamps.tolist()), *columns, volume, strict=True)
    lines = (",".join([row[0], *map(repr, row[1:])]) for row in rows)
    return "\n".join(["time,open,high,low,close,volume", *lines]) + "\n"


def funding_csv(candles: Candles) -> dict[str, str]:
    """Return ``funding.csv``: ``time,rate`` of every candle at whose open a rate falls due; none without."""
    if candles.funding is None:
        return {}
    rows = zip(map(timestamp, candles.stamps.tolist()), candles.funding.tolist(), strict=True)
    lines = (f"{time},{rate!r}" for time, rate in rows)
    return {"funding.csv": "\n".join(["time,rate", *lines]) + "\n"}
