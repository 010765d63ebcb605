"""The engine asks for what is new and worth it, and its answers depend on the record alone."""

import math
import random  # noqa: TID251 - to prove that its state does not matter
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from genepool.backtest.evaluation import Evaluation, Scored
from genepool.errors import ConfigError
from genepool.evolution.engine import Engine, stop_reason
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Gene, Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.measures import Measures
from genepool.strategies import Strategy

NOTHING = Measures(*([0.0] * 20))
SETTINGS = EvolutionSettings(population_size=24, species_floor=3)


def flat(bank: IndicatorBank, _genes: Mapping[str, float]) -> FloatArray:
    return np.zeros(len(bank.candles))


def ordered(genes: Mapping[str, float]) -> Mapping[str, float]:
    return {**genes, "slow": max(genes["slow"], genes["fast"])}


def a_strategy(name: str) -> Strategy:
    genes = (
        Gene("fast", 1, 40, 1, 5, "Candles.", integer=True),
        Gene("slow", 1, 40, 1, 20, "Candles.", integer=True),
        Gene("band", 0, 1, 0.1, 0, "Dead band.", off=0),
    )
    return Strategy(name, "A fake.", "None.", genes, flat, lambda _: 1, ordered)


SPECIES = {name: a_strategy(name) for name in ("badger", "fox", "hare", "owl")}


def evaluation(genome: Genome, *scores: float) -> Evaluation:
    return Evaluation(genome, Scored(scores, scores, NOTHING, NOTHING, (), ()))


def hill(genome: Genome) -> Evaluation:
    """Score foxes best; all species prefer fast=12, slow=30 and a stop."""
    values = genome.values
    height = {"fox": 3.0, "hare": 2.0, "owl": 1.0, "badger": 0.0}[genome.strategy]
    slope = abs(values["fast"] - 12) / 40 + abs(values["slow"] - 30) / 40 + abs(values["atr_stop"] - 3) / 8
    return evaluation(genome, height - slope)


def failing(genome: Genome) -> Evaluation:
    return Evaluation(genome, None, "it divided by zero")


Judge = Callable[[Genome], Evaluation]


def grow(
    engine: Engine, generations: int, judge: Judge = hill
) -> list[tuple[Population, tuple[Candidate, ...]]]:
    history: list[tuple[Population, tuple[Candidate, ...]]] = []
    population, seen = None, set[str]()
    for _ in range(generations):
        asked = engine.ask(population, seen)
        population = engine.tell(population, asked, [judge(one.genome) for one in asked])
        seen |= {one.genome.fingerprint for one in asked}
        history.append((population, asked))
    return history


def fingerprints(candidates: tuple[Candidate, ...]) -> list[str]:
    return [one.genome.fingerprint for one in candidates]


def counts(population: Population) -> Counter[str]:
    return Counter(one.genome.strategy for one in population.individuals)


def test_the_first_generation_holds_every_species_and_its_textbook_genome() -> None:
    asked = Engine(SPECIES, SETTINGS, seed=1).ask(None, set())
    assert len(asked) == 24
    assert set(Counter(one.genome.strategy for one in asked).values()) == {6}
    assert [one.genome for one in asked[:4]] == [SPECIES[name].genome() for name in sorted(SPECIES)]
    assert {one.operator for one in asked} == {"initial"}
    assert not any(one.parents or one.changed for one in asked)


def test_another_seed_asks_otherwise_and_the_same_seed_asks_the_same() -> None:
    first = Engine(SPECIES, SETTINGS, seed=1).ask(None, set())
    assert Engine(SPECIES, SETTINGS, seed=1).ask(None, set()) == first
    assert Engine(SPECIES, SETTINGS, seed=2).ask(None, set())[4:] != first[4:]


def test_the_order_in_which_strategies_are_given_does_not_matter() -> None:
    backwards = dict(reversed(SPECIES.items()))
    assert grow(Engine(backwards, SETTINGS, 3), 3) == grow(Engine(SPECIES, SETTINGS, 3), 3)


def test_nothing_is_ever_asked_twice() -> None:
    asked = [name for _, asked in grow(Engine(SPECIES, SETTINGS, 5), 12) for name in fingerprints(asked)]
    assert len(asked) == len(set(asked)) == 12 * 24


