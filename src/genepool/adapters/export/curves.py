"""Trades, fills and equity of one genome over the phases of its run."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from genepool.adapters.export.csv_table import Cell, write_csv
from genepool.backtest.detailed import Backtest
from genepool.market.moments import timestamp

Phases: TypeAlias = Sequence[tuple[str, Backtest]]
# Columns and rows.
Table: TypeAlias = tuple[Sequence[str], Iterable[Sequence[Cell]]]

TRADE_COLUMNS = (
    "entry_time", "exit_time", "side", "units", "entry_price", "exit_price",
    "fees", "funding", "result", "reason", "largest_units", "fills", "opening_equity", "borne_by_venue",
)  # fmt: skip
FILL_COLUMNS = ("time", "trade", "action", "change", "price", "fee", "reason", "units", "cash")
_EQUITY = ("phase", "time", "equity", "exposure", "buy_and_hold")


def trade_rows(result: Backtest) -> Iterator[tuple[Cell, ...]]:
    """Yield one row per trade, in the order of ``TRADE_COLUMNS``.

    Each row adds up: result = (exit_price - entry_price) x units, turned round for a short, - fees
    - funding + borne_by_venue.
    """
    trades = result.trades
    return zip(
        map(timestamp, trades.entry_stamps.tolist()),
        map(timestamp, trades.exit_stamps.tolist()),
        ("long" if side > 0 else "short" for side in trades.sides.tolist()),
        trades.units.tolist(),
        trades.entry_prices.tolist(),
        trades.exit_prices.tolist(),
        trades.fees.tolist(),
        trades.funding.tolist(),
        trades.results.tolist(),
        trades.reasons,
        trades.largest_units.tolist(),
        trades.fills.tolist(),
        trades.opening_equities.tolist(),
        trades.borne.tolist(),
        strict=True,
    )


def fill_rows(result: Backtest) -> Iterator[tuple[Cell, ...]]:
    """Yield one row per fill, in the order of ``FILL_COLUMNS``; ``trade`` counts the trades from 1."""
    fills = result.fills
    return zip(
        map(timestamp, fills.stamps.tolist()),
        fills.trades.tolist(),
        fills.actions,
        fills.changes.tolist(),
        fills.prices.tolist(),
        fills.fees.tolist(),
        fills.reasons,
        fills.units.tolist(),
        fills.cash.tolist(),
        strict=True,
    )


def trade_table(phases: Phases) -> Table:
    """Return one row per trade; money is in units of the equity that the phase opened with."""
    return ("phase", *TRADE_COLUMNS), (
        (phase, *row) for phase, result in phases for row in trade_rows(result)
    )


def fill_table(phases: Phases) -> Table:
    """Return one row per fill, phase by phase; money as in ``trade_table``."""
    rows = ((phase, *row) for phase, result in phases for row in fill_rows(result))
    return ("phase", *FILL_COLUMNS), rows


def equity_table(phases: Phases, holding: Phases) -> Table:
    """Return one row per candle: equity at its close beside that of holding, 1 at each phase's opening."""
    return _EQUITY, (
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


def write_trades(path: Path, phases: Phases) -> int:
    """Write one row per trade.

    Parameters
    ----------
    path
        The file.
    phases
        Name and backtest of each phase, in order.
    """
    return write_csv(path, *trade_table(phases))


def write_fills(path: Path, phases: Phases) -> int:
    """Write one row per fill, phase by phase."""
    return write_csv(path, *fill_table(phases))


def write_equity(path: Path, phases: Phases, holding: Phases) -> int:
    """Write one row per candle, beside holding."""
    return write_csv(path, *equity_table(phases, holding))
