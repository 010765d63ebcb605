"""How species share out offspring and places."""

import pytest

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution.population import Candidate, Individual
from genepool.evolution.species import quotas, success_order, survivors
from genepool.genome import Genome
from genepool.market.measures import Measures

NOTHING = Measures(*([0.0] * 20))


def member(species: str, number: int, fitness: float | None) -> Individual:
    genome = Genome(species, (("gene", float(number)),))
    scored = None if fitness is None else Scored((fitness,), (fitness,), NOTHING, NOTHING, (), ())
    return Individual(Candidate(genome, "initial"), Evaluation(genome, scored), 0)


def names(individuals: list[Individual]) -> list[str]:
    return [f"{one.genome.strategy}{one.genome.values['gene']:.0f}" for one in individuals]


BEST_FIRST = [member("fox", k, 9.0 - k) for k in range(6)] + [
    member("hare", 0, 1.0),
    member("hare", 1, 0.5),
    member("owl", 0, 0.1),
    member("owl", 1, None),
    member("crow", 0, None),
]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 10, 57, 1_000])
def test_shares_add_up_and_fall_with_rank(count: int) -> None:
    shares = quotas(count, ["a", "b", "c", "d"])
    assert sum(shares.values()) == count
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_every_species_has_an_offspring_when_there_is_room() -> None:
    assert quotas(4, ["a", "b", "c", "d"]) == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert min(quotas(20, list("abcdefghijklmn")).values()) == 1
    assert quotas(2, ["a", "b", "c"]) == {"a": 1, "b": 1, "c": 0}


def test_the_most_successful_species_has_about_half_of_the_rest() -> None:
    assert quotas(104, ["a", "b", "c", "d"])["a"] == pytest.approx(54, abs=1)


def test_species_are_ordered_by_their_best_and_those_without_a_living_member_come_last() -> None:
    assert success_order(BEST_FIRST, ["ant", "crow", "fox", "hare", "owl"]) == [
        "fox", "hare", "owl", "ant", "crow",
    ]  # fmt: skip


def test_the_best_of_each_species_survive_before_the_rest() -> None:
    assert names(survivors(BEST_FIRST, 6, 2)) == ["fox0", "fox1", "fox2", "hare0", "hare1", "owl0"]
    assert names(survivors(BEST_FIRST, 4, 1)) == ["fox0", "fox1", "hare0", "owl0"]
    assert names(survivors(BEST_FIRST, 4, 0)) == ["fox0", "fox1", "fox2", "fox3"]


def test_when_places_are_short_every_species_keeps_its_best_first() -> None:
    assert names(survivors(BEST_FIRST, 3, 2)) == ["fox0", "hare0", "owl0"]
    assert names(survivors(BEST_FIRST, 2, 2)) == ["fox0", "hare0"]


def test_failures_survive_only_where_places_are_left() -> None:
    assert names(survivors(BEST_FIRST, 9, 3))[-1] == "owl0"
    assert names(survivors(BEST_FIRST, 50, 3)) == names(BEST_FIRST)
