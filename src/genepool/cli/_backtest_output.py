"""What ``genepool backtest`` hands back: JSON document, table and CSV files."""

import csv
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.table import Table

from genepool.adapters.export.csv_table import timestamp
from genepool.adapters.export.curves import TRADE_COLUMNS, trade_rows
from genepool.backtest.recorded import Backtest
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.market.annual import why_not_annual
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.measures import RATIO_CAP, Measures
from genepool.market.timeframes import timeframe_nanoseconds

_COUNTS = frozenset({"trades", "candles", "liquidations", "max_drawdown_candles"})
_SHARES = frozenset(
    {"total_return", "annual_return", "volatility", "max_drawdown", "win_rate", "exposure", "funding_paid"}
    | {"fees_paid", "ambiguity_gap"}
)


# What measures.py cuts off at the cap: the number is not the measure's own.
_CAPPED = frozenset({"annual_return", "sortino", "calmar", "profit_factor"})


def not_annual(result: Backtest, candles: Candles) -> dict[str, str]:
    """Return why the span is too short for measures of a year, by their names."""
    step = timeframe_nanoseconds(candles.timeframe)
    return why_not_annual(int(result.stamps[-1] - result.stamps[0]) + step)


def document(
    result: Backtest,
    held: Backtest,
    genome: Genome,
    candles: Candles,
    costs: CostModel,
    candles_per_year: float,
) -> dict[str, Any]:
    """Return the JSON document: measures by name beside what they were measured on."""
    lacking = not_annual(result, candles)
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
        "candles_per_year": candles_per_year,
        "not_annual": lacking,
        **_numbers(result.measures, lacking),
        "buy_and_hold": _numbers(held.measures, lacking),
    }


def _numbers(measures: Measures, lacking: Container[str]) -> dict[str, float | None]:
    """Return the measures by name; None for a figure of a year that the span is too short for."""
    held = {name: int(value) if name in _COUNTS else value for name, value in asdict(measures).items()}
    return {name: None if name in lacking else value for name, value in held.items()}


def heading(result: Backtest, genome: Genome, candles: Candles) -> str:
    """Return the two lines above the table: who traded what and when, and with which genes."""
    made_up = " (synthetic)" if candles.synthetic else ""
    span = f"{timestamp(int(result.stamps[0]))[:10]} to {timestamp(int(result.stamps[-1]))[:10]}"
    genes = " ".join(f"{name}={value:g}" for name, value in genome.genes)
    return f"{genome.strategy} on {candles.symbol} {candles.timeframe}{made_up}, {span}\n{genes}"


def table(result: Backtest, held: Backtest, lacking: Container[str] = ()) -> Table:
    """Return the table that people read: each measure beside buy and hold's, a dash for what is lacking."""
    grid = Table()
    grid.add_column("measure")
    grid.add_column("strategy", justify="right")
    grid.add_column("buy and hold", justify="right")
    for field in fields(Measures):
        numbers = (getattr(one.measures, field.name) for one in (result, held))
        shown = ["-" if field.name in lacking else _shown(field.name, number) for number in numbers]
        grid.add_row(field.name.replace("_", " "), *shown)
    return grid


def _shown(name: str, value: float) -> str:
    if name in _COUNTS:
        return f"{value:,.0f}"
    if name in _CAPPED and abs(value) >= RATIO_CAP:
        bound = f"{RATIO_CAP:,.0%}" if name in _SHARES else f"{RATIO_CAP:,.0f}"
        return f"over {bound}" if value > 0 else f"below -{bound}"
    return f"{value:.2%}" if name in _SHARES else f"{value:,.2f}"


def write_trades(file: Path, result: Backtest) -> None:
    """Write one line per trade; money is in units of the opening equity."""
    _write(file, TRADE_COLUMNS, trade_rows(result))


def write_equity(file: Path, result: Backtest) -> None:
    """Write one line per candle: equity and exposure at its close."""
    times = map(timestamp, result.stamps.tolist())
    rows = zip(times, result.equity.tolist(), result.exposure.tolist(), strict=True)
    _write(file, ("time", "equity", "exposure"), rows)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error
