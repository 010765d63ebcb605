"""What a store holds of a run, all at once: the runs of tests are small."""

from genepool.evolution.population import Individual, Population
from genepool.pool.recorded import recorded
from genepool.ports import RecordedGenerations


def populations(store: RecordedGenerations, run: str) -> list[Population]:
    """Return every population of a run, in order."""
    return [record.population for record in recorded(store, run)]


def newborn(store: RecordedGenerations, run: str) -> list[tuple[int, Individual]]:
    """Return every individual with the generation that first evaluated it, in the order asked."""
    return [
        (record.population.generation, individual)
        for record in recorded(store, run)
        for individual in record.newborn
    ]
