"""Generations as they are remembered, and the digests over what they found."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import isfinite
from operator import attrgetter

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Individual, Population
from genepool.history.ranking import BOARD_PLACES, leaderboard
from genepool.market.measures import Measures

# Python writes the shortest digits that read back as the same float: equal texts are equal bits.
_ENCODER = json.JSONEncoder(allow_nan=False)
# A list of floats, or one, reads as Python writes it: what ``_ENCODER`` returns, with each number's place.
_SPANS = ("in_sample", "walk_forward")
_SPAN_TEXT = "{" + ", ".join(f'"{name}": %r' for name in Measures.__slots__) + "}"
_PLACES = [f'"{name}": {_SPAN_TEXT if name in _SPANS else "%r"}' for name in Scored.__slots__]
_SCORED_TEXT = "{" + ", ".join(_PLACES) + "}"
_measures_of = attrgetter(*Measures.__slots__)


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
        members = record.population.individuals
        texts = [f"|{one.genome.fingerprint}:{_bits(one.fitness)}" for one in members]
        state.update("".join([f"|g{record.population.generation}", *texts]).encode())
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
    scores = scored_texts or [scored_text(individual.evaluation.scored) for individual in record.newborn]
    # Most members were born just now: their text is worked out once.
    births = {id(individual): _birth(individual) for individual in record.newborn}
    members = [
        f"|m{individual.elite:d}{births.get(id(individual)) or _birth(individual)}"
        for individual in record.population.individuals
    ]
    newborn = [
        f"|n{births[id(individual)]}|{_digest_of_scores(individual.genome.fingerprint, text)}"
        for individual, text in zip(record.newborn, scores, strict=True)
    ]
    head = f"generation/1|{record.population.generation}"
    return hashlib.sha256("".join([head, *members, *newborn]).encode()).hexdigest()


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
    inside, outside = _measures_of(scored.in_sample), _measures_of(scored.walk_forward)
    lists = scored.scores, scored.walk_forward_scores, scored.fold_sharpes, scored.fold_returns
    numbers = list(chain(inside, outside, *lists))
    # Whatever else equals a float may be written otherwise: an integer, or a number of numpy's.
    if set(map(type, numbers)) != {float} or not all(map(isfinite, numbers)):
        return _encoded(scored)
    scores, walk_forward_scores, sharpes, returns = map(list, lists)
    return _SCORED_TEXT % (scores, walk_forward_scores, *inside, *outside, sharpes, returns)


def _encoded(scored: Scored) -> str:
    fields_of = {name: getattr(scored, name) for name in Scored.__slots__}
    for span in _SPANS:
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
