"""What writes the files that are made of a run for other programs."""

from genepool.adapters.export.curves import write_equity, write_fills, write_trades
from genepool.adapters.export.genome import write_genome
from genepool.adapters.export.trials import write_trials
from genepool.backtest.phases import phase_backtests
from genepool.usecases.export_run import ExportWriters

WRITERS = ExportWriters(
    genome=write_genome,
    trades=write_trades,
    fills=write_fills,
    equity=write_equity,
    trials=write_trials,
    phases=phase_backtests,
)
