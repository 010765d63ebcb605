"""What every seed strategy promises, whatever its author; a new file under strategies/ is held to it."""

import itertools
import pickle  # noqa: TID251 - genomes travel to worker processes
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from genepool.errors import InvalidCandles
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.wild_futures import other_futures
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.cheats import FORGETFUL, PEEKING
from tests.fakes.detectors import (
    first_meeting,
    remembers,
    sees_the_future,
    started_later,
    with_another_past,
)
from tests.fakes.markets import random_market, scaled, without

LONGEST_LOOKBACK = 1_200
OPTIONAL_COLUMNS = frozenset({"volume", "funding"})

SEEDS = pytest.mark.parametrize("strategy", seed_strategies().values(), ids=lambda strategy: strategy.name)
RULES = pytest.mark.parametrize(
    "strategy",
    [strategy for strategy in seed_strategies().values() if not strategy.learning],
    ids=lambda strategy: strategy.name,
)

LEARNERS = [strategy for strategy in seed_strategies().values() if strategy.learning]


class CountingBank(IndicatorBank):
    """Counts the rows that it had to compute."""

    computed = 0

    @override
    def _keep(self, *given: Any) -> None:
        self.computed += 1
        super()._keep(*given)


@cache
def market(seed: int, candles: int) -> Candles:
    return random_market(seed, candles)


def drawn(strategy: Strategy, count: int, seed: int = 0) -> list[Genome]:
    """Return the default genome and random ones; fewer of a strategy that learns, which is slow."""
    count = min(count, 5) if strategy.learning else count
    rng = generator(seed, Purpose.INITIAL_GENOME)
    return [strategy.genome(), *(strategy.random_genome(rng) for _ in range(count))]


def exposure(strategy: Strategy, genome: Genome, candles: Candles) -> FloatArray:
    return strategy.exposure(IndicatorBank(candles), genome.values)


def changes(wanted: FloatArray) -> int:
    return int(np.count_nonzero(np.diff(wanted)))


class TestGenes:
    @SEEDS
    def test_every_gene_has_permitted_bounds_default_and_off_value(self, strategy: Strategy) -> None:
        for gene in strategy.genes:
            assert gene.size >= 2
            named = [gene.low, gene.high, gene.default, *([] if gene.off is None else [gene.off])]
            assert [gene.quantise(value) for value in named] == named
            assert gene.meaning.endswith(".")
            assert not gene.integer or all(value == int(value) for value in (*named, gene.step))

    @SEEDS
    def test_gene_names_are_unique_and_the_name_is_the_module(self, strategy: Strategy) -> None:
        names = [gene.name for gene in strategy.all_genes]
        assert len(set(names)) == len(names)
        assert seed_strategies()[strategy.name] is strategy

    @SEEDS
    def test_the_default_genome_needs_no_repair(self, strategy: Strategy) -> None:
        assert strategy.genome().values == {gene.name: gene.default for gene in strategy.all_genes}

    @SEEDS
    def test_repair_is_idempotent_and_ends_on_permitted_values(self, strategy: Strategy) -> None:
        rng = generator(1, Purpose.INITIAL_GENOME)
        names = [gene.name for gene in strategy.genes]
        default = strategy.genome().values
        corners = itertools.product(*((gene.low, gene.high) for gene in strategy.genes))
        given = [
            *({gene.name: gene.draw(rng) for gene in strategy.all_genes} for _ in range(300)),
            *({**default, **dict(zip(names, corner, strict=True))} for corner in corners),
        ]
        for values in given:
            repaired = dict(strategy.repair(values))
            assert dict(strategy.repair(repaired)) == repaired
            assert repaired == {g.name: g.quantise(repaired[g.name]) for g in strategy.all_genes}
            assert strategy.normalised(values) == strategy.normalised(repaired)

    @SEEDS
    def test_a_genome_survives_the_journey_to_a_worker(self, strategy: Strategy) -> None:
        for genome in drawn(strategy, 20):
            arrived = pickle.loads(pickle.dumps(genome))  # noqa: S301 - our own bytes
            assert arrived == genome
            assert arrived.fingerprint == genome.fingerprint

    @SEEDS
    def test_no_genome_needs_more_than_1200_candles(self, strategy: Strategy) -> None:
        rng = generator(2, Purpose.INITIAL_GENOME)
        needed = [strategy.total_lookback(strategy.random_genome(rng).values) for _ in range(300)]
        assert min(needed) >= 1
        assert max(needed) <= strategy.longest_lookback <= LONGEST_LOOKBACK


