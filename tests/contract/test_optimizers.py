"""What every optimizer promises; a new file under optimizers is held to it."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import pytest

from genepool.errors import ConfigError
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSpec
from genepool.optimizers import Optimizer, Search, optimizers, search_of
from tests.fakes.histories import a_spec
from tests.fakes.species import SPECIES, habits_of, trading

SETTINGS = EvolutionSettings(population_size=12, evaluations=44)
OPTIMIZERS = pytest.mark.parametrize("optimizer", optimizers().values(), ids=lambda one: one.name)

Asked = list[tuple[Candidate, ...]]


def begun(optimizer: Optimizer, seed: int = 3) -> Search:
    return search_of(SPECIES, replace(SETTINGS, optimizer=optimizer.name), seed, habits_of)


def searched(
    search: Callable[[], Search], *, stopped_after: int | None = None
) -> tuple[Asked, list[Population]]:
    """Search until the budget is used up; one that was stopped begins anew and is told what is recorded."""
    running, seen = search(), set[str]()
    population: Population | None = None
    asked: Asked = []
    populations: list[Population] = []
    born: list[list[Individual]] = []
    while candidates := running.ask(population, seen):
        evaluations = [trading(one.genome) for one in candidates]
        population = running.tell(population, candidates, list(reversed(evaluations)))
        asked.append(candidates)
        populations.append(population)
        born.append(list(map(Individual, candidates, evaluations, [population.generation] * len(candidates))))
        seen |= {one.genome.fingerprint for one in candidates}
        if stopped_after == population.generation:
            running = search()
            for generation in born:
                running.recall(generation)
    return asked, populations


@OPTIMIZERS
def test_an_optimizer_says_what_it_is(optimizer: Optimizer) -> None:
    assert optimizers()[optimizer.name] is optimizer
    assert optimizer.summary.endswith(".")
    assert not optimizer.source.endswith(".")
    assert optimizer.source[-4:].isdigit()


@OPTIMIZERS
def test_it_asks_for_valid_new_genomes_until_the_budget_is_used_up(
    optimizer: Optimizer,
) -> None:
    asked, populations = searched(lambda: begun(optimizer))
    genomes = [one.genome for candidates in asked for one in candidates]
    assert [len(candidates) for candidates in asked] == [12, 12, 12, 8]
    assert len({genome.fingerprint for genome in genomes}) == len(genomes)
    assert {genome.strategy for genome in genomes} == set(SPECIES)
    for genome in genomes:
        assert SPECIES[genome.strategy].normalised(genome.values) == genome
    assert [population.generation for population in populations] == [0, 1, 2, 3]


@OPTIMIZERS
def test_equal_seeds_ask_the_same_and_others_do_not(optimizer: Optimizer) -> None:
    assert searched(lambda: begun(optimizer)) == searched(lambda: begun(optimizer))
    assert searched(lambda: begun(optimizer, 4))[0] != searched(lambda: begun(optimizer))[0]


@OPTIMIZERS
@pytest.mark.parametrize("generation", [0, 2])
def test_one_that_was_stopped_asks_as_if_it_never_was(optimizer: Optimizer, generation: int) -> None:
    whole = searched(lambda: begun(optimizer))
    assert searched(lambda: begun(optimizer), stopped_after=generation) == whole


@OPTIMIZERS
def test_what_chooses_nothing_but_failures_still_asks(optimizer: Optimizer) -> None:
    search = begun(optimizer)
    candidates = search.ask(None, set())
    failures = [replace(trading(one.genome), scored=None, error="it failed") for one in candidates]
    population = search.tell(None, candidates, failures)
    assert len(search.ask(population, {one.genome.fingerprint for one in candidates})) == len(candidates)


@OPTIMIZERS
def test_all_that_it_needs_is_there_or_it_says_what_installs_it(optimizer: Optimizer) -> None:
    assert all(find_spec(package) for package in optimizer.needs)
    with pytest.raises(ConfigError, match=r"needs no_such_package, .*pip install 'genepool\[optimize\]'"):
        replace(optimizer, needs=("no_such_package",)).check()


def test_an_unknown_optimizer_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ConfigError, match="no optimizer 'luck': choose from atlas, cma, genetic, random, tpe"
    ):
        search_of(SPECIES, EvolutionSettings(optimizer="luck"), 1, habits_of)


def test_a_run_of_before_there_was_a_choice_is_genetic() -> None:
    old = json.loads(a_spec("old").to_json())
    del old["settings"]["optimizer"]
    assert RunSpec.from_json(json.dumps(old)).settings.optimizer == "genetic"
