"""The champion's ancestors, back to the genomes that were drawn at the start."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.tree import Birth, family_tree
from genepool.adapters.report.notation import ratio
from genepool.evolution.population import Individual
from genepool.genome_notation import compact_genes, gene_value
from genepool.strategies import seed_strategies

_ROWS = 30
_HEADINGS = ("born", "fitness", "how", "genes changed from the first parent")


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The champion and its ancestors.

    Parameters
    ----------
    members
        (generation of birth, individual), newest first, the champion on top.
    left_out
        How many further ancestors there are.
    """

    members: tuple[tuple[int, Individual], ...]
    left_out: int


def ancestry(champion: Individual, newborn: Iterable[tuple[int, Individual]], rows: int = _ROWS) -> Ancestry:
    """Walk from the champion to its parents and theirs.

    The line of first parents is always complete; beside it those nearest to the champion are kept.

    Parameters
    ----------
    champion
        Where to start.
    newborn
        Every individual of the run with its generation of birth.
    rows
        Individuals to keep, the line of first parents counted.
    """
    born = {individual.genome.fingerprint: (k, individual) for k, individual in newborn}
    name = champion.genome.fingerprint
    born.setdefault(name, (champion.born, champion))
    everyone = _breadth_first(name, born)
    trunk = _first_parents(name, born)
    kept = list(dict.fromkeys([*trunk, *everyone]))[: max(rows, len(trunk))]
    members = sorted((born[each] for each in kept), key=lambda m: (-m[0], m[1].genome.fingerprint))
    return Ancestry(tuple(members), len(everyone) - len(kept))


def ancestry_figure(found: Ancestry) -> str:
    """Draw the family tree."""
    individuals = {individual.genome.fingerprint: individual for _, individual in found.members}
    births = [_birth(k, individual, individuals) for k, individual in found.members]
    champion = found.members[0][1].genome
    caption = Caption(
        "family",
        "Family tree of the champion",
        f"{len(births)} births lead to the champion {champion.fingerprint}, the newest on top.",
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


def _birth(generation: int, individual: Individual, known: Mapping[str, Individual]) -> Birth:
    candidate, genome = individual.candidate, individual.genome
    parent = known.get(candidate.parents[0]) if candidate.parents else None
    fitness = "failed" if individual.fitness is None else ratio(individual.fitness)
    changed = changes(individual, parent)
    parents = " and ".join(candidate.parents) or "none"
    return Birth(
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


def _breadth_first(start: str, born: Mapping[str, tuple[int, Individual]]) -> list[str]:
    found, waiting = {start: None}, deque([start])
    while waiting:
        for parent in born[waiting.popleft()][1].candidate.parents:
            if parent in born and parent not in found:
                found[parent] = None
                waiting.append(parent)
    return list(found)


def _first_parents(start: str, born: Mapping[str, tuple[int, Individual]]) -> list[str]:
    line = [start]
    while (parents := born[line[-1]][1].candidate.parents) and parents[0] in born and parents[0] not in line:
        line.append(parents[0])
    return line
