"""The leaderboard of a run, and its champion."""

from collections.abc import Iterable

from genepool.evolution.population import Individual

# Places of the leaderboard that the run digest covers.
BOARD_PLACES = 20


def leaderboard(individuals: Iterable[Individual], places: int | None = None) -> list[Individual]:
    """Order individuals by selection score, best first; failures left out, ties by fingerprint.

    Each genome appears once. The first is the run's champion.

    Parameters
    ----------
    individuals
        Those to compare.
    places
        How many of the best are wanted; None for all.
    """
    unique = {individual.genome.fingerprint: individual for individual in individuals}
    scored = [
        (-score, fingerprint, individual)
        for fingerprint, individual in unique.items()
        if (score := individual.evaluation.selection_score) is not None
    ]
    return [individual for _, _, individual in sorted(scored, key=lambda entry: entry[:2])[:places]]


def champion_of(elder: Individual | None, newborn: Iterable[Individual]) -> Individual | None:
    """Return the champion when these join: the first of the leaderboard of all; None while none has a score.

    Parameters
    ----------
    elder
        The champion without them.
    newborn
        Those that join.
    """
    best = leaderboard([*newborn, *([] if elder is None else [elder])], 1)
    return best[0] if best else None