class TestExposure:
    @SEEDS
    def test_one_finite_number_within_bounds_per_candle(self, strategy: Strategy) -> None:
        for seed in range(3):
            bank = IndicatorBank(market(seed, 1_500))
            for genome in drawn(strategy, 60, seed):
                wanted = strategy.exposure(bank, genome.values)
                assert wanted.dtype == np.float64
                assert wanted.shape == (1_500,)
                assert np.isfinite(wanted).all()
                assert np.abs(wanted).max() <= 1.0

    @SEEDS
    def test_the_same_question_has_the_same_answer(self, strategy: Strategy) -> None:
        candles = market(3, 1_500)
        used = IndicatorBank(candles)
        genomes = drawn(strategy, 20)
        first = [strategy.exposure(used, genome.values).tobytes() for genome in genomes]
        for genome, answer in zip(reversed(genomes), reversed(first), strict=True):
            assert strategy.exposure(used, genome.values).tobytes() == answer
            assert exposure(strategy, genome, candles).tobytes() == answer

    @SEEDS
    def test_the_caller_may_write_to_it(self, strategy: Strategy) -> None:
        bank = IndicatorBank(market(3, 1_500))
        for genome in drawn(strategy, 3):
            wanted = strategy.exposure(bank, genome.values)
            kept = wanted.copy()
            wanted[:] = 9.0
            assert strategy.exposure(bank, genome.values).tobytes() == kept.tobytes()

    @SEEDS
    def test_short_histories_are_answered_too(self, strategy: Strategy) -> None:
        for candles in (1, 2, 3, 30):
            for genome in drawn(strategy, 5):
                wanted = exposure(strategy, genome, market(4, candles))
                assert wanted.shape == (candles,)
                assert np.isfinite(wanted).all()

    @SEEDS
    def test_a_price_that_never_moves_is_answered_too(self, strategy: Strategy) -> None:
        flat = np.full(1_300, 100.1)
        still = replace(market(5, 1_300), open=flat, high=flat, low=flat, close=flat)
        for genome in drawn(strategy, 20):
            assert np.isfinite(exposure(strategy, genome, still)).all()

    @SEEDS
    def test_the_default_genome_trades(self, strategy: Strategy) -> None:
        candles = market(6, 5_000)
        genome = strategy.genome()
        assert changes(exposure(strategy, genome, candles)[strategy.lookback(genome.values) :]) >= 5

    @SEEDS
    def test_columns_beside_prices_are_needed_exactly_when_declared(self, strategy: Strategy) -> None:
        candles = market(7, 1_500)
        assert strategy.requires <= OPTIONAL_COLUMNS
        genome = strategy.genome()
        bare = without(candles, *(OPTIONAL_COLUMNS - strategy.requires))
        assert np.isfinite(exposure(strategy, genome, bare)).all()
        for name in strategy.requires:
            with pytest.raises(InvalidCandles, match=name):
                exposure(strategy, genome, without(candles, name))


class TestFamilies:
    @SEEDS
    def test_genomes_of_one_family_share_every_fit(self, strategy: Strategy) -> None:
        assert bool(strategy.fitted) == strategy.learning
        rng = generator(3, Purpose.INITIAL_GENOME)
        drawn_genomes = [strategy.random_genome(rng) for _ in range(40 if strategy.learning else 1)]
        first = drawn_genomes[0]
        shared = {name: first.values[name] for name in strategy.fitted}
        relatives = [strategy.genome({**other.values, **shared}) for other in drawn_genomes]
        bank = CountingBank(market(10, 1_500))
        strategy.exposure(bank, first.values)
        before = bank.computed
        for relative in relatives if strategy.learning else []:
            assert strategy.family(relative) == strategy.family(first)
            strategy.exposure(bank, relative.values)
        assert bank.computed == before

    @pytest.mark.parametrize("strategy", LEARNERS, ids=lambda strategy: strategy.name)
    def test_every_gene_of_the_family_makes_a_difference_to_the_fits(self, strategy: Strategy) -> None:
        genes = {gene.name: gene for gene in strategy.genes}
        bank = CountingBank(market(10, 1_500))
        strategy.exposure(bank, strategy.genome().values)
        for name in strategy.fitted:
            before = bank.computed
            value = next(end for end in (genes[name].low, genes[name].high) if end != genes[name].default)
            strategy.exposure(bank, strategy.genome({name: value}).values)
            assert bank.computed > before, name