def test_genomes_seen_elsewhere_in_the_run_are_not_asked_again() -> None:
    engine = Engine(SPECIES, SETTINGS, 5)
    seen = set(fingerprints(engine.ask(None, set())))
    assert not seen & set(fingerprints(engine.ask(None, seen)))


class Large:
    """Knows what it holds, and cannot be copied."""

    def __init__(self, held: list[str]) -> None:
        self._held = frozenset(held)

    def __contains__(self, name: object, /) -> bool:
        return name in self._held

    def __len__(self) -> int:
        return len(self._held)


def test_the_genomes_seen_are_looked_up_and_never_copied() -> None:
    engine = Engine(SPECIES, SETTINGS, 5)
    (population, asked), (_, following) = grow(engine, 2)
    assert engine.ask(population, Large(fingerprints(asked))) == following


def test_a_run_resumed_from_any_generation_asks_the_same() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 7), 6)
    seen: set[str] = set()
    for (population, asked), (_, following) in zip(history, history[1:], strict=False):  # noqa: RUF007 - pairs of pairs
        seen |= set(fingerprints(asked))
        assert Engine(SPECIES, SETTINGS, 7).ask(population, frozenset(seen)) == following


def test_the_order_in_which_evaluations_arrive_does_not_matter() -> None:
    engine = Engine(SPECIES, SETTINGS, 9)
    asked = engine.ask(None, set())
    arrived = [hill(one.genome) for one in asked]
    shuffled = [arrived[place] for place in np.random.default_rng(4).permutation(len(arrived))]
    assert engine.tell(None, asked, shuffled) == engine.tell(None, asked, arrived)


def test_the_order_of_a_population_s_members_does_not_matter() -> None:
    engine = Engine(SPECIES, SETTINGS, 9)
    (population, asked) = grow(engine, 1)[0]
    mixed = Population(0, tuple(reversed(population.individuals)))
    assert engine.ask(mixed, set(fingerprints(asked))) == engine.ask(population, set(fingerprints(asked)))


def test_asking_and_telling_leave_the_global_generators_alone() -> None:
    random.seed(123)
    python_state, numpy_state = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 - as above
    grow(Engine(SPECIES, SETTINGS, 11), 3)
    assert random.getstate() == python_state
    now = np.random.get_state(legacy=False)  # noqa: NPY002 - as above
    np.testing.assert_equal(now, numpy_state)


def test_the_state_of_the_global_generators_does_not_matter() -> None:
    random.seed(1)
    first = grow(Engine(SPECIES, SETTINGS, 11), 3)
    random.seed(2)
    assert grow(Engine(SPECIES, SETTINGS, 11), 3) == first


def test_a_population_stands_best_first_and_ties_break_by_fingerprint() -> None:
    flat_land = grow(Engine(SPECIES, SETTINGS, 1), 3, lambda genome: evaluation(genome, 1.0))
    names = [one.genome.fingerprint for one in flat_land[-1][0].individuals]
    assert names == sorted(names)
    hilly = grow(Engine(SPECIES, SETTINGS, 1), 3)[-1][0]
    values = [one.fitness for one in hilly.individuals if one.fitness is not None]
    assert values == sorted(values, reverse=True)
    assert len(values) == SETTINGS.population_size


def test_no_species_falls_below_its_floor() -> None:
    for population, _ in grow(Engine(SPECIES, SETTINGS, 2), 15):
        assert min(counts(population)[name] for name in SPECIES) >= 3
        assert len(population.individuals) == 24


def test_offspring_follow_success() -> None:
    *_, (_, asked) = grow(Engine(SPECIES, SETTINGS, 2), 6)
    shares = Counter(one.genome.strategy for one in asked)
    assert shares["fox"] > shares["hare"] > shares["badger"] >= 1


