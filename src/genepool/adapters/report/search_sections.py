"""Sections about the search: luck, fitness, species, neighbourhood, family."""

from collections.abc import Sequence

from genepool.adapters.report.blocks import ChartBlock, Section
from genepool.adapters.report.data import Neighbourhood, ReportData
from genepool.adapters.report.lineage import ancestry, ancestry_figure
from genepool.adapters.report.neighbourhood import neighbourhood_figure
from genepool.adapters.report.notation import count
from genepool.adapters.report.search_figures import fitness_figure, luck_figure, species_figure
from genepool.evolution.population import Individual
from genepool.robustness.luck import LuckPoint


def luck_section(luck: Sequence[LuckPoint]) -> Section:
    """Best Sharpe so far against what luck alone would show."""
    note = (
        "Whoever tries enough strategies on noise finds a good one. The line beneath is the Sharpe expected "
        "of the best of as many tries on noise; only what stands well above it deserves belief."
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


def neighbourhood_section(found: Neighbourhood, objective: str) -> Section:
    """Show the champion among its neighbours."""
    fresh = sum(not cell.evaluated_in_run for cell in found.cells)
    note = (
        "The champion with the two genes that move its score most set otherwise: a plateau is worth more "
        "than a needle. Cells show the worse of in-sample and walk-forward score. A dot marks what the run "
        f"evaluated; the other {count(fresh)} were evaluated for this picture alone: they are no candidates "
        "and were never selected."
    )
    return Section(
        "neighbourhood-map",
        "Neighbourhood",
        note,
        [ChartBlock(neighbourhood_figure(found, objective))],
    )


def family_section(data: ReportData, champion: Individual) -> Section:
    """Show the champion's ancestors."""
    found = ancestry(champion, data.newborn)
    note = (
        "Newest on top. Ochre births have no parents: they were drawn at random, at the start or as "
        "immigrants."
    )
    if found.left_out:
        note += f" {count(found.left_out)} more distant ancestors are left out."
    return Section("family-tree", "Family tree", note, [ChartBlock(ancestry_figure(found))])
