"""Who was born in a run, in some forty bytes each: enough to rank everybody and to find a family."""

from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from genepool.evolution.population import Individual
from genepool.history import BirthLine

_Places: TypeAlias = NDArray[np.uint32]


class Birth(NamedTuple):
    """Where an individual is found in the history.

    Parameters
    ----------
    generation
        In which it was first evaluated.
    fingerprint
        Of its genome.
    """

    generation: int
    fingerprint: str


class Family(NamedTuple):
    """An individual's ancestors.

    Parameters
    ----------
    kept
        Itself, its line of first parents, then those nearest to it.
    left_out
        How many further ancestors there are.
    """

    kept: tuple[Birth, ...]
    left_out: int


class Births:
    """A fold over everybody who is born; ask it when all of them were taken.

    It holds a name, a score, a generation and the parents' names of each, and no individual. A genome
    that is born twice counts once.
    """

    def __init__(self) -> None:
        self._names, self._scores = array("Q"), array("d")
        self._generations, self._parents, self._ends = array("I"), array("Q"), array("I")

    def __len__(self) -> int:
        return len(self._names)

    def take(self, generation: int, individual: Individual) -> None:
        """Add the next individual in the order asked."""
        genome, score = individual.genome, individual.evaluation.selection_score
        self.add(
            BirthLine(generation, genome.fingerprint, genome.strategy, score, individual.candidate.parents)
        )

    def add(self, line: BirthLine) -> None:
        """Add the next individual by its line."""
        self._names.append(int(line.fingerprint, 16))
        self._scores.append(np.nan if line.score is None else line.score)
        self._generations.append(line.generation)
        self._parents.extend(int(name, 16) for name in line.parents)
        self._ends.append(len(self._parents))

    @property
    def genomes(self) -> int:
        """How many unique genomes there are."""
        return len(self._unique)

    @property
    def ranked(self) -> int:
        """How many places the leaderboard has."""
        return len(self._by_rank)

    def genomes_until(self, births: int) -> int:
        """Return how many unique genomes there are among the first births."""
        return len(np.unique(_numbers(self._names)[:births])) if len(self) > self.genomes else births

    def at(self, rank: int) -> Birth:
        """Return who has a place of the leaderboard, 1 for the champion."""
        return self._birth(int(self._by_rank[rank - 1]))

    def rank(self, fingerprint: str) -> int:
        """Return a genome's place on the leaderboard; it must have scored."""
        names, scores = _numbers(self._names)[self._unique], _numbers(self._scores)[self._unique]
        name = np.uint64(int(fingerprint, 16))
        score = scores[np.searchsorted(names, name)]
        ahead = np.count_nonzero(scores > score) + np.count_nonzero((scores == score) & (names < name))
        return 1 + int(ahead)

    def find(self, fingerprints: Sequence[str]) -> list[Birth]:
        """Return those of some genomes that were born."""
        wanted = np.array([int(name, 16) for name in fingerprints], dtype=np.uint64)
        return [self._birth(int(place)) for place in self._located(wanted)]

    def family(self, fingerprint: str, rows: int, longest_line: int) -> Family:
        """Walk from an individual, born here, to its parents and theirs.

        Parameters
        ----------
        fingerprint
            Where to start.
        rows
            Individuals to keep, the line of first parents counted.
        longest_line
            How much of the line of first parents is kept although it has more individuals than rows.
        """
        start = int(self._located(np.array([int(fingerprint, 16)], dtype=np.uint64))[0])
        line = self._first_parents(start, longest_line)
        nearest, ancestors = self._breadth_first(start, rows)
        kept = list(dict.fromkeys([*line, *nearest]))[: max(rows, len(line))]
        return Family(tuple(self._birth(place) for place in kept), ancestors - len(kept))

    def _breadth_first(self, start: int, rows: int) -> tuple[list[int], int]:
        """Return the nearest, and how many there are in all; the start is one of them."""
        met = np.zeros(len(self), dtype=np.bool_)
        level, nearest, count = np.array([start], dtype=np.uint32), list[int](), 0
        met[start] = True
        while len(level):
            count += len(level)
            nearest += level[: max(0, rows - len(nearest))].tolist()
            elders = self._located(np.concatenate([self._parents_of(int(place)) for place in level]))
            fresh = elders[~met[elders]]
            level = fresh[np.sort(np.unique(fresh, return_index=True)[1])]
            met[level] = True
        return nearest, count

    def _first_parents(self, start: int, longest: int) -> list[int]:
        line = {start: None}
        place = start
        while len(line) < longest and len(first := self._located(self._parents_of(place)[:1])):
            place = int(first[0])
            if place in line:
                break
            line[place] = None
        return list(line)

    def _parents_of(self, place: int) -> NDArray[np.uint64]:
        begin = self._ends[place - 1] if place else 0
        found: NDArray[np.uint64] = _numbers(self._parents)[begin : self._ends[place]]
        return found

    def _located(self, names: NDArray[np.uint64]) -> _Places:
        """Return where those of some names that were born are, in the order given."""
        if not len(self):
            return np.array([], dtype=np.uint32)
        known = self._unique
        near = known[np.minimum(np.searchsorted(self._sorted_names, names), len(known) - 1)]
        found: _Places = near[_numbers(self._names)[near] == names]
        return found

    def _birth(self, place: int) -> Birth:
        return Birth(self._generations[place], f"{self._names[place]:016x}")

    @cached_property
    def _unique(self) -> _Places:
        """Where each genome was born last, by name."""
        names = _numbers(self._names)
        order = np.argsort(names, kind="stable").astype(np.uint32)
        rising = names[order]
        last = np.ones(len(order), dtype=np.bool_)
        np.not_equal(rising[1:], rising[:-1], out=last[:-1])
        return order[last]

    @cached_property
    def _sorted_names(self) -> NDArray[np.uint64]:
        found: NDArray[np.uint64] = _numbers(self._names)[self._unique]
        return found

    @cached_property
    def _by_rank(self) -> _Places:
        scores = _numbers(self._scores)[self._unique]
        scored = self._unique[~np.isnan(scores)]
        # Stable, and by name before: ties go by fingerprint.
        found: _Places = scored[np.argsort(-_numbers(self._scores)[scored], kind="stable")]
        return found


def _numbers(column: "array[Any]") -> NDArray[Any]:
    return np.frombuffer(column, dtype=column.typecode)
