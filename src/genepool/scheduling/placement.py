"""Whether work is worth sending away, and how seats are spread over machines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Seconds that one genome takes on 1,000 candles, all folds included, on one core; measured.
_SECONDS_PER_THOUSAND_CANDLES = 30e-6
_LEARNING_SECONDS_PER_THOUSAND_CANDLES = 3e-3
# Starting workers and handing them the candles takes about this long.
_WORTH_SENDING = 30.0


@dataclass(frozen=True, slots=True)
class PlacementAdvice:
    """Where to evaluate, and why in one sentence.

    Parameters
    ----------
    distributed
        Whether on the cluster.
    sentence
        The reason, for the user.
    """

    distributed: bool
    sentence: str


def estimated_seconds(genomes: int, candles: int, learning_share: float) -> float:
    """Return the seconds that evaluations take on one core.

    Parameters
    ----------
    genomes
        How many, over all generations.
    candles
        Candles of the problem.
    learning_share
        Share of them whose strategy refits a model, 0 to 1.
    """
    each = (
        learning_share * _LEARNING_SECONDS_PER_THOUSAND_CANDLES
        + (1 - learning_share) * _SECONDS_PER_THOUSAND_CANDLES
    )
    return genomes * candles / 1_000 * each


def worth_distributing(seconds: float, local_workers: int, cluster_cpus: int) -> PlacementAdvice:
    """Decide between this machine and a cluster.

    Parameters
    ----------
    seconds
        Estimated work on one core.
    local_workers
        Worker processes that this machine bears, at least 1.
    cluster_cpus
        CPUs that the cluster grants now.
    """
    here = seconds / local_workers
    if cluster_cpus == 0:
        return PlacementAdvice(False, "the cluster grants no CPU at present")
    if here < _WORTH_SENDING:
        return PlacementAdvice(False, f"about {here:.0f} s of work is too little for a cluster")
    if cluster_cpus <= local_workers:
        return PlacementAdvice(
            False, f"the cluster's {cluster_cpus} CPUs are no more than the {local_workers} workers here"
        )
    return PlacementAdvice(
        True, f"about {here:.0f} s of work here, and the cluster grants {cluster_cpus} CPUs"
    )


def spread_seats(cpus: Mapping[str, int], at_most: int | None = None) -> dict[str, int]:
    """Return how many seats each machine gets: one a CPU, or its proportion of fewer.

    Parameters
    ----------
    cpus
        CPUs that each machine grants.
    at_most
        Seats in all; None for one on every CPU.
    """
    if at_most is None or at_most >= sum(cpus.values()):
        return dict(cpus)
    seats = dict.fromkeys(cpus, 0)
    for _ in range(at_most):
        # The machine furthest behind its proportion is next; of equals, the first by name.
        seats[min(_unfilled(cpus, seats), key=lambda name: ((seats[name] + 0.5) / cpus[name], name))] += 1
    return seats


def _unfilled(cpus: Mapping[str, int], seats: Mapping[str, int]) -> Iterable[str]:
    return (name for name in cpus if seats[name] < cpus[name])
