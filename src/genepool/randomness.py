"""Every random draw comes from a generator derived from (run seed, purpose, generation, slot).

There is no state to save: a resumed run derives the same generators again. The key has a fixed
arity because numpy's ``default_rng([1, 0])`` equals ``default_rng([1])``.
"""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream of random numbers is for; values are part of the reproducibility contract."""

    INITIAL_GENOME = 1
    SELECTION = 2
    CROSSOVER = 3
    MUTATION = 4
    IMMIGRANT = 5
    SYNTHETIC_MARKET = 6
    NULL_MARKET = 7
    BENCHMARK = 8
    CHECK = 9
    NULL_SEARCH = 10
    OPTIMIZER = 11
    RESTART = 12
    FLEET = 13
    LIVE_BAND = 20


def generator(seed: int, purpose: Purpose, generation: int = 0, slot: int = 0) -> np.random.Generator:
    """Return the generator that belongs to this purpose, generation and slot.

    Parameters
    ----------
    seed
        The run's seed, not negative.
    purpose
        What the numbers are for.
    generation, slot
        Where in the run they are drawn, both not negative.
    """
    key = (int(purpose), generation, slot)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))
