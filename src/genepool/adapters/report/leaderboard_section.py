"""The leaderboard, and what holding and short-holding made beneath it."""

from collections.abc import Mapping, Sequence

from genepool.adapters.report.blocks import Column, Section, TableBlock, TableCell, TableRow
from genepool.adapters.report.notation import count, measure, ratio
from genepool.backtest.caveats import BOARD_MEASURES, reading_of, unread
from genepool.backtest.evaluation import Scored
from genepool.backtest.stretches import IN_SAMPLE, WALK_FORWARD
from genepool.evolution.population import Individual
from genepool.genome_notation import compact_genes
from genepool.market.measures import Measures
from genepool.pool.report_data import ReportData
from genepool.robustness.luck import HeldBenchmark
from genepool.robustness.verdict_words import CHOSEN_BY
from genepool.strategies import Strategy

_ROWS = 20
_SPAN = (Column("Sharpe"), Column("return"), Column("drawdown"), Column("trades"))
_GROUPS = (("", 3, True), ("in-sample", len(_SPAN), False), ("walk-forward", len(_SPAN), False))
_COLUMNS = (Column("#"), Column("strategy and genes", text=True), Column("score"), *_SPAN, *_SPAN)


def leaderboard_section(data: ReportData) -> Section:
    """List the best genomes of the run."""
    judged, per_year = data.judged, data.judged.candles_per_year
    rows = [
        _row(rank, individual, individual.evaluation.scored, per_year, data.strategies)
        for rank, individual in enumerate(judged.board[:_ROWS], start=1)
        if individual.evaluation.scored
    ]
    for held in (judged.hold, judged.short):
        rows += _benchmark(held, per_year)
    note = (
        f"Ordered by score, {CHOSEN_BY} ({data.spec.objective}); the first is the champion. Walk-forward "
        "figures are those inside the folds, holding and short-holding included; the whole span reaches from "
        "the first fold's first candle to the last one's last, the candles between folds included."
    )
    if judged.ranking.length > _ROWS:
        note += f" The best {_ROWS} of {count(judged.ranking.length)} genomes."
    spans = {IN_SAMPLE: judged.hold.in_sample, WALK_FORWARD: judged.hold.walk_forward}
    note += "".join(f" No Sharpe {span}: {reason}." for span, reason in unread(spans, per_year).items())
    return Section("leaderboard", "Leaderboard", note, [TableBlock(_COLUMNS, rows, groups=_GROUPS)])


def _row(
    rank: int,
    individual: Individual,
    scored: Scored,
    per_year: float,
    strategies: Mapping[str, Strategy],
) -> TableRow:
    genome, score = individual.genome, individual.evaluation.selection_score or 0.0
    genes = compact_genes(genome, strategies)
    figures = [*_figures(scored.in_sample, per_year), *_figures(scored.walk_forward, per_year)]
    cells = _cells([f"{rank}", genome.strategy, ratio(score), *figures])
    return TableRow(cells, "champion" if rank == 1 else "", beneath=genes)


def _benchmark(held: HeldBenchmark, per_year: float) -> list[TableRow]:
    inside = [*_figures(held.in_sample, per_year), *_figures(held.walk_forward, per_year)]
    whole = [*[""] * len(_SPAN), *_figures(held.whole, per_year)]
    rows = ["", held.title, "", *inside], ["", f"{held.title}, whole span", "", *whole]
    return [TableRow(_cells(texts), "benchmark") for texts in rows]


def _cells(texts: Sequence[str]) -> list[TableCell]:
    return [TableCell(text) for text in texts]


def _figures(measures: Measures, per_year: float) -> list[str]:
    return [measure(reading_of(name, measures, per_year)) for name in BOARD_MEASURES]
