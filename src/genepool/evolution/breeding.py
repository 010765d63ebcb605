"""Candidates for the slots of a generation: children of two parents, and random genomes.

All slots at once, as numbers until they are candidates: one by one, with a generator a slot, an individual
took 190 microseconds, as much as evaluating it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from genepool.evolution import breeding_kernel as kernels
from genepool.evolution.gene_tables import GeneTables
from genepool.evolution.population import Candidate, Individual, Operator
from genepool.evolution.replayed_philox import entropy_words
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import OFF_CHANCE, Gene, Genome
from genepool.randomness import Purpose
from genepool.risk_genes import RISK_GENES
from genepool.strategies import Strategy

_OPERATORS: dict[int, Operator] = {
    kernels.CROSSED: "crossover",
    kernels.MUTATED: "mutation",
    kernels.BOTH: "crossover+mutation",
}


def differences(parent: Genome, child: Genome) -> tuple[str, ...]:
    """Return the names of the genes in which a child differs from its parent, in gene order."""
    before = zip(child.genes, parent.genes, strict=True)
    return tuple([name for (name, value), (_, other) in before if value != other])


@dataclass(frozen=True, slots=True)
class Brood:
    """The children of one generation.

    Parameters
    ----------
    species
        The species of each slot.
    living
        Those that may be parents, best first.
    breed
        Breeds a child for each of some slots: their numbers, and which attempt it is.
    tables
        Genomes by gene indices, of each species.
    """

    species: Sequence[str]
    living: Sequence[Individual]
    breed: Callable[[range, int], kernels.Children]
    tables: Mapping[str, GeneTables]

    def first(self) -> Iterator[Candidate | None]:
        """Yield the first child of each slot, None where a species has no living parent."""
        yield from self._children(range(len(self.species)), 0)

    def another(self, slot: int, attempt: int) -> Candidate | None:
        """Return the child that a slot breeds after so many others."""
        return next(self._children(range(slot, slot + 1), attempt))

    def _children(self, slots: range, attempt: int) -> Iterator[Candidate | None]:
        rows, pairs, hows = (column.tolist() for column in self.breed(slots, attempt))
        for slot, row, pair, how in zip(slots, rows, pairs, hows, strict=True):
            yield self._child(self.species[slot], row, pair, how) if how else None

    def _child(self, species: str, row: list[int], pair: list[int], how: int) -> Candidate:
        first, mate = self.living[pair[0]].genome, self.living[pair[1]].genome
        genome = self.tables[species].genome_at(row)
        crossed = how & kernels.CROSSED
        parents = (first.fingerprint, mate.fingerprint) if crossed else (first.fingerprint,)
        return Candidate(genome, _OPERATORS[how], parents, differences(first, genome))


class Breeding:
    """Breeds and draws by a run's seed.

    Parameters
    ----------
    strategies
        The species, by name.
    settings
        Rates and tournament size.
    seed
        The run's seed.
    """

    def __init__(self, strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int) -> None:
        self._seed = seed
        self._rates = kernels.Rates(
            settings.tournament_size, float(settings.crossover_rate), float(settings.mutation_rate)
        )
        self._tables = {name: GeneTables(strategy) for name, strategy in strategies.items()}
        self._numbers = {name: number for number, name in enumerate(strategies)}
        self._genes = [strategy.all_genes for strategy in strategies.values()]

    def drawn(
        self, species: Sequence[str], slots: range, generation: int, operator: Operator
    ) -> Iterator[Candidate]:
        """Yield what ``Strategy.random_genome`` draws first for each of some slots.

        Parameters
        ----------
        species
            The species of each slot.
        slots
            Their numbers.
        generation
            The generation.
        operator
            How they are born.
        """
        purpose = Purpose.IMMIGRANT if generation else Purpose.INITIAL_GENOME
        entropy = entropy_words(self._seed, int(purpose), generation, 0)
        rows = kernels.drawn(entropy, np.array(slots), self._numbered(species), self._space, OFF_CHANCE)
        for name, row in zip(species, rows.tolist(), strict=True):
            yield Candidate(self._tables[name].genome_at(row), operator)

    def brood(self, species: Sequence[str], living: Sequence[Individual], generation: int) -> Brood:
        """Return the children of a generation.

        Parameters
        ----------
        species
            The species of each slot.
        living
            Those that may be parents, best first.
        generation
            The generation.
        """
        entropy = entropy_words(self._seed, int(Purpose.SELECTION), generation, 0)
        breed = partial(self._bred, entropy, self._numbered(species), self._parents(living))
        return Brood(species, living, breed, self._tables)

    def _bred(
        self,
        entropy: NDArray[np.uint64],
        species: NDArray[np.int64],
        parents: kernels.Parents,
        slots: range,
        attempt: int,
    ) -> kernels.Children:
        kinds = species[slots.start : slots.stop]
        return kernels.bred(entropy, np.array(slots), kinds, attempt, self._space, parents, self._rates)

    def _numbered(self, species: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self._numbers[name] for name in species], dtype=np.int64)

    def _parents(self, living: Sequence[Individual]) -> kernels.Parents:
        places: dict[str, list[int]] = {name: [] for name in self._numbers}
        for place, one in enumerate(living):
            places[one.genome.strategy].append(place)
        indices = np.zeros((len(living), self._space.sizes.shape[1]), np.int64)
        risk = np.zeros((len(living), len(RISK_GENES)), np.int64)
        for name, own in places.items():
            if own:
                rows = np.array([self._tables[name].indices_of(living[place].genome) for place in own])
                indices[own, : rows.shape[1]] = rows
                risk[own] = rows[:, -risk.shape[1] :]
        ends = np.cumsum([0, *map(len, places.values())])
        return kernels.Parents(indices, risk, np.array([*chain(*places.values())], dtype=np.int64), ends)

    @cached_property
    def _space(self) -> kernels.GeneSpace:
        shape = len(self._genes), max(map(len, self._genes))
        sizes, offs = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
        for number, genes in enumerate(self._genes):
            sizes[number, : len(genes)] = [gene.size for gene in genes]
            offs[number, : len(genes)] = [_off_index(gene) for gene in genes]
        return kernels.GeneSpace(sizes, offs, np.array([len(genes) for genes in self._genes]))


def _off_index(gene: Gene) -> int:
    return -1 if gene.off is None else gene.index(gene.off)
