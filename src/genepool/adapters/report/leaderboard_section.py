"""The leaderboard, and buy-and-hold beneath it."""

from genepool.adapters.report.blocks import Column, Section, TableBlock, TableCell, TableRow
from genepool.adapters.report.data import ReportData
from genepool.adapters.report.notation import count, percent, ratio, signed_percent
from genepool.backtest.evaluation import Scored
from genepool.evolution.population import Individual
from genepool.market.measures import Measures
from genepool.pool.judging import Judged
from genepool.strategies import seed_strategies
from genepool.strategies._notation import compact_genes

_ROWS = 20
_GROUPS = (("", 2, True), ("in-sample", 2, False), ("walk-forward", 4, False), ("buy and hold", 2, False))
_COLUMNS = (
    Column("#"),
    Column("strategy and genes", text=True),
    Column("Sharpe"),
    Column("return"),
    Column("Sharpe"),
    Column("return"),
    Column("drawdown"),
    Column("trades"),
    Column("Sharpe"),
    Column("return"),
)


def leaderboard_section(data: ReportData) -> Section:
    """List the best genomes of the run."""
    rows = [
        _row(rank, individual, individual.evaluation.scored, data.judged.hold_walk_forward)
        for rank, individual in enumerate(data.judged.board[:_ROWS], start=1)
        if individual.evaluation.scored
    ]
    rows.append(_benchmark(data.judged))
    note = (
        "Ordered by the worse of in-sample and walk-forward score. "
        "Buy-and-hold is measured on the walk-forward span."
    )
    if len(data.judged.board) > _ROWS:
        note += f" The best {_ROWS} of {count(len(data.judged.board))} genomes."
    return Section("leaderboard", "Leaderboard", note, [TableBlock(_COLUMNS, rows, groups=_GROUPS)])


def _row(rank: int, individual: Individual, scored: Scored, hold: Measures) -> TableRow:
    genome = individual.genome
    cells = [
        TableCell(f"{rank}"),
        TableCell(genome.strategy),
        *_pair(scored.in_sample),
        *_forward(scored.walk_forward),
    ]
    genes = compact_genes(genome, seed_strategies())
    return TableRow([*cells, *_pair(hold)], "champion" if rank == 1 else "", beneath=genes)


def _benchmark(judged: Judged) -> TableRow:
    forward = judged.hold_walk_forward
    cells = [TableCell(""), TableCell("buy and hold"), *_pair(judged.hold_in_sample), *_forward(forward)]
    return TableRow([*cells, TableCell(""), TableCell("")], "benchmark")


def _pair(measures: Measures) -> list[TableCell]:
    return [TableCell(ratio(measures.sharpe)), TableCell(signed_percent(measures.total_return))]


def _forward(measures: Measures) -> list[TableCell]:
    return [*_pair(measures), TableCell(percent(measures.max_drawdown)), TableCell(count(measures.trades))]
