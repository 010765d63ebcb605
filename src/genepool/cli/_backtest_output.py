"""What ``genepool backtest`` hands back: JSON document, tables and CSV files."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from genepool.adapters.export.csv_table import Cell, cell_text
from genepool.adapters.export.curves import FILL_COLUMNS, TRADE_COLUMNS, fill_rows, trade_rows
from genepool.backtest.caveats import COUNTS
from genepool.backtest.holding import Held
from genepool.backtest.recorded import Backtest
from genepool.cli._appraisal_tables import (
    against_table,
    drawdowns_table,
    footnotes,
    measures_table,
    trades_table,
    years_table,
)
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import NOT_CHARGED, CostModel
from genepool.market.measures import Measures
from genepool.market.moments import timestamp
from genepool.robustness.appraisal import BUY_AND_HOLD, SHORT_AND_HOLD, Appraisal, Run, appraise


@dataclass(frozen=True, eq=False)
class Answer:
    """What a backtest found, and of what.

    Parameters
    ----------
    result
        What the genome did.
    long, short
        What holding, and holding short, did over the same candles.
    genome
        Who traded.
    candles
        The market.
    costs
        What trading cost.
    first
        Number of the first candle at whose open the genome could trade.
    """

    result: Backtest
    long: Held
    short: Held
    genome: Genome
    candles: Candles
    costs: CostModel
    first: int

    @cached_property
    def appraisal(self) -> Appraisal:
        """The figures beside the measures."""
        run = Run(self.result.measures, self.result.stamps, self.result.equity, [self.result.trades])
        benchmarks = {BUY_AND_HOLD: self.long, SHORT_AND_HOLD: self.short}
        return appraise(run, benchmarks, self.result.candles_per_year)

    @property
    def columns(self) -> tuple[Measures, ...]:
        """Measures of the genome, of holding and of holding short."""
        return self.result.measures, self.long.measures, self.short.measures


def document(answer: Answer) -> dict[str, Any]:
    """Return the JSON document: measures by name beside what they were measured on."""
    result, genome, candles = answer.result, answer.genome, answer.candles
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
        "first_candle_that_could_trade": _first(answer),
        "costs": asdict(answer.costs),
        "not_charged": NOT_CHARGED,
        **_numbers(result.measures),
        BUY_AND_HOLD: _numbers(answer.long.measures),
        SHORT_AND_HOLD: _numbers(answer.short.measures),
        "appraisal": _appraisal(answer.appraisal),
    }


def _numbers(measures: Measures) -> dict[str, float]:
    return {name: int(value) if name in COUNTS else value for name, value in asdict(measures).items()}


def _appraisal(appraisal: Appraisal) -> dict[str, Any]:
    stamped = ("peak", "trough", "recovered")
    found = asdict(appraisal)
    for drawdown in found["drawdowns"]:
        dates = {name: drawdown[name] for name in stamped}
        drawdown |= {name: None if stamp is None else timestamp(stamp) for name, stamp in dates.items()}
    return found


def _first(answer: Answer) -> str | None:
    stamps, last = answer.candles.stamps, answer.result.stamps[-1]
    reached = answer.first < len(stamps) and stamps[answer.first] <= last
    return timestamp(int(stamps[answer.first])) if reached else None


def heading(answer: Answer) -> str:
    """Return the lines above the tables: who traded what and when, with which genes, and from when on."""
    result, genome, candles = answer.result, answer.genome, answer.candles
    made_up = " (synthetic)" if candles.synthetic else ""
    span = f"{timestamp(int(result.stamps[0]))[:10]} to {timestamp(int(result.stamps[-1]))[:10]}"
    genes = " ".join(f"{name}={value:g}" for name, value in genome.genes)
    return (
        f"{genome.strategy} on {candles.symbol} {candles.timeframe}{made_up}, {span}\n{genes}\n"
        f"first candle that could trade: {_first(answer) or 'none: the lookback outlasts the span'}\n"
        f"not charged: {NOT_CHARGED}"
    )


def tables(answer: Answer) -> Group:
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
