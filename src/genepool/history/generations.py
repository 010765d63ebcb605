"""Generations as they are remembered, and the digests over what they found."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Individual, Population
from genepool.history.ranking import BOARD_PLACES, leaderboard
from genepool.market.measures import Measures

# Python writes the shortest digits that read back as the same float: equal texts are equal bits.
_ENCODER = json.JSONEncoder(allow_nan=False)


@dataclass(frozen=True, slots=True)
class NodeWork:
    """What one machine did for one generation.

    Parameters
    ----------
    node
        Its name.
    worker_kind
        ``"cpu"``, ``"memory"`` or ``"local"``.
    evaluations
        Genomes that it evaluated.
    seconds
        Computing time, summed over its processes.
    """

    node: str
    worker_kind: str
    evaluations: int
    seconds: float


@dataclass(frozen=True)
class GenerationRecord:
    """One generation as it is written: the population and what it took to get there.

    Parameters
    ----------
    population
        Its members, survivors included.
    newborn
        The individuals first evaluated in this generation, in the order asked.
    seconds
        Wall-clock time.
    cache_hits
        Newborn answered from the cache.
    work
        What each node evaluated of the others, sorted by node; no part of the digest.
    """

    population: Population
    newborn: tuple[Individual, ...]
    seconds: float
    cache_hits: int = 0
    work: tuple[NodeWork, ...] = ()

    @cached_property
    def digest(self) -> str:
        """``generation_digest``, worked out once."""
        return generation_digest(self)


def run_digest(records: Iterable[GenerationRecord]) -> str:
    """Return the SHA-256 over all generations' fitness bits and the leaderboard, champion first.

    Parameters
    ----------
    records
        Every generation of the run, in order; only one at a time is held.
    """
    state, board = hashlib.sha256(b"run/1"), list[Individual]()
    for record in records:
        state.update(f"|g{record.population.generation}".encode())
        for individual in record.population.individuals:
            state.update(f"|{individual.genome.fingerprint}:{_bits(individual.fitness)}".encode())
        board = leaderboard([*board, *record.newborn], BOARD_PLACES)
    for individual in board:
        score = individual.evaluation.selection_score
        state.update(f"|b{individual.genome.fingerprint}:{_bits(score)}".encode())
    return state.hexdigest()


def generation_digest(record: GenerationRecord, scored_texts: Sequence[str | None] | None = None) -> str:
    """Return the SHA-256 over what of a generation never changes: its members, births and results.

    How long it took and what the cache answered are left out: they differ from one machine to the next.

    Parameters
    ----------
    record
        The generation.
    scored_texts
        ``scored_text`` of every newborn, when it is at hand already.
    """
    texts = scored_texts or [scored_text(individual.evaluation.scored) for individual in record.newborn]
    state = hashlib.sha256(f"generation/1|{record.population.generation}".encode())
    for individual in record.population.individuals:
        state.update(f"|m{individual.elite:d}{_birth(individual)}".encode())
    for individual, text in zip(record.newborn, texts, strict=True):
        result = _digest_of_scores(individual.genome.fingerprint, text)
        state.update(f"|n{_birth(individual)}|{result}".encode())
    return state.hexdigest()


def evaluation_digest(evaluation: Evaluation) -> str:
    """Return the SHA-256 over every bit that a genome scored; why one failed is a remark, not a result.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    return _digest_of_scores(evaluation.genome.fingerprint, scored_text(evaluation.scored))


def scored_text(scored: Scored | None) -> str | None:
    """Return what a genome scored as JSON that reads back bit for bit, None for a failure.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    if scored is None:
        return None
    fields_of = {name: getattr(scored, name) for name in Scored.__slots__}
    for span in ("in_sample", "walk_forward"):
        fields_of[span] = {name: getattr(fields_of[span], name) for name in Measures.__slots__}
    return _ENCODER.encode(fields_of)


def _digest_of_scores(fingerprint: str, text: str | None) -> str:
    return hashlib.sha256(f"{fingerprint}|{text}".encode()).hexdigest()


def _birth(individual: Individual) -> str:
    candidate = individual.candidate
    return (
        f"{candidate.genome.fingerprint}:{_bits(individual.fitness)}:{individual.born}:"
        f"{candidate.operator}:{candidate.parents}:{candidate.changed}"
    )


def _bits(value: float | None) -> str:
    return "failed" if value is None else value.hex()
