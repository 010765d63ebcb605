"""The archive of the strategy atlas, whatever is told in whatever order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.evolution.niches import Niche, coordinates, niche_at
from genepool.evolution.population import Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.optimizers import search_of
from tests.fakes.species import SPECIES, habits_of, trading


def cell_of(one: Individual) -> Niche | None:
    scored, (habits,) = one.evaluation.scored, habits_of([one.genome])
    return niche_at(coordinates(scored.in_sample, habits)) if scored and habits else None


@given(seed=st.integers(0, 10_000), size=st.integers(2, 20))
@settings(max_examples=25, deadline=None)
def test_each_cell_holds_the_best_that_was_seen_in_it_and_none_is_lost(seed: int, size: int) -> None:
    search = search_of(SPECIES, EvolutionSettings(size, optimizer="atlas"), seed, habits_of)
    population: Population | None = None
    seen, best = set[str](), dict[Niche, tuple[float, str]]()
    for _ in range(5):
        asked = search.ask(population, seen)
        evaluations = [trading(one.genome) for one in asked]
        population = search.tell(population, asked, evaluations)
        seen |= {one.genome.fingerprint for one in asked}
        for candidate, evaluation in zip(asked, evaluations, strict=True):
            one = Individual(candidate, evaluation, population.generation)
            if one.fitness is not None and (cell := cell_of(one)) is not None:
                place = (-one.fitness, one.genome.fingerprint)
                best[cell] = min(place, best.get(cell, place))
        if best:
            held = {cell_of(one): one.genome.fingerprint for one in population.individuals}
            assert held == {cell: fingerprint for cell, (_, fingerprint) in best.items()}
            assert len(population.individuals) == len(best)
