"""What was measured, and whether it is enough; no clock, no cluster."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scripts.validation.criterion import Criterion

# Seats of the one process that everything is compared with.
LOCAL = 0
# A cluster of this number of CPUs must be twice as fast; a smaller one this share of its CPUs.
MANY_CPUS, MANY_TIMES, FEW_SHARE = 3, 2.0, 0.85
MOST_OVERHEAD = 0.05
SHARE_TOLERANCE = 0.10
# Ray has 24 to 26 threads in a worker, on two cores as on 64 pretended ones. The rest is slack for its
# versions; a numeric library that took every core of a machine with eight would add seven, and be found out.
MOST_THREADS = 30
# Below it, other work on the host is not why a bar was missed.
QUIET_SHARE = 0.10
# One genome of a small generation may be a tenth of a node's work: more of those are counted.
_FEWEST_GENERATIONS, _FEWEST_SHARED_GENOMES = 5, 2_500


@dataclass(frozen=True, slots=True)
class Times:
    """How long the host's CPUs have been busy and idle, in any unit."""

    busy: float
    idle: float

    def busy_share_since(self, before: "Times") -> float:
        """Return the share of the time since that they were busy, from 0 to 1."""
        busy, idle = self.busy - before.busy, self.idle - before.idle
        return busy / (busy + idle) if busy + idle > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed pass over the same genomes.

    Parameters
    ----------
    seats
        CPUs that worked; ``LOCAL`` for the single process.
    repetition
        Which of the sets of genomes it was.
    seconds
        Wall-clock time.
    compute_seconds, turnaround_seconds
        Summed over the batches: evaluating, and from idle worker to answer; zero for ``LOCAL``.
    digest
        SHA-256 over all results in the order asked.
    load
        Load average of the last minute when it began.
    threads
        Threads of the worker process that had the most; zero for ``LOCAL``.
    others
        Share of the host's CPUs that other work took just before.
    """

    seats: int
    repetition: int
    seconds: float
    compute_seconds: float
    turnaround_seconds: float
    digest: str
    load: float
    threads: int = 0
    others: float = 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """What one node did of one population.

    Parameters
    ----------
    population
        Genomes of each generation.
    node, seats
        The machine and its granted CPUs.
    evaluations, compute_seconds
        What it did.
    """

    population: int
    node: str
    seats: int
    evaluations: int
    compute_seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of one validation.

    Parameters
    ----------
    samples
        Timed passes, of the single process and of each number of seats.
    shares
        What each node did, by population.
    """

    samples: Sequence[Sample]
    shares: Sequence[Share]

    @property
    def cpus(self) -> int:
        """CPUs of the whole cluster."""
        return max(sample.seats for sample in self.samples)

    def seconds(self, seats: int) -> float:
        """Return the median time of a pass on that many seats."""
        return statistics.median(sample.seconds for sample in self.samples if sample.seats == seats)

    def speed_up(self, seats: int) -> float:
        """Return how many times faster than the single process that many seats are."""
        return self.seconds(LOCAL) / self.seconds(seats)

    def efficiency(self, seats: int) -> float:
        """Return the speed-up for each seat."""
        return self.speed_up(seats) / seats

    @property
    def overhead(self) -> float:
        """Share of the workers' time on the whole cluster that was not evaluating."""
        whole = [sample for sample in self.samples if sample.seats == self.cpus]
        turnaround = sum(sample.turnaround_seconds for sample in whole)
        return 1 - sum(sample.compute_seconds for sample in whole) / turnaround if turnaround else 1.0

    @property
    def threads(self) -> int:
        """Threads of the worker process that had the most."""
        return max(sample.threads for sample in self.samples)

    @property
    def others(self) -> float:
        """Share of the host's CPUs that other work took, the median before the passes."""
        return statistics.median(sample.others for sample in self.samples)

    @property
    def most_others(self) -> float:
        """The same before the busiest pass."""
        return max(sample.others for sample in self.samples)

    def others_on(self, seats: int) -> float:
        """Return the median of the same before the passes on that many seats."""
        return statistics.median(sample.others for sample in self.samples if sample.seats == seats)

    def threads_on(self, seats: int) -> int:
        """Return the same of the passes on that many seats."""
        return max(sample.threads for sample in self.samples if sample.seats == seats)


