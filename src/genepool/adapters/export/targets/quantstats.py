"""quantstats: the out-of-sample equity, and a script that makes its report of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from genepool.adapters.export.csv_table import Cell, csv_text
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.backtest.stretches import IN_SAMPLE
from genepool.market.moments import timestamp
from genepool.ports.export_targets import ChampionRecord, ExportedChampion


@dataclass(frozen=True, slots=True)
class Quantstats:
    """Files for quantstats 0.0.86."""

    name: str = "quantstats"
    summary: str = "The walk-forward equity as CSV, and a script that makes quantstats' report of it"

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Refuse a genome of no run."""
        return None if champion.record else "it is of no recorded run, whose candles it would be traded on"

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``equity.csv``, all walk-forward folds joined, and ``report.py``."""
        if champion.record is None:
            return {}
        return {
            "equity.csv": csv_text(("time", "equity", "buy_and_hold"), _joined(champion.record)),
            "report.py": filled(
                "quantstats/report.py.j2", champion=champion, comment=commented(told(champion))
            ),
        }


def _joined(record: ChampionRecord) -> Iterator[Sequence[Cell]]:
    """Yield equity and buy-and-hold at each close of the folds, each fold beginning with what one left."""
    equity_before = held_before = 1.0
    for (phase, result), (_, holding) in zip(record.traded(), record.held(), strict=True):
        if phase == IN_SAMPLE:
            continue
        equity, held = equity_before * result.equity, held_before * holding.equity
        yield from zip(map(timestamp, result.stamps.tolist()), equity.tolist(), held.tolist(), strict=True)
        equity_before, held_before = float(equity[-1]), float(held[-1])


TARGET = Quantstats()
