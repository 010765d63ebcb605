"""What holds for every variation of every genome."""

import random  # noqa: TID251 - to prove that its state is restored
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.evolution.operators import pareto_order
from genepool.genome import Gene
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies
from tests.fakes.plain_breeding import (
    blend,
    genome_at,
    indices_of,
    mutate,
    seeded,
    tournament,
    uniform_crossover,
)

DETERMINISTIC = settings(derandomize=True, deadline=None, max_examples=60)
NAMES = sorted(seed_strategies())
seeds = st.integers(0, 2**32)


@st.composite
def genes(draw: st.DrawFn) -> Gene:
    size, step = draw(st.integers(1, 200)), draw(st.sampled_from([0.1, 0.5, 1.0, 25.0]))
    low = draw(st.integers(-50, 50)) * step
    gene = Gene("gene", low, low + (size - 1) * step, step, low, "A fake.")
    off = draw(st.none() | st.integers(0, size - 1))
    return gene if off is None else Gene("gene", low, gene.high, step, low, "A fake.", off=gene.at(off))


def rng_of(seed: int) -> np.random.Generator:
    return generator(seed, Purpose.MUTATION)


@DETERMINISTIC
@given(st.lists(genes(), min_size=1, max_size=12), seeds, st.floats(0, 1))
def test_a_mutation_stays_within_the_bounds_of_every_gene(some: list[Gene], seed: int, rate: float) -> None:
    rng = rng_of(seed)
    indices = [int(rng.integers(gene.size)) for gene in some]
    before = list(indices)
    mutated = mutate(some, indices, rate, rng)
    assert indices == before
    assert all(0 <= index < gene.size for gene, index in zip(some, mutated, strict=True))


@DETERMINISTIC
@given(st.lists(genes(), min_size=1, max_size=12), seeds)
def test_without_a_rate_exactly_one_gene_is_mutated_at_most(some: list[Gene], seed: int) -> None:
    rng = rng_of(seed)
    indices = [int(rng.integers(gene.size)) for gene in some]
    mutated = mutate(some, indices, 0.0, rng)
    assert sum(a != b for a, b in zip(indices, mutated, strict=True)) <= 1


@DETERMINISTIC
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1), seeds)
def test_a_blend_lies_between_its_parents(pairs: list[tuple[int, int]], seed: int) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    child = blend(first, second, rng_of(seed))
    assert all(min(a, b) <= c <= max(a, b) for (a, b), c in zip(pairs, child, strict=True))


@DETERMINISTIC
@given(st.lists(st.tuples(st.integers(), st.integers()), min_size=1), seeds, st.floats(0, 1))
def test_a_crossover_takes_every_gene_from_one_of_its_parents(
    pairs: list[tuple[int, int]], seed: int, share: float
) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    child = uniform_crossover(first, second, share, rng_of(seed))
    assert all(c in pair for pair, c in zip(pairs, child, strict=True))
    assert [a for a, _ in pairs] == first
    assert uniform_crossover(first, second, 0.0, rng_of(seed)) == first
    assert uniform_crossover(first, second, 1.0, rng_of(seed)) == second


@DETERMINISTIC
@given(st.sampled_from(NAMES), seeds)
def test_a_genome_survives_the_way_to_indices_and_back(name: str, seed: int) -> None:
    strategy = seed_strategies()[name]
    genome = strategy.random_genome(rng_of(seed))
    assert genome_at(strategy, indices_of(strategy, genome)) == genome


@DETERMINISTIC
@given(st.sampled_from(NAMES), seeds)
def test_a_mutated_genome_is_bounded_stepped_and_repaired(name: str, seed: int) -> None:
    strategy, rng = seed_strategies()[name], rng_of(seed)
    parent = indices_of(strategy, strategy.random_genome(rng))
    child = genome_at(strategy, mutate(strategy.all_genes, parent, 0.5, rng))
    assert child == strategy.genome(child.values)
    for gene in strategy.all_genes:
        value = child.values[gene.name]
        assert gene.low <= value <= gene.high
        assert gene.quantise(value) == value


def test_mutation_reaches_every_value_of_a_gene() -> None:
    gene = Gene("gene", 0, 30, 1, 0, "A fake.", integer=True, off=0)
    rng, index, reached = rng_of(3), 0, set()
    for _ in range(2_000):
        (index,) = mutate([gene], [index], 0.0, rng)
        reached.add(index)
    assert reached == set(range(31))


def test_a_gene_that_is_off_leaps_when_switched_on_and_is_switched_off_again() -> None:
    gene = Gene("gene", 0, 100, 1, 0, "A fake.", integer=True, off=0)
    rng = rng_of(4)
    leaps = [mutate([gene], [0], 0.0, rng)[0] for _ in range(300)]
    assert min(leaps) > 0
    assert 40 < sum(leaps) / len(leaps) < 60
    returns = [mutate([gene], [50], 0.0, rng)[0] for _ in range(300)]
    assert 0.2 < returns.count(0) / 300 < 0.4


def test_most_steps_are_small() -> None:
    gene = Gene("gene", 0, 100, 1, 0, "A fake.", integer=True)
    rng = rng_of(5)
    distances = sorted(abs(mutate([gene], [50], 0.0, rng)[0] - 50) for _ in range(500))
    assert distances[250] <= 12
    assert distances[-1] > 30


@DETERMINISTIC
@given(st.integers(1, 60), st.integers(1, 8), seeds)
def test_a_tournament_picks_a_member_and_leaves_the_global_generator_alone(
    size: int, contestants: int, seed: int
) -> None:
    random.seed(seed)
    before = random.getstate()
    winners = tournament(size, contestants, 2, rng_of(seed))
    assert len(winners) == 2
    assert all(0 <= winner < size for winner in winners)
    assert random.getstate() == before
    assert tournament(size, contestants, 2, rng_of(seed)) == winners


def test_a_larger_tournament_prefers_better_members() -> None:
    def mean(contestants: int) -> float:
        return float(np.mean(tournament(50, contestants, 600, rng_of(1))))

    assert mean(1) > mean(3) > mean(8)
    assert mean(1) == pytest.approx(24.5, abs=3)


def test_the_global_generator_is_restored_even_after_an_error() -> None:
    random.seed(1)
    before = random.getstate()
    with pytest.raises(IndexError), seeded(rng_of(1)):
        random.choice([])  # noqa: S311 - no secret is drawn; it raises
    assert random.getstate() == before


scores = st.lists(st.tuples(*[st.integers(-5, 5).map(float)] * 3), max_size=25)


def dominates(one: Sequence[float], other: Sequence[float]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


@DETERMINISTIC
@given(scores)
def test_no_one_stands_before_who_dominates_him(some: list[tuple[float, ...]]) -> None:
    order = pareto_order(some)
    assert sorted(order) == list(range(len(some)))
    for place, position in enumerate(order):
        assert not any(dominates(some[later], some[position]) for later in order[place + 1 :])
