"""What ``genepool backtest`` hands back: JSON document, table and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.table import Table

from genepool.adapters.export.csv_table import Cell, cell_text, timestamp
from genepool.adapters.export.curves import FILL_COLUMNS, TRADE_COLUMNS, fill_rows, trade_rows
from genepool.backtest.recorded import Backtest
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.measures import Measures

_COUNTS = frozenset({"trades", "candles", "liquidations", "max_drawdown_candles"})
_SHARES = frozenset(
    {"total_return", "annual_return", "volatility", "max_drawdown", "win_rate", "exposure", "funding_paid"}
    | {"fees_paid", "ambiguity_gap"}
)


def document(
    result: Backtest, held: Backtest, genome: Genome, candles: Candles, costs: CostModel
) -> dict[str, Any]:
    """Return the JSON document: measures by name beside what they were measured on."""
    return {
        "strategy": genome.strategy,
        "genes": dict(genome.genes),
        "fingerprint": genome.fingerprint,
        "symbol": candles.symbol,
        "timeframe": candles.timeframe,
        "synthetic": candles.synthetic,
        "data_digest": candles.digest,
        "start": timestamp(int(result.stamps[0])),
        "stop": timestamp(int(result.stamps[-1])),
        "costs": asdict(costs),
        **_numbers(result.measures),
        "buy_and_hold": _numbers(held.measures),
    }


def _numbers(measures: Measures) -> dict[str, float]:
    return {name: int(value) if name in _COUNTS else value for name, value in asdict(measures).items()}


def heading(result: Backtest, genome: Genome, candles: Candles) -> str:
    """Return the two lines above the table: who traded what and when, and with which genes."""
    made_up = " (synthetic)" if candles.synthetic else ""
    span = f"{timestamp(int(result.stamps[0]))[:10]} to {timestamp(int(result.stamps[-1]))[:10]}"
    genes = " ".join(f"{name}={value:g}" for name, value in genome.genes)
    return f"{genome.strategy} on {candles.symbol} {candles.timeframe}{made_up}, {span}\n{genes}"


def table(result: Backtest, held: Backtest) -> Table:
    """Return the table that people read: each measure beside buy and hold's."""
    grid = Table()
    grid.add_column("measure")
    grid.add_column("strategy", justify="right")
    grid.add_column("buy and hold", justify="right")
    for field in fields(Measures):
        mine, theirs = getattr(result.measures, field.name), getattr(held.measures, field.name)
        grid.add_row(field.name.replace("_", " "), _shown(field.name, mine), _shown(field.name, theirs))
    return grid


def _shown(name: str, value: float) -> str:
    if name in _COUNTS:
        return f"{value:,.0f}"
    return f"{value:.2%}" if name in _SHARES else f"{value:,.2f}"


def write_trades(file: Path, result: Backtest) -> None:
    """Write one line per trade; money is in units of the opening equity."""
    _write(file, TRADE_COLUMNS, trade_rows(result))


def write_fills(file: Path, result: Backtest) -> None:
    """Write one line per fill; money is in units of the opening equity."""
    _write(file, FILL_COLUMNS, fill_rows(result))


def write_equity(file: Path, result: Backtest) -> None:
    """Write one line per candle: equity and exposure at its close."""
    times = map(timestamp, result.stamps.tolist())
    rows = zip(times, result.equity.tolist(), result.exposure.tolist(), strict=True)
    _write(file, ("time", "equity", "exposure"), rows)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(map(cell_text, row) for row in rows)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error
