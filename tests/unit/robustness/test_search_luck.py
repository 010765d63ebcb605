"""What luck would have shown, and what is known of a champion."""

import math

import pytest

from genepool.backtest.evaluation import Scored
from genepool.market.measures import Measures
from genepool.robustness.luck import SHORTING, HeldBenchmark, weigh
from genepool.robustness.sharpe_statistics import expected_best_sharpe
from genepool.robustness.verdicts import Standing, standing
from tests.fakes.luck_curves import luck_curve


def measures(**given: float) -> Measures:
    names = Measures.__dataclass_fields__
    return Measures(**(dict.fromkeys(names, 0.0) | {"kurtosis": 3.0} | given))


def test_the_curve_rises_with_the_best_and_with_what_noise_would_show() -> None:
    curve = luck_curve([None, 0.5, -1.0, 2.0, None, 1.0], years=4.0)
    assert [point.best for point in curve] == [None, 0.5, 0.5, 2.0, 2.0, 2.0]
    assert [point.evaluations for point in curve] == [1, 2, 3, 4, 5, 6]
    assert curve[-1].expected_best == expected_best_sharpe(6, 1.0) / 2
    bars = [point.expected_best for point in curve]
    assert bars == sorted(bars)


def test_a_long_search_is_drawn_with_few_points_and_the_last_is_among_them() -> None:
    curve = luck_curve([float(k) for k in range(1_003)], years=1.0, points=10)
    assert len(curve) == 10
    assert curve[-1].evaluations == 1_003
    assert curve[-1].best == 1_002.0


def test_no_trials_make_no_curve() -> None:
    assert luck_curve([], years=1.0) == ()


def scored(**given: float) -> Scored:
    return Scored((1.0,), (1.0,), measures(trades=9.0, sharpe=1.5), measures(**given), (), ())


def held(**given: float) -> HeldBenchmark:
    return HeldBenchmark(SHORTING, measures(), measures(**given), measures())


def test_evidence_is_gathered_on_the_walk_forward_span() -> None:
    champion = scored(sharpe=2.0, total_return=0.3, candles=4_380.0, trades=25.0)
    hold = held(sharpe=1.0, total_return=0.1)
    found = weigh(champion, hold, trials=100, candles_per_year=8_760.0, genomes=60)
    assert (found.hold_sharpe, found.hold_return, found.holding) == (1.0, 0.1, SHORTING)
    assert (found.trades, found.trades_in_sample, found.genomes) == (25.0, 9.0, 60)
    assert found.years == 0.5
    assert found.expected_best == pytest.approx(2.531 * math.sqrt(2), abs=1e-3)
    assert 0.0 < found.deflated_probability < 0.5
    more = weigh(champion, hold, 10_000, 8_760.0)
    assert more.expected_best == pytest.approx(3.861 * math.sqrt(2), abs=1e-3)
    assert more.deflated_probability < found.deflated_probability


def test_a_span_without_candles_proves_nothing() -> None:
    found = weigh(scored(sharpe=2.0, trades=25.0), held(), trials=100, candles_per_year=8_760.0)
    assert found.deflated_probability == 0.0
    assert standing(found) is Standing.LUCK
