"""What lines of births say of a run is what a pass over all its generations finds."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.population import Candidate, Individual, Population
from genepool.genome import Genome
from genepool.history import BirthLine, GenerationRecord
from genepool.pool.births import Birth
from genepool.pool.census import Census
from genepool.pool.findings import found_in
from tests.fakes.histories import a_genome, a_result

# Few genomes, so that some are born twice, and few scores, so that some are equal.
GENERATIONS = st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=6, unique=True), max_size=6)


def result(genome: Genome, number: int) -> Evaluation:
    return a_result(genome, error="it failed") if number % 5 == 4 else a_result(genome, float(number % 3))


def record_of(generation: int, numbers: Sequence[int]) -> GenerationRecord:
    newborn = []
    for number in numbers:
        genome = a_genome(number, f"strategy {number % 2}")
        newborn.append(Individual(Candidate(genome, "initial", ()), result(genome, number), generation))
    return GenerationRecord(Population(generation, tuple(newborn)), tuple(newborn), 1.0)


def line_of(one: Individual) -> BirthLine:
    genome = one.genome
    return BirthLine(
        one.born, genome.fingerprint, genome.strategy, one.evaluation.selection_score, one.candidate.parents
    )


@given(GENERATIONS)
def test_both_find_the_same(generations: list[list[int]]) -> None:
    records = [record_of(number, numbers) for number, numbers in enumerate(generations)]
    everybody = {(one.born, one.genome.fingerprint): one for record in records for one in record.newborn}
    # As the store tells them: within a generation in any order.
    census = Census(line_of(one) for _, one in sorted(everybody.items()))

    def read(births: Sequence[Birth]) -> list[Individual]:
        return [everybody[birth] for birth in births]

    assert census.ranking(read) == found_in(records).ranking
    for number, record in enumerate(records):
        champion = found_in(records[: number + 1]).champion
        assert census.champion(number) == (champion.genome.fingerprint if champion else None)
        assert census.evaluations(number) == len(record.newborn)
        assert census.failures(number) == sum(one.fitness is None for one in record.newborn)
