"""Years drawn from what was, against published numbers of ruin and drawdown."""

import math

import numpy as np
import pytest

from genepool.market.candles import FloatArray
from genepool.portfolio.account import JointPeriods
from genepool.portfolio.closed_forms import ever_down_to, expected_max_drawdown, growth_kept
from genepool.portfolio.forecast import Forecast, YearDraws, forecasts, suitable_block
from genepool.portfolio.stress import stretched

# Looked at in steps of deviation s, a path hides so many s of its fall (Broadie, Glasserman, Kou 1997).
HIDDEN = 0.5826


def periods(returns: FloatArray, lows: FloatArray | None = None) -> JointPeriods:
    none = np.zeros(len(returns))
    low = np.minimum(returns, 0.0) if lows is None else lows
    return JointPeriods(returns, low, none, none, np.zeros(len(returns), dtype=bool))


def told(
    returns: FloatArray, *levels: float, paths: int = 1_000, seed: int = 0, a_year: float = 365.0
) -> Forecast:
    return forecasts([periods(returns)], YearDraws(seed, a_year, levels, paths, block=1.0))[0]


def normal(mean: float, deviation: float, count: int = 4_000) -> FloatArray:
    draws = np.random.default_rng(11).normal(size=count)
    return np.asarray(mean + deviation * (draws - draws.mean()) / draws.std())


def gamblers_ruin(chance: float, stake: int, goal: int) -> float:
    """Return the chance to lose a stake before it reaches a goal (Feller 1968, XIV.2)."""
    odds = (1.0 - chance) / chance
    return float((odds**stake - odds**goal) / (1.0 - odds**goal))


class TestPublishedNumbers:
    @pytest.mark.parametrize(
        ("fraction", "level", "chance"),
        [(0.5, 0.5, 0.125), (1.0, 0.5, 0.5), (0.5, 0.8, 0.512), (1.0, 0.8, 0.8)],
    )
    def test_the_chance_ever_to_fall_to_a_level_by_kelly(
        self, fraction: float, level: float, chance: float
    ) -> None:
        assert ever_down_to(level, fraction) == pytest.approx(chance)

    def test_twice_kelly_falls_anywhere(self) -> None:
        assert ever_down_to(0.01, 2.0) == 1.0

    @pytest.mark.parametrize(("fraction", "kept"), [(1.0, 1.0), (0.5, 0.75), (0.25, 0.4375), (2.0, 0.0)])
    def test_growth_that_a_fraction_of_kelly_keeps(self, fraction: float, kept: float) -> None:
        assert growth_kept(fraction) == kept

    def test_expected_largest_drawdown_without_drift(self) -> None:
        assert expected_max_drawdown(1.0, 1.0) == pytest.approx(1.2533, abs=1e-4)
        assert expected_max_drawdown(0.2, 4.0) == pytest.approx(0.4 * 1.2533, abs=1e-4)

    def test_gamblers_ruin(self) -> None:
        assert gamblers_ruin(0.51, 20, 100) == pytest.approx(0.4390, abs=1e-4)
        # An account that wins or loses a hundredth at a time is such a gambler, and its goal is far away.
        moves = np.expm1(0.01 * np.array([1.0] * 11 + [-1.0] * 9))
        level = math.exp(-0.1)
        drawn = told(moves, level * (1 + 1e-9), a_year=700)
        assert list(drawn.ruin.values()) == pytest.approx([gamblers_ruin(0.55, 10, 10_000)], abs=0.03)


