"""What ``genepool backtest`` hands back: JSON document, tables and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from genepool.adapters.export.csv_table import Cell, cell_text
from genepool.adapters.export.curves import FILL_COLUMNS, TRADE_COLUMNS, fill_rows, trade_rows
from genepool.backtest.detailed import Backtest
from genepool.cli._appraisal_tables import (
    against_table,
    drawdowns_table,
    footnotes,
    measures_table,
    trades_table,
    years_table,
)
from genepool.errors import ConfigError
from genepool.market.costs import NOT_CHARGED
from genepool.market.moments import timestamp
from genepool.usecases.traded_genome import GenomeBacktest


def heading(answer: GenomeBacktest) -> str:
    """Return the lines above the tables: which genome traded what, with which genes, and from when on."""
    result, genome, candles = answer.result, answer.genome, answer.candles
    made_up = " (synthetic)" if candles.synthetic else ""
    span = f"{timestamp(int(result.stamps[0]))[:10]} to {timestamp(int(result.stamps[-1]))[:10]}"
    genes = " ".join(f"{name}={value:g}" for name, value in genome.genes)
    return (
        f"{genome.strategy} on {candles.symbol} {candles.timeframe}{made_up}, {span}\n{genes}\n"
        f"first candle that could trade: {answer.first_stamp or 'none: the lookback outlasts the span'}\n"
        f"not charged: {NOT_CHARGED}"
    )


def tables(answer: GenomeBacktest) -> Group:
    """Return the tables that people read, and the reasons of dashes and bounds beneath the first."""
    appraisal, per_year = answer.appraisal, answer.result.candles_per_year
    parts: list[RenderableType] = [measures_table(answer.columns, per_year)]
    parts += [Text(line, style="dim") for line in footnotes(answer.columns, appraisal, per_year)]
    others = [trades_table(appraisal), against_table(appraisal), years_table(appraisal)]
    others += [drawdowns_table(appraisal)] if appraisal.drawdowns else []
    for table in others:
        parts += [Text(), table]
    return Group(*parts)


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
