"""Trades and equity of one genome over the phases of its run."""

from collections.abc import Sequence
from pathlib import Path

from genepool.adapters.export.csv_table import timestamp, write_csv
from genepool.backtest.recorded import Backtest

_TRADES = (
    "phase", "entry_time", "exit_time", "side", "units", "entry_price", "exit_price",
    "fees", "funding", "result", "reason",
)  # fmt: skip
_EQUITY = ("phase", "time", "equity", "exposure", "buy_and_hold")


def write_trades(path: Path, phases: Sequence[tuple[str, Backtest]]) -> int:
    """Write one row per trade; money is in units of the equity that the phase opened with.

    Parameters
    ----------
    path
        The file.
    phases
        Name and backtest of each phase, in order.
    """
    rows = [
        (phase, timestamp(entered), timestamp(left), "long" if side > 0 else "short", *rest)
        for phase, result in phases
        for entered, left, side, *rest in zip(
            result.trades.entry_stamps.tolist(),
            result.trades.exit_stamps.tolist(),
            result.trades.sides.tolist(),
            result.trades.units.tolist(),
            result.trades.entry_prices.tolist(),
            result.trades.exit_prices.tolist(),
            result.trades.fees.tolist(),
            result.trades.funding.tolist(),
            result.trades.results.tolist(),
            result.trades.reasons,
            strict=True,
        )
    ]
    return write_csv(path, _TRADES, rows)


def write_equity(
    path: Path, phases: Sequence[tuple[str, Backtest]], holding: Sequence[tuple[str, Backtest]]
) -> int:
    """Write one row per candle: equity at its close beside that of holding, 1 at each phase's opening."""
    rows = (
        (phase, timestamp(stamp), equity, exposure, held)
        for (phase, result), (_, hold) in zip(phases, holding, strict=True)
        for stamp, equity, exposure, held in zip(
            result.stamps.tolist(),
            result.equity.tolist(),
            result.exposure.tolist(),
            hold.equity.tolist(),
            strict=True,
        )
    )
    return write_csv(path, _EQUITY, rows)
