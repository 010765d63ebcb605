"""Individuals and populations, frozen: a recorded population is the whole state of a run."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.genome import Genome

Operator: TypeAlias = Literal[
    "initial", "crossover", "mutation", "crossover+mutation", "immigrant", "suggested"
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A genome that wants to be evaluated, with its lineage.

    Parameters
    ----------
    genome
        The genome.
    operator
        How it was born; suggested by the model of an optimizer that has one.
    parents
        Fingerprints of its parents, none but for those that were bred.
    changed
        Names of the genes in which it differs from its first parent.
    """

    genome: Genome
    operator: Operator
    parents: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Individual:
    """A candidate with its evaluation, as member of a population.

    Parameters
    ----------
    candidate
        Genome and lineage.
    evaluation
        Its result.
    born
        Generation in which it was first evaluated.
    elite
        Whether it was carried over from the generation before.
    """

    candidate: Candidate
    evaluation: Evaluation
    born: int
    elite: bool = False

    @property
    def genome(self) -> Genome:
        """Its genome."""
        return self.candidate.genome

    @property
    def fitness(self) -> float | None:
        """In-sample fitness; None when its evaluation failed."""
        return self.evaluation.fitness


@dataclass(frozen=True, slots=True)
class Population:
    """All individuals of one generation, best first (fitness, then fingerprint; failures last).

    Parameters
    ----------
    generation
        Number of the generation, 0 for the first.
    individuals
        Its members.
    """

    generation: int
    individuals: tuple[Individual, ...]


def best_fitness(population: Population) -> float | None:
    """Return the best in-sample fitness of a population; None when every evaluation failed."""
    scores = [one.fitness for one in population.individuals if one.fitness is not None]
    return max(scores, default=None)
