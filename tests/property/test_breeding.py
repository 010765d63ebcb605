"""Compiled breeding draws what numpy's and Python's generators draw, and makes the same children."""

import random  # noqa: TID251 - replayed

import numpy as np
import pytest

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.evolution import replayed_philox, replayed_twister
from genepool.evolution.breeding import Breeding
from genepool.evolution.gene_tables import GeneTables
from genepool.evolution.population import Candidate, Individual
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Gene, Genome
from genepool.market.measures import Measures
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.plain_breeding import Stock, breed, genome_at, indices_of

SEEDS = seed_strategies()
NOTHING = Measures(*([0.0] * 20))
SCORED = Scored((1.0,), (1.0,), NOTHING, NOTHING, (), ())
SETTINGS = [
    EvolutionSettings(),
    EvolutionSettings(crossover_rate=0, mutation_rate=1, tournament_size=1),
    EvolutionSettings(crossover_rate=1, mutation_rate=0, tournament_size=9),
]


@pytest.mark.parametrize("seed", [0, 7, 2**32, 2**64 + 3, 2**130 + 77])
def test_the_replayed_generator_draws_what_numpy_draws(seed: int) -> None:
    key = (int(Purpose.SELECTION), 3, 499)
    numpy, state = generator(seed, Purpose.SELECTION, *key[1:]), np.zeros(replayed_philox.STATE, np.uint64)
    replayed_philox.start(state, replayed_philox.entropy_words(seed, *key), np.zeros(4, np.uint64))
    for turn in range(500):
        count = (1, 2, 3, 37, 301, 2**31 + 11, 2**32 - 1)[turn % 7]
        assert replayed_philox.below(state, count) == numpy.integers(count)
        assert replayed_philox.unit(state) == numpy.random()
        assert int(replayed_philox.next_word(state)) >> 1 == numpy.integers(2**63)


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**32 + 5, 2**63 - 1])
def test_the_replayed_twister_draws_what_python_draws(seed: int) -> None:
    python = random.Random(seed)  # noqa: S311 - what is replayed
    words, place = np.zeros(replayed_twister.WORDS, np.uint32), np.zeros(1, np.int64)
    replayed_twister.seed_with(words, place, replayed_twister.BLANK, np.uint64(seed))
    for turn in range(700):
        assert replayed_twister.unit(words, place) == python.random()
        members = 1 + turn % 70
        assert replayed_twister.below(words, place, members) == python.choice(range(members))


@pytest.mark.parametrize("name", SEEDS)
def test_gene_tables_hold_every_value_of_every_gene(name: str) -> None:
    strategy = SEEDS[name]
    tables, longest = GeneTables(strategy), max(gene.size for gene in strategy.all_genes)
    for index in range(longest):
        indices = [index % gene.size for gene in strategy.all_genes]
        genome = tables.genome_at(indices)
        assert repr(genome) == repr(genome_at(strategy, indices))
        assert genome.fingerprint == Genome(genome.strategy, genome.genes).fingerprint
        assert tables.indices_of(genome) == indices_of(strategy, genome)


def test_a_gene_of_one_value_is_bred_as_well() -> None:
    odd = Strategy(
        "odd",
        "A fake.",
        "None.",
        (Gene("fixed", 2, 2, 1, 2, "Stays."), Gene("two", -0.5, 0.5, 1.0, 0.5, "Either.", off=-0.5)),
        lambda bank, _: np.zeros(len(bank.candles)),
        lambda _: 1,
    )
    compare({"odd": odd}, SETTINGS[0], 11, 9)


@pytest.mark.parametrize("seed", [0, 7, 2**40])
@pytest.mark.parametrize("settings", SETTINGS, ids=["default", "mutation", "crossover"])
def test_children_are_those_bred_one_by_one(settings: EvolutionSettings, seed: int) -> None:
    compare(SEEDS, settings, seed, 60)


def compare(strategies: dict[str, Strategy], settings: EvolutionSettings, seed: int, members: int) -> None:
    """Breed three children and draw a genome in each slot both ways; one species has no living parent."""
    names = list(strategies)
    living = [stranger(strategies[names[-1 - slot % min(4, len(names))]], slot) for slot in range(members)]
    species = [name for name in names for _ in range(4)]
    breeding = Breeding(strategies, settings, seed)
    brood, stock = breeding.brood(species, living, 5), Stock(living)
    drawn = breeding.drawn(species, range(len(species)), 5, "immigrant")
    for slot, (first, fresh) in enumerate(zip(brood.first(), drawn, strict=True)):
        strategy, rng = strategies[species[slot]], generator(seed, Purpose.SELECTION, 5, slot)
        plain = [breed(stock, strategy, settings, rng) for _ in range(3)]
        assert repr([first, brood.another(slot, 1), brood.another(slot, 2)]) == repr(plain)
        genome = strategy.random_genome(generator(seed, Purpose.IMMIGRANT, 5, slot))
        assert repr(fresh) == repr(Candidate(genome, "immigrant"))


def stranger(strategy: Strategy, slot: int) -> Individual:
    genome = strategy.random_genome(generator(1, Purpose.INITIAL_GENOME, 0, slot))
    return Individual(Candidate(genome, "initial"), Evaluation(genome, SCORED), 0)
