"""csv: what the genome traded, as tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from genepool.adapters.export.csv_table import csv_text
from genepool.adapters.export.curves import equity_table, fill_table, trade_table
from genepool.ports.export_targets import ExportedChampion


@dataclass(frozen=True, slots=True)
class CsvTables:
    """Trades, fills and equity as CSV."""

    name: str = "csv"
    summary: str = "Trades, fills and equity as CSV, phase by phase of the run"

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Refuse a genome of no run."""
        return None if champion.record else "it is of no recorded run, whose candles it would be traded on"

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``trades.csv``, ``fills.csv`` and ``equity.csv``."""
        if champion.record is None:
            return {}
        phases = champion.record.traded()
        return {
            "trades.csv": csv_text(*trade_table(phases)),
            "fills.csv": csv_text(*fill_table(phases)),
            "equity.csv": csv_text(*equity_table(phases, champion.record.held())),
        }


TARGET = CsvTables()
