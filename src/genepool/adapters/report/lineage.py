"""The champion's ancestors, drawn."""

from collections.abc import Mapping

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.tree import TreeRow, family_tree
from genepool.adapters.report.notation import ratio
from genepool.evolution.population import Individual
from genepool.genome_notation import compact_genes, gene_value
from genepool.pool.ancestry import Ancestry
from genepool.robustness.performance import CHAMPION
from genepool.strategies import seed_strategies

_HEADINGS = ("born", "fitness", "how", "genes changed from the first parent")


def ancestry_figure(found: Ancestry, who: str = CHAMPION) -> str:
    """Draw the family tree."""
    individuals = {individual.genome.fingerprint: individual for _, individual in found.members}
    births = [_birth(k, individual, individuals) for k, individual in found.members]
    genome = found.members[0][1].genome
    caption = Caption(
        "family",
        f"Family tree of the {who}",
        f"{len(births)} births lead to the {who} {genome.fingerprint}, the newest on top.",
    )
    return family_tree(caption, births, _HEADINGS)


def changes(individual: Individual, first_parent: Individual | None) -> str:
    """Say in few characters what sets an individual apart from its first parent."""
    changed = individual.candidate.changed
    if first_parent is None or not changed:
        return compact_genes(individual.genome, seed_strategies()) if first_parent is None else "nothing"
    before, after = first_parent.genome.values, individual.genome.values
    return ", ".join(
        f"{name} {gene_value(before[name])} → {gene_value(after[name])}"
        for name in changed
        if name in before and name in after
    )


def _birth(generation: int, individual: Individual, known: Mapping[str, Individual]) -> TreeRow:
    candidate, genome = individual.candidate, individual.genome
    parent = known.get(candidate.parents[0]) if candidate.parents else None
    fitness = "failed" if individual.fitness is None else ratio(individual.fitness)
    changed = changes(individual, parent)
    parents = " and ".join(candidate.parents) or "none"
    return TreeRow(
        genome.fingerprint,
        candidate.parents,
        (
            f"{generation}",
            fitness,
            candidate.operator,
            changed if candidate.parents else f"{genome.strategy}: {changed}",
        ),
        f"{genome.fingerprint}, parents: {parents}. "
        f"{genome.strategy} {compact_genes(genome, seed_strategies())}",
        "seed" if not candidate.parents else "bred",
    )
