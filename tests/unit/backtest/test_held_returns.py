"""Genomes are scored by what held champions do not do already."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.backtest.detailed import backtest
from genepool.backtest.held_returns import HeldReturns, HeldSpans, HeldTrack
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies

HOUR = 3_600 * 10**9
MARKET = synthetic_market("regimes", 5, 2_600)
RULE, COSTS = SplitRule(purge=8, embargo=8), CostModel()
PLAIN = Problem.seal(MARKET, RULE, COSTS, "sharpe")


def a_genome(strategy: str, **genes: float) -> Genome:
    return seed_strategies()[strategy].genome(genes)


HELD = a_genome("ema_crossover", fast=12, slow=48)


def track(genome: Genome = HELD, candles: Candles = PLAIN.candles) -> HeldTrack:
    result = backtest(candles, genome, COSTS)
    return HeldTrack("gold", result.stamps + HOUR, result.equity)


def apart(limit: float, *tracks: HeldTrack) -> Problem:
    return Problem.seal(MARKET, RULE, COSTS, "sharpe", (), tracks, limit)


def test_without_champions_a_problem_is_known_as_it_always_was() -> None:
    assert apart(0.3).digest == PLAIN.digest
    digests = {PLAIN.digest, apart(0.3, track()).digest, apart(0.4, track()).digest}
    digests.add(apart(0.3, track(a_genome("ema_crossover", fast=14, slow=48))).digest)
    assert len(digests) == 4
    assert apart(0.3, track()).sent_as == apart(0.3, track()).digest


def test_the_same_genome_earns_nothing_and_its_measures_stay() -> None:
    (plain,), (same,) = Scorer(PLAIN).evaluate([HELD]), Scorer(apart(0.3, track())).evaluate([HELD])
    assert plain.scored
    assert same.scored
    assert (same.scored.in_sample, same.scored.walk_forward) == (
        plain.scored.in_sample, plain.scored.walk_forward,
    )  # fmt: skip
    assert plain.scored.scores[0] > 0.5
    assert same.scored.scores[0] == pytest.approx(0.0, abs=0.1)


def test_what_does_otherwise_keeps_its_score_bit_for_bit() -> None:
    others = [a_genome("rsi_filter"), a_genome("donchian_breakout"), HELD]
    plain, free = Scorer(PLAIN).evaluate(others), Scorer(apart(0.9999, track())).evaluate(others[:2])
    assert [one.scored for one in free] == [one.scored for one in plain[:2]]


def test_a_score_is_the_same_alone_and_in_any_batch() -> None:
    problem = apart(-0.5, track(), track(a_genome("rsi_filter")))
    genomes = [a_genome("donchian_breakout"), HELD, a_genome("rsi_filter")]
    together = Scorer(problem).evaluate(genomes)
    assert [Scorer(problem).evaluate([genome])[0] for genome in genomes] == together


class TestAlong:
    CLOSES = MARKET.stamps + HOUR

    def test_a_close_is_known_at_the_first_candle_that_ends_no_earlier(self) -> None:
        equity = np.linspace(1.0, 2.0, 600)
        daily = HeldTrack("daily", self.CLOSES[11::4][:600] - 60 * 10**9, equity)
        (known,) = HeldReturns.along(MARKET, (0, 2_600), [daily], 0.3).equities
        fresh = np.flatnonzero(np.isfinite(known))
        assert fresh.tolist() == list(range(11, 11 + 2_400, 4))
        assert known[fresh].tolist() == equity.tolist()

    def test_of_finer_candles_the_newest_close_counts(self) -> None:
        halves = np.sort(np.concatenate([self.CLOSES, self.CLOSES - HOUR // 2]))
        equity = np.arange(1.0, len(halves) + 1)
        (known,) = HeldReturns.along(MARKET, (0, 2_600), [HeldTrack("half", halves, equity)], 0.3).equities
        assert known.tolist() == equity[1::2].tolist()

    def test_champions_of_other_years_are_refused(self) -> None:
        old = HeldTrack("old", self.CLOSES[:50], np.ones(50))
        with pytest.raises(ConfigError, match="old has 50 candles in common with the in-sample span"):
            HeldReturns.along(MARKET, (0, 2_000), [old], 0.3)


def test_the_closest_champion_counts_by_pearsons_correlation_inside_the_spans() -> None:
    rng = np.random.default_rng(1)
    ours, near = np.cumprod(1 + rng.normal(0, 0.01, (2, 1_000)), axis=1)
    near = ours * (1 + 0.2 * (near - 1))
    far = 2.0 - ours / 10
    spans = np.array([[0, 400], [500, 1_000]])
    held = HeldReturns(0.3, (far, near))

    def returns(equity: FloatArray) -> FloatArray:
        parts = [equity[start:stop] for start, stop in spans]
        return np.concatenate([part[1:] / part[:-1] - 1 for part in parts])

    expected = np.corrcoef(returns(ours), returns(near))[0, 1]
    assert HeldSpans(held, spans).closest(ours) == pytest.approx(expected, rel=1e-9)
    assert HeldSpans(replace(held, equities=(far,)), spans).closest(ours) == pytest.approx(-1.0, abs=0.1)
    assert HeldSpans(held, spans).closest(np.ones(1_000)) == 0.0