class TestScale:
    @SEEDS
    @pytest.mark.parametrize("factor", [2.0, 0.5, 1024.0])
    def test_another_unit_of_price_changes_no_bit(self, strategy: Strategy, factor: float) -> None:
        candles = market(8, 1_500)
        bank, other = IndicatorBank(candles), IndicatorBank(scaled(candles, factor))
        for genome in drawn(strategy, 40):
            wanted = strategy.exposure(bank, genome.values)
            assert strategy.exposure(other, genome.values).tobytes() == wanted.tobytes()

    @SEEDS
    def test_tripled_prices_change_no_decision_here(self, strategy: Strategy) -> None:
        candles = market(8, 1_500)
        bank, other = IndicatorBank(candles), IndicatorBank(scaled(candles, 3.0))
        differing = sum(
            np.count_nonzero(
                strategy.exposure(bank, genome.values) != strategy.exposure(other, genome.values)
            )
            for genome in drawn(strategy, 40)
        )
        assert differing == 0

    @SEEDS
    def test_another_unit_of_volume_changes_no_bit(self, strategy: Strategy) -> None:
        candles = market(9, 1_500)
        assert candles.volume is not None
        bank, other = IndicatorBank(candles), IndicatorBank(replace(candles, volume=candles.volume * 8.0))
        for genome in drawn(strategy, 20):
            wanted = strategy.exposure(bank, genome.values)
            assert strategy.exposure(other, genome.values).tobytes() == wanted.tobytes()


class TestLookAhead:
    @SEEDS
    @pytest.mark.parametrize("seed", [10, 11, 12])
    def test_no_seed_sees_the_future(self, strategy: Strategy, seed: int) -> None:
        genomes = drawn(strategy, 70, seed)
        assert sees_the_future(strategy, genomes, market(seed, 1_500), seed) == []

    @pytest.mark.parametrize("cheat", PEEKING.values(), ids=PEEKING)
    @pytest.mark.parametrize("period", [20, 105])
    def test_every_planted_cheat_is_caught(self, cheat: Strategy, period: int) -> None:
        genome = cheat.genome({"period": period})
        missed = [seed for seed in range(20) if not sees_the_future(cheat, [genome], market(seed, 600), seed)]
        assert missed == []

    def test_another_future_shares_the_past_and_nothing_else(self) -> None:
        candles = market(0, 600)
        *wild, ended = other_futures(candles, 300, seed=0)
        assert len(ended) == 301
        for market_gone_wild, name in itertools.product(wild, sorted(candles.columns)):
            ours, theirs = getattr(candles, name), getattr(market_gone_wild, name)
            assert (ours[:301] == theirs[:301]).all()
            assert (ours[301:] != theirs[301:]).mean() > 0.1


class TestWarmUp:
    @SEEDS
    def test_candles_before_the_lookback_are_forgotten(self, strategy: Strategy) -> None:
        candles = market(13, 2_000)
        other = with_another_past(candles, until=600, seed=14)
        for genome in drawn(strategy, 40):
            assert remembers(strategy, genome, candles, other, changed_until=600) == []

    @SEEDS
    def test_another_past_changes_no_decision_once_both_have_taken_the_same(self, strategy: Strategy) -> None:
        candles = market(13, 2_500)
        other = with_another_past(candles, until=600, seed=14)
        for genome in drawn(strategy, 40):
            warm = 600 + strategy.lookback(genome.values)
            ours = exposure(strategy, genome, candles)[warm:]
            theirs = exposure(strategy, genome, other)[warm:]
            met = first_meeting(ours, theirs)
            assert met is None or (ours[met:] == theirs[met:]).all()

    @RULES
    @pytest.mark.parametrize("late", [1, 37, 500])
    def test_starting_later_changes_no_decision_once_both_have_taken_the_same(
        self, strategy: Strategy, late: int
    ) -> None:
        candles = market(15, 3_000)
        later = started_later(candles, late)
        meetings = 0
        for genome in drawn(strategy, 40):
            assert remembers(strategy, genome, candles, later, changed_until=late) == []
            warm = late + strategy.lookback(genome.values)
            ours = exposure(strategy, genome, candles)[warm:]
            theirs = exposure(strategy, genome, later)[warm - late :]
            met = first_meeting(ours, theirs)
            assert met is None or (ours[met:] == theirs[met:]).all()
            meetings += met is not None
        assert meetings >= 20

    def test_a_lookback_that_is_too_short_is_caught(self) -> None:
        candles = market(16, 1_000)
        genome = FORGETFUL.genome()
        assert remembers(FORGETFUL, genome, candles, with_another_past(candles, 400, seed=17), 400)
        assert remembers(FORGETFUL, genome, candles, started_later(candles, 37), 37)
