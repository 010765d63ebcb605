"""Where a genome of a run comes from: its ancestors, as the report draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.evolution.population import Individual
from genepool.pool.ancestry import ancestry
from genepool.usecases.document import Document
from genepool.usecases.genome_of_run import Which, born_as
from genepool.usecases.page_counts import checked_count
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class Relative(Document):
    """A genome, or an ancestor of it."""

    fingerprint: str
    strategy: str
    genes: Mapping[str, float]
    born: int
    operator: str
    parents: Sequence[str]
    changed: Sequence[str]
    fitness: float | None
    selection_score: float | None


@dataclass(frozen=True, slots=True)
class GenomeLineage(Document):
    """A genome and its ancestors, the newest first.

    Parameters
    ----------
    left_out
        How many further ancestors there are.
    """

    run: str
    fingerprint: str
    members: Sequence[Relative]
    left_out: int


def genome_lineage(past: PastRun, which: Which, count: int = 30) -> GenomeLineage:
    """Return a genome's ancestors: the line of first parents whole, then those nearest to it.

    Parameters
    ----------
    past
        The run.
    which
        Place or fingerprint.
    count
        How many at most, unless the line of first parents is longer.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    """
    count = checked_count(count)
    individual = born_as(past, which)
    found = ancestry(individual, past.census.births, past.read, count)
    members = [_relative(one) for _, one in found.members]
    return GenomeLineage(past.name, individual.genome.fingerprint, members, found.left_out)


def _relative(individual: Individual) -> Relative:
    candidate = individual.candidate
    return Relative(
        fingerprint=candidate.genome.fingerprint,
        strategy=candidate.genome.strategy,
        genes=dict(candidate.genome.genes),
        born=individual.born,
        operator=candidate.operator,
        parents=candidate.parents,
        changed=candidate.changed,
        fitness=individual.fitness,
        selection_score=individual.evaluation.selection_score,
    )
