"""One genome of a run, as people read it."""

from dataclasses import fields

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from genepool.backtest.caveats import caveats, reading_of
from genepool.cli._measure_text import measure_name
from genepool.evolution.population import Individual
from genepool.genome_notation import gene_value
from genepool.history import RunSpec
from genepool.market.measures import Measures
from genepool.strategies import seed_strategies


def genome_page(rank: int, individual: Individual, spec: RunSpec) -> RenderableType:
    """Return genes, measures and lineage of one genome.

    Parameters
    ----------
    rank
        Its place on the leaderboard.
    individual
        The individual to show.
    spec
        Its run.
    """
    candidate = individual.candidate
    synthetic = ", synthetic" if spec.synthetic else ""
    head = Text.assemble(
        (candidate.genome.strategy, "bold"),
        f" {candidate.genome.fingerprint}, rank {rank} of {spec.run} on {spec.symbol} {spec.timeframe}",
        synthetic,
    )
    parents = " and ".join(candidate.parents) or "none"
    born = Text(f"born in generation {individual.born} by {candidate.operator}, parents: {parents}", "dim")
    per_year = spec.annualised_by
    reasons = [Text(line, "dim") for line in _reasons(individual, per_year)]
    return Group(head, born, _genes(individual), _measures(individual, per_year), *reasons)


def _genes(individual: Individual) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    table.add_column("gene", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("meaning")
    genome = individual.genome
    strategy = seed_strategies().get(genome.strategy)
    known = {gene.name: gene for gene in strategy.all_genes} if strategy else {}
    for name, value in genome.genes:
        gene = known.get(name)
        off = gene is not None and gene.off == value
        table.add_row(name, gene_value(value), gene.meaning if gene else "", style="dim" if off else "")
    return table


def _measures(individual: Individual, per_year: float) -> Table:
    scored = individual.evaluation.scored
    spans = scored.spans if scored else {}
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in spans:
        table.add_column(name, justify="right", no_wrap=True)
    if spans:
        for field in fields(Measures):
            texts = (reading_of(field.name, measures, per_year).text for measures in spans.values())
            table.add_row(measure_name(field.name), *texts)
    return table


def _reasons(individual: Individual, per_year: float) -> list[str]:
    """Return why measures are dashes or bounds, one line a reason and span."""
    scored = individual.evaluation.scored
    lines = []
    for span, measures in (scored.spans if scored else {}).items():
        found = caveats(measures, per_year)
        for reason in dict.fromkeys(found.values()):
            names = ", ".join(measure_name(name) for name, why in found.items() if why == reason)
            lines.append(f"{span}, {names}: {reason}")
    return lines
