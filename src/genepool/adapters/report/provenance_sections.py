"""Sections that let a reader check: genes, costs, split, what was left out, digests, the command."""

from collections.abc import Mapping

from genepool.adapters.report.blocks import (
    Block,
    Column,
    CommandBlock,
    FactsBlock,
    Section,
    TableBlock,
    TableCell,
    TableRow,
)
from genepool.adapters.report.charts.time_ticks import minute
from genepool.adapters.report.notation import count, percent, plain_percent, typeset
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.genome_notation import gene_value
from genepool.market.costs import NOT_CHARGED
from genepool.pool.commands import reproduce_command
from genepool.pool.report_data import ReportData
from genepool.robustness.performance import CHAMPION
from genepool.strategies import Strategy

_REASONS = 8


def champion_section(genome: Genome, strategies: Mapping[str, Strategy], who: str = CHAMPION) -> Section:
    """Every gene of the champion, or of another genome, with its bounds and meaning."""
    strategy = strategies.get(genome.strategy)
    known = {gene.name: gene for gene in strategy.all_genes} if strategy else {}
    rows = []
    for name, value in genome.genes:
        gene = known.get(name)
        off = gene is not None and gene.off == value
        bounds = typeset(f"{gene_value(gene.low)} to {gene_value(gene.high)}") if gene else ""
        cells = (
            TableCell(name),
            TableCell(typeset(gene_value(value)) + (" (off)" if off else "")),
            TableCell(bounds),
            TableCell(gene.meaning if gene else "This gene is no longer known."),
        )
        rows.append(TableRow(cells))
    columns = (Column("gene", text=True), Column("value"), Column("bounds"), Column("meaning", text=True))
    note = f"{genome.strategy}: {strategy.summary} After {strategy.source}" if strategy else genome.strategy
    return Section(who, f"The {who}'s genes", note, [TableBlock(columns, rows)])


def rules_section(data: ReportData) -> Section:
    """Costs, split and breeding."""
    return Section(
        "rules",
        "The rules of the run",
        "",
        [
            FactsBlock(_costs(data), "Costs"),
            TableBlock(
                (
                    Column("span", text=True),
                    Column("from (UTC)", text=True),
                    Column("to (UTC)", text=True),
                    Column("candles"),
                ),
                _spans(data),
                "Split",
            ),
            FactsBlock(_breeding(data), "Breeding"),
        ],
    )


def left_out_section(data: ReportData) -> Section | None:
    """Strategies that did not take part, and genomes that could not be evaluated."""
    blocks: list[Block] = []
    if data.spec.left_out:
        rows = [TableRow((TableCell(name), TableCell(reason))) for name, reason in data.spec.left_out]
        blocks.append(
            TableBlock((Column("strategy", text=True), Column("why", text=True)), rows, "Strategies")
        )
    if data.failures:
        ordered = sorted(data.failures.items(), key=lambda entry: (-entry[1], str(entry[0])))[:_REASONS]
        rows = [
            TableRow((TableCell(error or "no reason given"), TableCell(count(n)))) for error, n in ordered
        ]
        blocks.append(
            TableBlock((Column("why", text=True), Column("genomes")), rows, "Evaluations that failed")
        )
    return Section("left-out", "Left out", "", blocks) if blocks else None


def provenance_section(data: ReportData) -> Section:
    """Digests, and the line that repeats the run."""
    spec = data.spec
    stopped = (
        " The run had a time limit, so that a faster or slower machine may stop elsewhere."
        if spec.settings.minutes
        else ""
    )
    return Section(
        "provenance",
        "Provenance",
        f"The same seed, data and version give the same run digest on any number of workers.{stopped}",
        [
            FactsBlock(
                [
                    ("data", f"{spec.data} ({'synthetic' if spec.synthetic else 'recorded on a market'})"),
                    ("data digest", spec.data_digest),
                    ("problem digest", spec.problem_digest),
                    ("run digest", data.digest or f"none: the run is {data.state}"),
                    ("seed", str(spec.seed)),
                    ("version", f"genepool {spec.version}"),
                ]
            ),
            CommandBlock(reproduce_command(spec), "To repeat it"),
        ],
    )


def _costs(data: ReportData) -> list[tuple[str, str]]:
    costs = data.spec.costs
    slippage = f"{plain_percent(costs.slippage)} of the price"
    if costs.slippage_atr_share:
        slippage += f" and {plain_percent(costs.slippage_atr_share)} of the average true range"
    margin = plain_percent(costs.maintenance_margin)
    return [
        ("taker fee", plain_percent(costs.taker_fee)),
        ("maker fee", plain_percent(costs.maker_fee)),
        ("slippage", slippage),
        ("spread", plain_percent(costs.spread)),
        ("leverage", f"at most {costs.max_leverage:g}, maintenance margin {margin}"),
        ("not charged", NOT_CHARGED),
    ]


def _spans(data: ReportData) -> list[TableRow]:
    split, stamps = data.split, data.stamps
    spans = [("in-sample", split.in_sample), *((f"fold {k + 1}", fold) for k, fold in enumerate(split.folds))]
    rows = [
        TableRow(
            (
                TableCell(name),
                TableCell(minute(int(stamps[start]))),
                TableCell(minute(int(stamps[stop - 1]))),
                TableCell(count(stop - start)),
            )
        )
        for name, (start, stop) in spans
    ]
    sealed = split.length - split.visible
    if sealed:
        cells = (
            TableCell("sealed holdout"),
            TableCell("not opened"),
            TableCell(""),
            TableCell(count(sealed)),
        )
        rows.append(TableRow(cells))
    return rows


def _breeding_rates(settings: EvolutionSettings) -> list[tuple[str, str]]:
    """Return what the genetic optimizer alone goes by."""
    if settings.optimizer != "genetic":
        return []
    return [
        ("elites, floor", f"{settings.elites} per species, at least {settings.species_floor} members each"),
        (
            "crossover, mutation",
            f"{settings.crossover_rate:g} per offspring, {settings.mutation_rate:g} per gene",
        ),
        ("immigrants", percent(settings.immigrant_share)),
    ]


def _breeding(data: ReportData) -> list[tuple[str, str]]:
    settings = data.spec.settings
    return [
        ("objective", data.spec.objective),
        ("optimizer", data.spec.settings.optimizer),
        (
            "population",
            (
                f"{count(settings.population_size)} individuals, "
                f"{count(data.generations)} generations recorded"
            ),
        ),
        ("unique genomes", count(data.evaluations)),
        *_breeding_rates(settings),
        ("purge, embargo", f"{data.spec.split.purge} and {data.spec.split.embargo} candles round each fold"),
        ("strategies", ", ".join(data.spec.strategies)),
    ]
