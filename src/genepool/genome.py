"""Genes and genomes: bounded, stepped parameters, and a name that is equal on every machine."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # A genome that is read and shown draws nothing.
    import numpy as np

# Gene values are rounded here after quantisation so that 0.1 + 0.2 and 0.3 are one gene value.
_DECIMALS = 9
# Chance that a gene which can be off is drawn as off.
OFF_CHANCE = 0.5
# Between the name of a user's own strategy and the digest of its source; no seed's name has one.
OWN_MARK = "@"


@dataclass(frozen=True, slots=True)
class Gene:
    """One bounded, stepped parameter of a strategy.

    Parameters
    ----------
    name
        The field's standard term in snake_case.
    low, high
        Inclusive bounds; ``high - low`` is a whole number of steps.
    step
        Distance between neighbouring values, positive.
    default
        The textbook value, one of the permitted ones. For a gene that can be off, the off value.
    meaning
        One sentence with the unit; it becomes the gene's documentation.
    integer
        Whether the gene is a whole number (a period in candles, say).
    off
        The value at which the gene has no effect, or None when it always has one.
    """

    name: str
    low: float
    high: float
    step: float
    default: float
    meaning: str
    integer: bool = False
    off: float | None = None

    @property
    def size(self) -> int:
        """How many values the gene can take."""
        return round((self.high - self.low) / self.step) + 1

    def quantise(self, value: float) -> float:
        """Return the permitted value nearest to this one, clipped to the bounds."""
        return self.at((value - self.low) / self.step)

    def at(self, index: float) -> float:
        """Return the permitted value at this index (rounded, clipped), 0 for the lowest."""
        nearest = min(max(round(index), 0), self.size - 1)
        return round(self.low + nearest * self.step, _DECIMALS)

    def index(self, value: float) -> int:
        """Return the index of the permitted value nearest to this one."""
        return min(max(round((value - self.low) / self.step), 0), self.size - 1)

    def draw(self, rng: "np.random.Generator") -> float:
        """Draw one permitted value, each equally likely; a gene that can be off is off half the time."""
        index, coin = int(rng.integers(self.size)), rng.random()
        return self.off if self.off is not None and coin < OFF_CHANCE else self.at(index)


@dataclass(frozen=True)
class Genome:
    """A strategy's name and its gene values, in the order in which the strategy declares them.

    Build genomes with ``Strategy.genome``: it quantises, repairs and orders the values, so that
    equal genomes have equal fingerprints.
    """

    strategy: str
    genes: tuple[tuple[str, float], ...]

    @cached_property
    def values(self) -> Mapping[str, float]:
        """Gene values by name."""
        return dict(self.genes)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that name this genome on every machine."""
        return fingerprint_of(
            self.strategy, [written_gene(name, value) for name, value in sorted(self.genes)]
        )


def written_gene(name: str, value: float) -> str:
    """Return a gene as fingerprints have it."""
    return f"|{name}={value:.9g}"


def fingerprint_of(strategy: str, written: Sequence[str]) -> str:
    """Return the fingerprint of a genome.

    Parameters
    ----------
    strategy
        Name of its strategy.
    written
        ``written_gene`` of each gene, in the order of their names.
    """
    return hashlib.sha256((strategy + "".join(written)).encode()).hexdigest()[:16]


def known_as(fingerprint: str, strategy: str, genes: tuple[tuple[str, float], ...]) -> Genome:
    """Return a genome whose fingerprint was worked out already, which takes longer than the rest of it."""
    genome = Genome(strategy, genes)
    vars(genome)["fingerprint"] = fingerprint
    return genome


def is_own(strategy: str) -> bool:
    """Say whether a strategy of this name is a user's own."""
    return OWN_MARK in strategy