def test_the_best_of_every_species_is_carried_over_and_marked() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 4), 8)
    for (before, _), (after, _) in zip(history, history[1:], strict=False):  # noqa: RUF007 - pairs of pairs
        kept = {one.genome.fingerprint for one in after.individuals}
        for name in SPECIES:
            best = next(one for one in before.individuals if one.genome.strategy == name)
            better = [one for one in after.individuals if one.genome.strategy == name][:3]
            assert best.genome.fingerprint in kept or len(better) == 3
    final, before = history[-1][0], history[-2][0]
    old = {one.genome.fingerprint for one in before.individuals}
    assert all(one.elite == (one.genome.fingerprint in old) for one in final.individuals)


def test_the_best_never_gets_worse() -> None:
    best = [
        population.individuals[0].fitness or 0.0 for population, _ in grow(Engine(SPECIES, SETTINGS, 4), 10)
    ]
    assert best == sorted(best)
    assert best[-1] > best[0]


def test_an_individual_knows_the_generation_it_was_born_in() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 4), 5)
    births = {name: k for k, (_, asked) in enumerate(history) for name in fingerprints(asked)}
    assert all(one.born == births[one.genome.fingerprint] for one in history[-1][0].individuals)
    assert [population.generation for population, _ in history] == [0, 1, 2, 3, 4]


def test_lineage_is_true() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 6), 10)
    known: dict[str, Individual] = {}
    operators: Counter[str] = Counter()
    for population, asked in history:
        for one in asked:
            operators[one.operator] += 1
            if not one.parents:
                assert one.operator in {"initial", "immigrant"}
                continue
            first = known[one.parents[0]].genome
            assert first.strategy == one.genome.strategy
            differing = {name for name in first.values if first.values[name] != one.genome.values[name]}
            assert set(one.changed) == differing
            assert differing
            assert (len(one.parents) == 2) == ("crossover" in one.operator)
        known |= {one.genome.fingerprint: one for one in population.individuals}
    assert set(operators) == {"initial", "immigrant", "crossover", "mutation", "crossover+mutation"}


def test_only_risk_genes_cross_between_species() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 6), 12)
    genomes = {one.genome.fingerprint: one.genome for _, asked in history for one in asked}
    crossings = [
        one
        for _, asked in history
        for one in asked
        if one.operator == "crossover" and genomes[one.parents[1]].strategy != one.genome.strategy
    ]
    assert crossings
    own = {gene.name for gene in SPECIES["fox"].genes}
    for one in crossings:
        assert not own & set(one.changed)
        mate = genomes[one.parents[1]]
        assert all(one.genome.values[name] == mate.values[name] for name in one.changed)


def test_every_genome_asked_is_repaired() -> None:
    for _, asked in grow(Engine(SPECIES, SETTINGS, 8), 8):
        for one in asked:
            strategy = SPECIES[one.genome.strategy]
            assert one.genome == strategy.genome(one.genome.values)
            assert one.genome.values["slow"] >= one.genome.values["fast"]


def test_failures_come_last_and_are_never_parents() -> None:
    def picky(genome: Genome) -> Evaluation:
        return failing(genome) if genome.values["fast"] > 15 else hill(genome)

    history = grow(Engine(SPECIES, SETTINGS, 3), 8, picky)
    sick = {one.genome.fingerprint for _, asked in history for one in asked if one.genome.values["fast"] > 15}
    assert sick
    for population, asked in history:
        assert not any(set(one.parents) & sick for one in asked)
        fitness = [one.fitness for one in population.individuals]
        living = sum(value is not None for value in fitness)
        assert all(value is None for value in fitness[living:])


def test_a_species_that_always_fails_gets_fresh_members_and_does_not_stop_the_others() -> None:
    def no_owls(genome: Genome) -> Evaluation:
        return failing(genome) if genome.strategy == "owl" else hill(genome)

    history = grow(Engine(SPECIES, SETTINGS, 3), 6, no_owls)
    assert all(any(one.genome.strategy == "owl" for one in asked) for _, asked in history)
    assert min(counts(history[-1][0])[name] for name in ("fox", "hare", "badger")) >= 3


