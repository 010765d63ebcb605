"""Sections about the search: luck, fitness, species, neighbourhood, family."""

import math
from collections.abc import Sequence

from genepool.adapters.report.blocks import (
    Block,
    ChartBlock,
    Column,
    Section,
    TableBlock,
    TableCell,
    TableRow,
    TextBlock,
)
from genepool.adapters.report.lineage import ancestry_figure
from genepool.adapters.report.neighbourhood_figure import neighbourhood_figure
from genepool.adapters.report.notation import NONE, count, ratio
from genepool.adapters.report.search_figures import fitness_figure, luck_figure, species_figure
from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome
from genepool.genome_notation import gene_value
from genepool.pool.ancestry import Ancestry
from genepool.pool.report_data import ReportData
from genepool.robustness.luck import LuckPoint
from genepool.robustness.neighbourhood import Neighbourhood
from genepool.robustness.performance import CHAMPION


def luck_section(luck: Sequence[LuckPoint], too_short: str | None = None) -> Section:
    """Best Sharpe so far against what luck alone would show; of a span too short for a year, why not."""
    if too_short:
        told = f"No Sharpe ratio is drawn: {too_short}."
        return Section("luck-curve", "Luck", "", [TextBlock(told)])
    note = (
        "A search that tries enough strategies on noise finds a good one. The line beneath is the Sharpe "
        "expected of the best of as many tries on noise; only what stands well above it deserves belief. The "
        "curve is the best in-sample Sharpe of any genome of this run; the champion is chosen by both spans."
    )
    return Section("luck-curve", "Luck", note, [ChartBlock(luck_figure(luck))])


def search_section(data: ReportData) -> Section:
    """Fitness and species by generation."""
    return Section(
        "search",
        "The search",
        "Fitness is the objective on the in-sample span. The band holds the middle half of the population.",
        [
            ChartBlock(fitness_figure(data), "Fitness by generation"),
            ChartBlock(species_figure(data), "Species over time"),
        ],
    )


def neighbourhood_section(found: Neighbourhood, champion: Genome, objective: str) -> Section:
    """Show the champion among its neighbours, and list what was evaluated for that."""
    extra = len(found.extra)
    note = (
        "The champion with the two genes that move its score most set otherwise: a plateau is worth more "
        "than a needle. Cells show the worse of in-sample and walk-forward score. A dot marks what the run "
        f"evaluated. {count(extra)} genomes were evaluated for this picture alone, to find its two genes and "
        "to fill its cells: they are no candidates and were never selected, but they are tries on the same "
        "candles, and the ledger counts them."
    )
    blocks: list[Block] = [ChartBlock(neighbourhood_figure(found, objective))]
    if extra:
        blocks.append(_evaluated(found, champion))
    return Section("neighbourhood-map", "Neighbourhood", note, blocks)


def _evaluated(found: Neighbourhood, champion: Genome) -> TableBlock:
    columns = (
        Column("fingerprint", text=True),
        Column("differs in", text=True),
        Column("score"),
        Column("in-sample"),
        Column("walk-forward"),
    )
    ordered = sorted(found.extra, key=lambda one: (-_score(one), one.genome.fingerprint))
    rows = [_tried(evaluation, champion) for evaluation in ordered]
    return TableBlock(columns, rows, folded=f"All {count(len(rows))} genomes evaluated for this picture")


def _tried(evaluation: Evaluation, champion: Genome) -> TableRow:
    scored, genome = evaluation.scored, evaluation.genome
    scores = (_score(evaluation), scored.scores[0], scored.walk_forward_scores[0]) if scored else ()
    figures = [ratio(score) for score in scores] or [NONE] * 3
    moved = ", ".join(
        f"{name}={gene_value(value)}" for name, value in genome.genes if champion.values[name] != value
    )
    return TableRow([TableCell(text) for text in (genome.fingerprint, moved, *figures)])


def _score(evaluation: Evaluation) -> float:
    score = evaluation.selection_score
    return -math.inf if score is None else score


def family_section(found: Ancestry, who: str = CHAMPION) -> Section:
    """Show the ancestors of the champion, or of another genome."""
    note = (
        "Newest on top. Ochre births have no parents: they were drawn at random, at the start or as "
        "immigrants."
    )
    if found.left_out:
        note += f" {count(found.left_out)} more distant ancestors are left out."
    return Section("family-tree", "Family tree", note, [ChartBlock(ancestry_figure(found, who))])
