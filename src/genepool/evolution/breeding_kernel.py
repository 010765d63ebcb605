"""Children and random genomes for many slots in one compiled call, as gene indices before repair.

The draws are those of generators derived one a slot: a numpy ``Philox`` and, for tournaments and exchanges,
Python's ``random`` seeded by it, as recorded runs were bred. ``tests/fakes/plain_breeding.py`` says the
same with these generators themselves, and tests compare both.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genepool.evolution import replayed_philox as philox
from genepool.evolution import replayed_twister as twister
from genepool.kernels import allocation_free, kernel

# Chance that a crossover takes risk genes from any species instead of all genes from its own.
FOREIGN_CHANCE = 0.3
# Chance that a crossover within a species blends genes instead of exchanging them.
BLEND_CHANCE = 0.3
# Share of genes that a uniform crossover exchanges.
EXCHANGE_SHARE = 0.3
# Chance that an offspring of a crossover is mutated as well.
MUTATED_TOO_CHANCE = 0.5
# A step is at most the gene's range over one of these, drawn anew each time: wide and fine steps mix.
STEP_SHARES = (4, 8, 16, 32)
# Chance that a chosen gene is drawn afresh instead of stepped.
REDRAW_CHANCE = 0.3
# Chance that a chosen gene which is on, and could be off, is switched off.
SWITCH_CHANCE = 0.3

# How a child was made; 0 where a species has no living parent.
CROSSED, MUTATED, BOTH = 1, 2, 3

# Seeds of Python's generator have 63 bits.
_ONE_BIT = np.uint64(1)


class GeneSpace(NamedTuple):
    """The genes of several species as arrays of shape (species, genes of the longest); unused places are 0.

    Parameters
    ----------
    sizes
        How many values a gene can take, int64.
    offs
        The index at which it is off, -1 where it is always on, int64.
    counts
        How many genes a species has, the risk genes last, int64 of shape (species,).
    """

    sizes: NDArray[np.int64]
    offs: NDArray[np.int64]
    counts: NDArray[np.int64]


class Parents(NamedTuple):
    """The living members of a population.

    Parameters
    ----------
    indices
        Gene indices, best first, int64 of shape (members, genes of the longest).
    risk
        Those of the risk genes alone, int64 of shape (members, risk genes).
    places
        Which of them are of each species, species by species, best first, int64 of shape (members,).
    ends
        Where in ``places`` a species ends, and the first begins, int64 of shape (species + 1,).
    """

    indices: NDArray[np.int64]
    risk: NDArray[np.int64]
    places: NDArray[np.int64]
    ends: NDArray[np.int64]


class Children(NamedTuple):
    """The children of some slots.

    Parameters
    ----------
    indices
        Gene indices, int64 of shape (slots, genes of the longest).
    pairs
        Positions of both parents, int64 of shape (slots, 2).
    how
        ``CROSSED``, ``MUTATED`` or ``BOTH``; 0 for none, int64 of shape (slots,).
    """

    indices: NDArray[np.int64]
    pairs: NDArray[np.int64]
    how: NDArray[np.int64]


class Rates(NamedTuple):
    """How to breed, as the settings have it.

    Parameters
    ----------
    contestants
        How many are drawn for each parent.
    crossover, mutation
        The rates.
    """

    contestants: int
    crossover: float
    mutation: float


class Draws(NamedTuple):
    """The generators of a slot.

    Parameters
    ----------
    numpy
        State of the slot's own, uint64 of shape (10,).
    python, place
        Words of Python's, uint32 of shape (624,), and which is next, int64 of shape (1,).
    """

    numpy: NDArray[np.uint64]
    python: NDArray[np.uint32]
    place: NDArray[np.int64]


@kernel
def drawn(
    entropy: NDArray[np.uint64],
    slots: NDArray[np.int64],
    species: NDArray[np.int64],
    space: GeneSpace,
    off_chance: float,
) -> NDArray[np.int64]:
    """Draw a genome for each slot.

    Parameters
    ----------
    entropy
        ``entropy_words`` of the generators, whose last word is the slot.
    slots, species
        Slots, and the species of each, int64 of shape (slots,).
    space
        The genes.
    off_chance
        ``genome.OFF_CHANCE``.

    Returns
    -------
    NDArray[np.int64]
        Gene indices, of shape (slots, genes of the longest).
    """
    state, pool, words = np.zeros(philox.STATE, np.uint64), np.zeros(4, np.uint64), entropy.copy()
    indices = np.zeros((slots.size, space.sizes.shape[1]), np.int64)
    for k in range(slots.size):
        words[-1] = slots[k]
        philox.start(state, words, pool)
        kind = species[k]
        for gene in range(space.counts[kind]):
            index = philox.below(state, space.sizes[kind, gene])
            off = philox.unit(state) < off_chance and space.offs[kind, gene] >= 0
            indices[k, gene] = space.offs[kind, gene] if off else index
    return indices


@kernel
def bred(
    entropy: NDArray[np.uint64],
    slots: NDArray[np.int64],
    species: NDArray[np.int64],
    attempt: int,
    space: GeneSpace,
    parents: Parents,
    rates: Rates,
) -> Children:
    """Breed a child for each slot.

    Parameters
    ----------
    entropy
        ``entropy_words`` of the generators, whose last word is the slot.
    slots, species
        Slots, and the species of each, int64 of shape (slots,).
    attempt
        Which of the children that a slot may breed one after the other, 0 for the first.
    space
        The genes.
    parents
        Those that may be parents.
    rates
        How to breed.
    """
    count, width, words = slots.size, space.sizes.shape[1], entropy.copy()
    draws = Draws(
        np.zeros(philox.STATE, np.uint64), np.zeros(twister.WORDS, np.uint32), np.zeros(1, np.int64)
    )
    pool, chosen = np.zeros(4, np.uint64), np.zeros(width, np.bool_)
    indices, pairs, how = (
        np.zeros((count, width), np.int64),
        np.zeros((count, 2), np.int64),
        np.zeros(count, np.int64),
    )
    for k in range(count):
        kind = species[k]
        own = parents.places[parents.ends[kind] : parents.ends[kind + 1]]
        words[-1] = slots[k]
        philox.start(draws.numpy, words, pool)
        for _ in range(attempt + 1 if own.size else 0):
            child = indices[k, : space.counts[kind]]
            crossed = _crossed(child, pairs[k], own, parents, rates, draws)
            how[k] = CROSSED if crossed else MUTATED
            if not crossed or philox.unit(draws.numpy) < MUTATED_TOO_CHANCE:
                _mutate(child, space.sizes[kind], space.offs[kind], rates.mutation, chosen, draws.numpy)
                how[k] |= MUTATED
    return Children(indices, pairs, how)


@allocation_free
def _crossed(
    child: NDArray[np.int64],
    pair: NDArray[np.int64],
    own: NDArray[np.int64],
    parents: Parents,
    rates: Rates,
    draws: Draws,
) -> bool:
    """Choose a pair of parents, write their child, and tell whether it differs from the first of them."""
    _reseed(draws)
    pair[0] = own[_winner(own.size, rates.contestants, draws)]
    pair[1] = own[_winner(own.size, rates.contestants, draws)]
    origin = parents.indices[pair[0], : child.size]
    for gene in range(child.size):
        child[gene] = origin[gene]
    if philox.unit(draws.numpy) >= rates.crossover:
        return False
    if philox.unit(draws.numpy) < FOREIGN_CHANCE:
        _reseed(draws)
        pair[1] = _winner(parents.places.size, rates.contestants, draws)
        _reseed(draws)
        # The genes that every species carries stand last.
        _exchange(child[child.size - parents.risk.shape[1] :], parents.risk[pair[1]], draws)
    elif philox.unit(draws.numpy) < BLEND_CHANCE:
        _blend(child, parents.indices[pair[1]], draws.numpy)
    else:
        _reseed(draws)
        _exchange(child, parents.indices[pair[1]], draws)
    return not _equal(child, origin)


@allocation_free
def _reseed(draws: Draws) -> None:
    twister.seed_with(draws.python, draws.place, twister.BLANK, philox.next_word(draws.numpy) >> _ONE_BIT)


@allocation_free
def _winner(members: int, contestants: int, draws: Draws) -> int:
    best = members
    for _ in range(contestants):
        best = min(best, twister.below(draws.python, draws.place, members))
    return best


@allocation_free
def _exchange(child: NDArray[np.int64], other: NDArray[np.int64], draws: Draws) -> None:
    for gene in range(child.size):
        if twister.unit(draws.python, draws.place) < EXCHANGE_SHARE:
            child[gene] = other[gene]


@allocation_free
def _blend(child: NDArray[np.int64], other: NDArray[np.int64], state: NDArray[np.uint64]) -> None:
    for gene in range(child.size):
        low, high = min(child[gene], other[gene]), max(child[gene], other[gene])
        child[gene] = low + philox.below(state, high - low + 1)


@allocation_free
def _equal(child: NDArray[np.int64], origin: NDArray[np.int64]) -> bool:
    equal = True
    for gene in range(child.size):
        equal = equal and child[gene] == origin[gene]
    return equal


@allocation_free
def _mutate(
    child: NDArray[np.int64],
    sizes: NDArray[np.int64],
    offs: NDArray[np.int64],
    rate: float,
    chosen: NDArray[np.bool_],
    state: NDArray[np.uint64],
) -> None:
    for gene in range(child.size):
        chosen[gene] = philox.unit(state) < rate
    chosen[philox.below(state, child.size)] = True
    for gene in range(child.size):
        if chosen[gene] and sizes[gene] > 1:
            child[gene] = _changed(child[gene], sizes[gene], offs[gene], state)


@allocation_free
def _changed(index: int, size: int, off: int, state: NDArray[np.uint64]) -> int:
    kind = philox.unit(state)
    if index == off:
        return _other(size, off, state)
    if off >= 0 and kind < SWITCH_CHANCE:
        return off
    if kind >= 1.0 - REDRAW_CHANCE:
        return _other(size, index, state)
    distance = 1 + philox.below(state, max(size // STEP_SHARES[philox.below(state, len(STEP_SHARES))], 1))
    moved = index + distance if philox.below(state, 2) else index - distance
    return min(max(moved, 0), size - 1)


@allocation_free
def _other(size: int, index: int, state: NDArray[np.uint64]) -> int:
    other = philox.below(state, size - 1)
    return other + 1 if other >= index else other