class TestDraws:
    @pytest.mark.parametrize(("fraction", "level"), [(0.5, 0.5), (1.0, 0.5), (0.5, 0.8)])
    def test_ruin_of_drawn_paths_is_that_of_theory(self, fraction: float, level: float) -> None:
        # A Sharpe ratio of 0.1 a period decides within 1,000 periods whether it ever falls.
        sharpe, deviation = 0.1, 0.1 * fraction
        met = level * math.exp(HIDDEN * deviation)
        drawn = told(
            np.exp(normal((fraction - fraction**2 / 2) * sharpe**2, deviation)) - 1, met, a_year=1_000
        )
        assert drawn.ruin[f"{met:g}"] == pytest.approx(ever_down_to(level, fraction), abs=0.04)

    def test_drawdown_without_drift_is_that_of_theory(self) -> None:
        deviation = 0.001
        drawn = told(np.exp(normal(0.0, deviation)) - 1, 0.5)
        expected = expected_max_drawdown(deviation, 365) - 2 * HIDDEN * deviation
        # It is in law the largest |B| up to T (Lévy), whose median is 1.1489 root T and whose mean is 1.2533.
        assert -math.log(1 - drawn.drawdowns["0.5"]) == pytest.approx(1.1489 / 1.2533 * expected, rel=0.04)

    def test_the_same_seed_draws_the_same_year(self) -> None:
        moves = normal(0.001, 0.02)
        assert told(moves, 0.5, paths=200) == told(moves, 0.5, paths=200)
        assert told(moves, 0.5, paths=200) != told(moves, 0.5, paths=200, seed=1)

    def test_bands_lie_in_order_and_begin_at_the_start(self) -> None:
        drawn = told(normal(0.0, 0.02), 0.5, paths=300)
        bands = np.array(list(drawn.bands.values()))
        assert np.all(np.diff(bands, axis=0) >= 0)
        assert np.all(bands[:, 0] == 1.0)
        assert (drawn.steps[0], drawn.steps[-1]) == (0, 365)

    def test_what_always_rises_is_always_ahead_and_never_under_water(self) -> None:
        drawn = told(np.full(50, 0.001), 0.99, paths=50)
        assert drawn.ahead == {"3": 1.0, "6": 1.0, "12": 1.0}
        assert (drawn.under_water, drawn.longest_under_water["0.95"], drawn.ruin["0.99"]) == (0.0, 0.0, 0.0)

    def test_what_always_falls_is_under_water_all_year(self) -> None:
        drawn = told(np.full(50, -0.001), 0.9, paths=50)
        assert (drawn.under_water, drawn.longest_under_water["0.5"], drawn.ruin["0.9"]) == (1.0, 365.0, 1.0)

    def test_lows_inside_a_day_count_for_ruin_and_drawdown(self) -> None:
        moves = np.zeros(40)
        drawn = forecasts([periods(moves, moves - 0.2)], YearDraws(0, 365.0, (0.8,), 50))[0]
        assert drawn.ruin["0.8"] == 1.0
        assert drawn.drawdowns["0.5"] == pytest.approx(0.2)
        assert drawn.under_water == 0.0

    def test_a_period_in_which_the_venue_closed_the_account_ends_a_path(self) -> None:
        returns, closed = np.array([0.01, -0.9]), np.array([False, True])
        account = JointPeriods(returns, np.minimum(returns, 0), np.zeros(2), np.zeros(2), closed)
        drawn = forecasts([account], YearDraws(0, 365.0, (0.5,), 200))[0]
        assert drawn.liquidation == 1.0
        # One loss of nine tenths at most: nothing is lost twice.
        assert min(drawn.bands["0.05"]) == pytest.approx(0.1)

    def test_blocks_keep_turbulent_times_together(self) -> None:
        rng = np.random.default_rng(2)
        sizes = np.repeat(rng.choice([0.002, 0.03], 60), 20)
        assert suitable_block(sizes * rng.normal(size=1_200)) > 8


class TestStress:
    def test_correlation_goes_to_one_and_the_mean_stays(self) -> None:
        rng = np.random.default_rng(0)
        moves, halves = rng.normal(0.001, 0.01, (500, 2)), np.array([0.5, 0.5])
        steps = stretched(periods(moves @ halves), moves, halves)
        first, last = steps[0], steps[-1]
        assert first[2].returns == pytest.approx(moves @ halves)
        assert last[1] == pytest.approx(float(halves @ moves.std(axis=0, ddof=1)))
        assert last[2].returns.std(ddof=1) == pytest.approx(last[1])
        assert last[2].returns.mean() == pytest.approx(first[2].returns.mean())
        deviations = [deviation for _, deviation, _ in steps]
        assert deviations == sorted(deviations)
