"""One generation as rows: all that the history writes of it, without the run that it belongs to.

A journal that keeps a generation until the history answers keeps these rows: turning one into rows costs next
to nothing, so that a long outage is made up for quickly.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TypeAlias

import msgpack

from genepool.adapters.store import codec
from genepool.adapters.store.codec import BirthRow, ResultRow
from genepool.errors import StoreError
from genepool.evolution.population import Individual
from genepool.history import GenerationRecord, generation_digest

# Of what ``packed`` returns; another one is refused.
FORMAT = 1

# Machine, its kind, evaluations, seconds.
Work: TypeAlias = Sequence[object]
# Fingerprint, generation of birth, whether it was carried over, fitness.
Member: TypeAlias = Sequence[object]


@dataclass(frozen=True, slots=True)
class GenerationRows:
    """One generation as rows.

    Parameters
    ----------
    number, digest, seconds, cache_hits
        Of the generation.
    work
        Who evaluated it.
    results, births
        One of each for every newborn, in the order asked.
    members
        Its population, best first.
    """

    number: int
    digest: str
    seconds: float
    cache_hits: int
    work: Sequence[Work]
    results: Sequence[ResultRow]
    births: Sequence[BirthRow]
    members: Sequence[Member]


def rows_of(record: GenerationRecord) -> GenerationRows:
    """Return a generation as rows.

    Raises
    ------
    StoreError
        When a number is not finite: one NaN would top every leaderboard.
    """
    results = [codec.result_of(individual.evaluation) for individual in record.newborn]
    return GenerationRows(
        record.population.generation,
        # The scores are written once, for the table and for the digest.
        generation_digest(record, [result.scored for result in results]),
        record.seconds,
        record.cache_hits,
        [astuple(work) for work in record.work],
        results,
        [codec.birth_of(individual.candidate) for individual in record.newborn],
        [_member(individual) for individual in record.population.individuals],
    )


def packed_rows(rows: GenerationRows) -> bytes:
    """Return the rows of a generation as bytes."""
    fields = [getattr(rows, name) for name in GenerationRows.__slots__]
    written: bytes = msgpack.packb([FORMAT, *fields])
    return written


def unpacked_rows(written: bytes) -> GenerationRows:
    """Read what ``packed_rows`` returned.

    Raises
    ------
    StoreError
        When this version did not write it.
    """
    try:
        form, number, digest, seconds, hits, work, results, births, members = msgpack.unpackb(written)
        if form != FORMAT:
            raise ValueError(f"its format is {form}, not {FORMAT}")  # noqa: TRY301 - one kind of trouble
        found = [ResultRow._make(row) for row in results], [BirthRow._make(row) for row in births]
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise StoreError(f"a generation that waits for the history cannot be read ({error})") from error
    return GenerationRows(number, digest, seconds, hits, work, *found, members)


def _member(individual: Individual) -> Member:
    return individual.genome.fingerprint, individual.born, individual.elite, individual.fitness