def test_a_generation_that_fails_as_a_whole_is_followed_by_fresh_draws() -> None:
    history = grow(Engine(SPECIES, SETTINGS, 3), 3, failing)
    assert all(len(asked) == 24 for _, asked in history)
    assert {one.operator for one in history[-1][1]} == {"immigrant"}
    assert all(one.fitness is None for one in history[-1][0].individuals)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_number_is_recorded_as_a_failure(bad: float) -> None:
    def broken(genome: Genome) -> Evaluation:
        return evaluation(genome, bad) if genome.strategy == "fox" else hill(genome)

    (population, _) = grow(Engine(SPECIES, SETTINGS, 3), 2, broken)[-1]
    assert population.individuals[0].genome.strategy == "hare"
    foxes = [one for one in population.individuals if one.genome.strategy == "fox"]
    assert all(one.fitness is None and one.evaluation.error for one in foxes)


def tiny() -> Strategy:
    risk_off = Gene("only", 0, 2, 1, 0, "Three values.", integer=True)
    return Strategy("tiny", "A fake.", "None.", (risk_off,), flat, lambda _: 1, _without_risk)


def _without_risk(genes: Mapping[str, float]) -> Mapping[str, float]:
    return {name: genes[name] if name == "only" else 0.0 for name in genes}


def test_an_exhausted_space_ends_with_fewer_candidates_and_then_none() -> None:
    engine = Engine({"tiny": tiny()}, EvolutionSettings(population_size=8), seed=1)
    history = grow(engine, 3, lambda genome: evaluation(genome, genome.values["only"]))
    assert [len(asked) for _, asked in history] == [3, 0, 0]
    assert [one.fitness for one in history[-1][0].individuals] == [2.0, 1.0, 0.0]


def test_the_evaluation_budget_is_never_overdrawn() -> None:
    settings = EvolutionSettings(population_size=10, evaluations=25)
    history = grow(Engine(SPECIES, settings, 1), 4)
    assert [len(asked) for _, asked in history] == [10, 10, 5, 0]


def test_more_species_than_places_is_possible() -> None:
    settings = EvolutionSettings(population_size=2)
    history = grow(Engine(SPECIES, settings, 1), 5)
    assert all(len(population.individuals) == 2 for population, _ in history)


def test_a_run_needs_a_strategy() -> None:
    with pytest.raises(ConfigError, match="no strategy takes part"):
        Engine({}, SETTINGS, 1)


@pytest.mark.parametrize("change", ["missing", "doubled", "foreign"])
def test_evaluations_that_were_not_asked_for_are_refused(change: str) -> None:
    engine = Engine(SPECIES, SETTINGS, 1)
    asked = engine.ask(None, set())
    answers = [hill(one.genome) for one in asked]
    wrong = {
        "missing": answers[1:],
        "doubled": [*answers, answers[0]],
        "foreign": [*answers[1:], hill(SPECIES["fox"].genome({"fast": 39, "slow": 40}))],
    }
    with pytest.raises(ValueError, match="exactly one evaluation for each candidate"):
        engine.tell(None, asked, wrong[change])


def test_a_run_stops_for_the_first_budget_that_is_spent() -> None:
    settings = EvolutionSettings(generations=4, evaluations=100, plateau=2)
    assert stop_reason([], 0, settings) is None
    assert stop_reason([1.0, 2.0, 3.0], 99, settings) is None
    assert stop_reason([1.0, 2.0, 3.0, 4.0], 99, settings) == "4 generations"
    assert stop_reason([1.0], 100, settings) == "100 evaluations"
    assert stop_reason([1.0, 1.0, 1.0], 30, settings) == "no better best for 2 generations"
    assert stop_reason([1.0, 0.5, 2.0], 30, settings) is None


def test_generations_that_failed_as_a_whole_are_a_plateau_too() -> None:
    settings = EvolutionSettings(plateau=2)
    assert stop_reason([None, None], 0, settings) is None
    assert stop_reason([None, None, None], 0, settings) == "no better best for 2 generations"
    assert stop_reason([None, None, 0.1], 0, settings) is None


@pytest.mark.parametrize(
    "change",
    [
        {"population_size": 1},
        {"generations": 0},
        {"plateau": 0},
        {"mutation_rate": 1.5},
        {"minutes": -1.0},
        {"minutes": math.inf},
        {"minutes": math.nan},
    ],
)
def test_impossible_settings_are_refused_with_their_name(change: dict[str, Any]) -> None:
    (name,) = change
    with pytest.raises(ConfigError, match=name):
        EvolutionSettings(**change)
