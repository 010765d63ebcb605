"""Generations as bytes, and back bit for bit."""

import msgpack

from genepool.evolution.population import Candidate, Individual, Population
from genepool.history import GenerationRecord, NodeWork
from genepool.plain import Plain, evaluation_values, read_evaluation


def packed(record: GenerationRecord) -> bytes:
    """Return a generation.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    values = [
        record.population.generation,
        [_values(individual) for individual in record.population.individuals],
        [_values(individual) for individual in record.newborn],
        record.seconds,
        record.cache_hits,
        [[work.node, work.worker_kind, work.evaluations, work.seconds] for work in record.work],
    ]
    written: bytes = msgpack.packb(values)
    return written


def unpacked(generation: bytes) -> GenerationRecord:
    """Read what ``packed`` returned."""
    number, members, newborn, seconds, hits, work = msgpack.unpackb(generation)
    return GenerationRecord(
        Population(number, tuple(map(_individual, members))),
        tuple(map(_individual, newborn)),
        seconds,
        hits,
        tuple(NodeWork(*values) for values in work),
    )


def _values(individual: Individual) -> Plain:
    candidate = individual.candidate
    lineage = [candidate.operator, candidate.parents, candidate.changed]
    return [evaluation_values(individual.evaluation), *lineage, individual.born, individual.elite]


def _individual(values: Plain) -> Individual:
    result, operator, parents, changed, born, elite = values
    evaluation = read_evaluation(result)
    candidate = Candidate(evaluation.genome, operator, tuple(parents), tuple(changed))
    return Individual(candidate, evaluation, born, elite)