def seat_counts(cpus: int) -> list[int]:
    """Return which numbers of seats are measured: powers of two, and all.

    >>> seat_counts(6)
    [1, 2, 4, 6]
    """
    powers = [1 << k for k in range(cpus.bit_length()) if 1 << k < cpus]
    return [*powers, cpus] if cpus else []


def least_speed_up(cpus: int) -> float:
    """Return the speed-up that a cluster of that many CPUs must reach."""
    return MANY_TIMES if cpus >= MANY_CPUS else FEW_SHARE * cpus


def judge(measured: Measured) -> list[Criterion]:
    """Return the checklist; a busy host is named where it may be why a bar was missed, and no bar moves."""
    overhead = Criterion(
        "dispatch overhead",
        f"{measured.overhead:.1%} of the workers' time",
        f"below {MOST_OVERHEAD:.0%}",
        measured.overhead < MOST_OVERHEAD,
    )
    timed = [_speed_up(measured), *_shares(measured.shares), overhead]
    return [
        *(_with_load(criterion, measured) for criterion in timed),
        Criterion(
            "threads of each worker",
            f"{measured.threads} at most, Ray's own among them",
            f"counted, and no more than {MOST_THREADS}",
            0 < measured.threads <= MOST_THREADS,
        ),
        _digests(measured.samples),
    ]


def _with_load(criterion: Criterion, measured: Measured) -> Criterion:
    if criterion.passed or measured.most_others < QUIET_SHARE:
        return criterion
    busy = f"{measured.others:.0%} busy with other work, {measured.most_others:.0%} at most"
    load = f"the host was {busy}: repeat on a quiet one"
    return replace(criterion, figure=f"{criterion.figure}; {load}")


def generations_of(population: int) -> int:
    """Return over how many generations the shares of the nodes are counted.

    >>> generations_of(500), generations_of(100)
    (5, 25)
    """
    return max(_FEWEST_GENERATIONS, _FEWEST_SHARED_GENOMES // population)


def off_share(shares: Iterable[Share]) -> Mapping[str, float]:
    """Return by node how far its share of the work is from its share of the CPUs, relative to the latter."""
    rows = list(shares)
    seats, seconds = sum(row.seats for row in rows), sum(row.compute_seconds for row in rows)
    if not seats or not seconds:
        return {}
    return {row.node: row.compute_seconds / seconds / (row.seats / seats) - 1 for row in rows if row.seats}


def _speed_up(measured: Measured) -> Criterion:
    cpus = measured.cpus
    bar = least_speed_up(cpus)
    figure = f"{measured.speed_up(cpus):.2f} times ({measured.efficiency(cpus):.0%} of {cpus} CPUs)"
    return Criterion("speed-up", figure, f"at least {bar:.2f}", measured.speed_up(cpus) >= bar)


def _shares(shares: Sequence[Share]) -> list[Criterion]:
    criteria = []
    for population in sorted({share.population for share in shares}):
        rows = [share for share in shares if share.population == population]
        off, count = off_share(rows), generations_of(population)
        done = sum(row.evaluations for row in rows)
        figure = ", ".join(f"{row.node} {row.evaluations} ({off.get(row.node, 0):+.1%})" for row in rows)
        even = bool(off) and all(abs(one) <= SHARE_TOLERANCE for one in off.values())
        criteria.append(
            Criterion(
                f"share of each node, population {population}",
                figure,
                f"work within {SHARE_TOLERANCE:.0%} of its CPUs over {count} generations",
                even and done == count * population,
            )
        )
    return criteria


def _digests(samples: Sequence[Sample]) -> Criterion:
    by_repetition: dict[int, set[str]] = {}
    for sample in samples:
        by_repetition.setdefault(sample.repetition, set()).add(sample.digest)
    equal = all(len(digests) == 1 for digests in by_repetition.values())
    number = len(by_repetition)
    figure = (
        f"equal in {sum(len(digests) == 1 for digests in by_repetition.values())} of {number} repetitions"
    )
    return Criterion("results equal bit for bit", figure, "all", equal)
