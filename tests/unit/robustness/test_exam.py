"""The exam's statistic and its bar."""

import math
from dataclasses import replace

import numpy as np
import pytest

from genepool.market.measures import Measures
from genepool.robustness.exam import FEWEST_POSITIONS, Sitting, exam_bar, sitting_of

YEAR = 8_760.0


def measures(returns: list[float], positions: float = 40.0) -> Measures:
    """Return the measures that a span of these returns would have, as far as the exam reads them."""
    found = np.array(returns)
    centred = found - found.mean()
    spread = found.std()
    still = Measures(*[0.0] * 20)
    return replace(
        still,
        volatility=float(found.std(ddof=1)) * math.sqrt(YEAR),
        sharpe=float(found.mean() / found.std(ddof=1)) * math.sqrt(YEAR),
        skew=float((centred**3).mean() / spread**3),
        kurtosis=float((centred**4).mean() / spread**4),
        trades=positions,
        candles=float(len(found)),
    )


def test_the_bar_is_the_quantile_of_students_t_and_rises_with_the_attempts() -> None:
    # Degrees of freedom are positions less one; tables print 1.697 and 2.042 for 30, 2.457 for 1 % of 30.
    assert exam_bar(1, 31) == pytest.approx(1.697, abs=5e-4)
    assert exam_bar(2, 31) == pytest.approx(2.042, abs=5e-4)
    assert exam_bar(5, 31) == pytest.approx(2.457, abs=5e-4)
    assert exam_bar(1, 10) == pytest.approx(1.833, abs=5e-4)


def test_normal_returns_have_nearly_the_usual_t() -> None:
    returns = np.random.default_rng(3).normal(0.0005, 0.01, 2_000)
    found = sitting_of(measures(returns.tolist()), YEAR)
    usual = returns.mean() / (returns.std(ddof=1) / math.sqrt(len(returns)))
    assert found.t == pytest.approx(usual, rel=0.01)


def test_fat_losses_cost_certainty() -> None:
    rng = np.random.default_rng(3)
    usual = rng.normal(0.002, 0.01, 500)
    crashing = np.where(np.arange(500) % 100 == 50, usual - 0.05, usual)
    turned = 2 * crashing.mean() - crashing
    lost, won = (sitting_of(measures(one.tolist()), YEAR) for one in (crashing, turned))
    assert lost.t is not None
    assert won.t is not None
    assert lost.t < won.t


def test_the_interval_is_of_the_annual_ratio_and_around_it() -> None:
    found = measures(np.random.default_rng(3).normal(0.0005, 0.01, 2_000).tolist())
    sat = sitting_of(found, YEAR)
    assert sat.low is not None
    assert sat.high is not None
    assert (sat.low + sat.high) / 2 == pytest.approx(found.sharpe)
    # 95 % of a standard error of one per root of the years that the candles last.
    assert sat.high - sat.low == pytest.approx(2 * 1.96 / math.sqrt(2_000 / YEAR), rel=0.05)


def test_a_champion_that_trades_rarely_or_never_does_not_pass() -> None:
    few = Sitting(9.0, FEWEST_POSITIONS - 1, 1.0, 9.0)
    assert not few.tells
    assert not few.passes(1)
    assert replace(few, positions=FEWEST_POSITIONS).passes(1)
    still = sitting_of(replace(measures([0.0, 1e-3] * 50), volatility=0.0), YEAR)
    assert still == Sitting(None, 40, None, None)
    assert not still.passes(1)


def test_what_passes_once_need_not_pass_among_many() -> None:
    sat = Sitting(1.8, 500, 0.1, 3.0)
    assert sat.passes(1)
    assert not sat.passes(2)
