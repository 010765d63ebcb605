"""What one pass over a run finds, and how little of the run it holds."""

import gc
import tracemalloc
from dataclasses import fields, replace

import pytest

from genepool.evolution.population import Candidate, Individual, Population, best_fitness
from genepool.history import GenerationRecord, run_digest
from genepool.market.measures import Measures
from genepool.pool import recorded as reading_in_parts
from genepool.pool.ancestry import ancestry
from genepool.pool.curves import Curve
from genepool.pool.findings import Findings, births_alone, found_in
from genepool.pool.loop import recalled
from genepool.pool.ranking import Ranking
from genepool.pool.recorded import born, recorded
from tests.fakes.histories import a_genome, a_history, a_result
from tests.fakes.memory import MemoryStore
from tests.fakes.rankings import ranking_of

SIZE = 25
LIKE = a_result(a_genome(0))


class Endless(MemoryStore):
    """Holds a run of so many generations, each made when it is read."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:  # type: ignore[explicit-override] # noqa: ARG002 - Python 3.11 has none, and there is one run
        return [_made(number) for number in range(first, min(self.length, first + count))]


def _made(number: int) -> GenerationRecord:
    newborn = tuple(_born(number, slot) for slot in range(SIZE))
    return GenerationRecord(Population(number, newborn), newborn, 1.0)


def _born(generation: int, slot: int) -> Individual:
    place = SIZE * generation + slot
    genome = a_genome(place)
    # Of the generation before: everybody's family grows with the run.
    elders = [SIZE * (generation - 1) + (slot + k) % SIZE for k in (0, 1)] if generation else []
    parents = tuple(a_genome(elder).fingerprint for elder in elders)
    if slot == 0:
        return Individual(
            Candidate(genome, "mutation", parents), a_result(genome, error="it failed"), generation
        )
    scored = LIKE.scored
    assert scored is not None
    # Now and then an individual is better than all before.
    score = float(place * 7_919 % 10_007)
    numbers = [Measures(*(score / (k + span) for k in range(len(fields(Measures))))) for span in (2, 3)]
    result = replace(
        scored, scores=(score,), walk_forward_scores=(score,), in_sample=numbers[0], walk_forward=numbers[1]
    )
    return Individual(
        Candidate(genome, "mutation", parents), replace(LIKE, genome=genome, scored=result), generation
    )


def peak(generations: int) -> int:
    """Return the most memory that is taken to resume, finish, show and report a run."""
    store, found = Endless(generations), Findings()

    def read(record: GenerationRecord) -> GenerationRecord:
        found.take(record)
        return record

    # The collector comes by chance and finds next to nothing here: peaks are equal without it.
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        assert len(recalled(store, "first").seen) == generations * SIZE
        run_digest(read(record) for record in recorded(store, "first"))
        assert found.ranking.length == generations * (SIZE - 1)
        assert found.champion is not None
        found.luck(4.0)
        found.curve.result()
        family = ancestry(found.champion, found.births, lambda births: born(store, "first", births))
        assert family.members
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()


@pytest.mark.slow
def test_the_memory_that_shows_a_run_does_not_grow_with_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_in_parts, "_INDIVIDUALS", 10 * SIZE)
    peak(11)
    short, long = peak(11), peak(44)
    assert long < 1.3 * short


def test_a_genome_that_was_born_twice_counts_once() -> None:
    first, second = a_history(2)
    again = replace(second, newborn=(*second.newborn, replace(first.newborn[0], born=1)))
    once, twice = found_in([first, second]), found_in([first, again])
    names = [[one.genome.fingerprint for one in found.ranking.board] for found in (once, twice)]
    assert names[0] == names[1]
    assert (twice.ranking.length, twice.ranking.genomes) == (once.ranking.length, once.ranking.genomes)
    assert len(twice.births) == 1 + len(once.births)
    assert [point.evaluations for point in twice.luck(4.0)] == list(range(1, 9))
    assert twice.luck(4.0) == once.luck(4.0)


def test_a_run_that_nobody_was_born_in_has_no_places() -> None:
    found = found_in([])
    assert (found.ranking, found.champion, found.generations) == (Ranking(), None, 0)
    assert (found.luck(4.0), found.curve.result(), found.births.find(["0" * 16])) == ((), (), [])


def test_the_curves_of_a_long_run_are_thinned_evenly_and_keep_its_ends() -> None:
    curve, populations = Curve(points=5), [record.population for record in a_history(24)]
    for population in populations:
        curve.take(population)
    points = curve.result()
    assert [point.generation for point in points] == [0, 8, 16, 23]
    assert points[-1].fitness is not None
    assert points[-1].fitness[-1] == best_fitness(populations[-1])
    assert points[-1].shares(["imagined", "unknown"]) == [1.0, 0.0]


def test_the_curves_of_a_short_run_have_every_generation() -> None:
    found = found_in(a_history(40))
    assert [point.generation for point in found.curve.result()] == list(range(40))


def test_what_is_left_of_a_pruned_run_has_no_curve() -> None:
    history = a_history(3)
    left = [history[0].newborn[1], history[0].newborn[2], history[2].newborn[0]]
    found = found_in(births_alone(left))
    assert found.ranking == ranking_of(left)
    assert (found.curve.result(), found.generations) == ((), 3)


def test_a_board_that_was_cut_names_only_places_that_are_left() -> None:
    ranking = ranking_of(one for record in a_history(8) for one in record.newborn)
    cut = ranking.first(3)
    assert (cut.board, cut.length) == (ranking.board[:3], 3)
    assert all(rank <= 3 for rank, _ in cut.best_of_each)


def test_a_line_of_hundreds_of_first_parents_is_cut() -> None:
    births = found_in(map(_made, range(6))).births
    start = _born(5, 7).genome.fingerprint
    whole, cut = births.family(start, 1, 500), births.family(start, 1, 3)
    assert len(whole.kept) == 6
    assert cut.kept == whole.kept[:3]
    assert cut.left_out == whole.left_out + len(whole.kept) - 3
