"""One genome of a run, by its place on the leaderboard or by its fingerprint."""

import re
from typing import TypeAlias

from genepool.errors import GenomeNotFound
from genepool.evolution.population import Individual
from genepool.usecases.genome_document import GenomeDocument, genome_document
from genepool.usecases.past_run import PastRun

# A place from 1 on, or a fingerprint.
Which: TypeAlias = int | str

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def genome_of(past: PastRun, which: Which) -> GenomeDocument:
    """Return one genome as a document.

    Raises
    ------
    GenomeNotFound
        When the run has no such genome, or it has no place because it could not be scored.
    """
    rank, individual = placed(past, which)
    return genome_document(rank, individual, past.summary)


def placed(past: PastRun, which: Which) -> tuple[int, Individual]:
    """Return a genome that has a place, and its place.

    Raises
    ------
    GenomeNotFound
        As ``genome_of``.
    """
    if isinstance(which, int):
        return which, past.at(which)
    individual = born_as(past, which)
    if individual.evaluation.selection_score is None:
        raise GenomeNotFound(
            f"genome {which} of run {past.name} has no place, since it failed: {individual.evaluation.error}"
        )
    rank = past.census.births.rank(which)
    if rank > past.length:
        raise GenomeNotFound(f"genome {which} of run {past.name} lost its place. {past.pruned}")
    return rank, individual


def born_as(past: PastRun, which: Which) -> Individual:
    """Return a genome, whether it has a place or not.

    Raises
    ------
    GenomeNotFound
        When the run has no such genome.
    """
    if isinstance(which, int):
        return past.at(which)
    births = past.census.births.find([which]) if _FINGERPRINT.fullmatch(which) else []
    if not births:
        raise GenomeNotFound(
            f"run {past.name} has no genome {which}: give a rank, or a fingerprint of its leaderboard"
        )
    return past.read(births)[0]
