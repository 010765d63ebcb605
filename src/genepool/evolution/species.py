"""Species: how many offspring each may have, and which individuals survive."""

from collections import Counter
from collections.abc import Sequence

from genepool.evolution.ordering import failed
from genepool.evolution.population import Individual

# Each species gets this share of the offspring that the species ranked before it gets.
SUCCESS_RATIO = 0.5


def success_order(best_first: Sequence[Individual], names: Sequence[str]) -> list[str]:
    """Order species by their best member; those without a living member come last, by name."""
    living = dict.fromkeys(one.genome.strategy for one in best_first if not failed(one))
    return [name for name in living if name in names] + sorted(set(names) - set(living))


def quotas(count: int, ranked: Sequence[str]) -> dict[str, int]:
    """Share offspring out: one for each species, the rest falling geometrically with its rank.

    Parameters
    ----------
    count
        Offspring in all; when there are fewer than species, the best ranked get one each.
    ranked
        Names of the species, most successful first.

    Returns
    -------
    dict[str, int]
        Offspring by species; they add up to ``count``.
    """
    given = {name: int(rank < count) for rank, name in enumerate(ranked)}
    rest = count - sum(given.values())
    weights = [SUCCESS_RATIO**rank for rank in range(len(ranked))]
    for name, weight in zip(ranked, weights, strict=True):
        given[name] += int(rest * weight / sum(weights))
    for position in range(count - sum(given.values())):
        given[ranked[position % len(ranked)]] += 1
    return given


def survivors(best_first: Sequence[Individual], size: int, floor: int) -> list[Individual]:
    """Keep the best ``floor`` of each species, then the best of all; failures only to fill up.

    When the floors alone would be too many, all species' best go before any species' second best.

    Parameters
    ----------
    best_first
        Parents and offspring together, in order of merit.
    size
        How many may survive.
    floor
        Members that each species keeps at the least.

    Returns
    -------
    list[Individual]
        In order of merit.
    """
    seen: Counter[str] = Counter()
    places = []
    for place, one in enumerate(best_first):
        layer = floor if failed(one) else min(seen[one.genome.strategy], floor)
        seen[one.genome.strategy] += 1
        places.append((layer, place))
    return [best_first[place] for place in sorted(place for _, place in sorted(places)[:size])]
