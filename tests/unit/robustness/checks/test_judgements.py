"""Each check passes what it is there to pass, and fails what it is there to fail."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.robustness.checks import Answers, CheckFinding, CheckOutcome, Subject, robustness_checks
from genepool.robustness.checks.cost_stress import dearer
from genepool.robustness.checks.neighbourhood import NEAR, share_above_zero
from genepool.robustness.checks.random_entries import placed_at_random
from genepool.robustness.checks.regimes import thirds, trailing
from genepool.robustness.neighbourhood import Neighbour, Neighbourhood
from tests.fakes.cheats import PEEKING
from tests.fakes.examined import PROBLEM, answered, champion

CHECKS = robustness_checks()
FOLDS = len(champion().played.walk_forward)
PASS, FAIL = CheckOutcome.PASS, CheckOutcome.FAIL


def measured(**figures: Any) -> Subject:  # noqa: ANN401 - of measures
    """Return the champion with other measures inside the folds."""
    ours = champion()
    return replace(
        ours, scored=replace(ours.scored, walk_forward=replace(ours.scored.walk_forward, **figures))
    )


def earning(returns: FloatArray) -> Subject:
    """Return the champion with other returns inside the folds, and their Sharpe ratio."""
    sharpe = float(returns.mean() / returns.std(ddof=1) * np.sqrt(PROBLEM.candles_per_year))
    subject = measured(sharpe=sharpe, skew=0.0, kurtosis=3.0)
    return replace(subject, played=replace(champion().played, walk_forward=returns))


def made(name: str, subject: Subject, answers: Answers | None = None) -> CheckFinding:
    return CHECKS[name].find(subject, answers or Answers())


def noise(mean: float) -> FloatArray:
    shocks = np.random.default_rng(5).normal(0.0, 0.01, FOLDS)
    return np.asarray(shocks - shocks.mean() + mean)


@pytest.mark.parametrize(
    "name",
    [
        "autocorrelation",
        "bootstrap_interval",
        "constant_side",
        "deflated_sharpe",
        "minimum_backtest_length",
        "minimum_track_record",
        "probabilistic_sharpe",
        "regimes",
        "walk_forward_t",
    ],
)
def test_a_strong_record_passes_and_a_losing_one_fails(name: str) -> None:
    assert made(name, earning(noise(0.004))).outcome is PASS
    assert made(name, earning(noise(-0.001))).outcome is FAIL


@pytest.mark.parametrize("name", ["deflated_sharpe", "minimum_backtest_length"])
def test_what_one_trial_passes_many_fail(name: str) -> None:
    subject = earning(noise(0.001))
    assert made(name, replace(subject, trials=2)).outcome is PASS
    assert made(name, replace(subject, trials=1_000_000)).outcome is FAIL
    assert CHECKS[name].counts_trials


def test_returns_that_trend_prove_less_than_independent_ones() -> None:
    trending = np.convolve(noise(0.0), np.ones(5) / 5, mode="same")
    calm = trending / trending.std() * 0.01 - trending.mean() + 0.001
    corrected = made("autocorrelation", earning(np.asarray(calm))).figure
    assert corrected is not None
    assert corrected < 0.7 * earning(np.asarray(calm)).measures.sharpe
    plain, found = made("probabilistic_sharpe", earning(calm)), made("bootstrap_interval", earning(calm))
    assert (plain.outcome, found.outcome) == (PASS, FAIL)


@pytest.mark.parametrize(("sharpe", "outcome"), [(3.0, PASS), (-3.0, FAIL)])
def test_entries_are_good_where_few_random_ones_are_as_good(sharpe: float, outcome: CheckOutcome) -> None:
    finding = made("random_entries", measured(sharpe=sharpe), answered(CHECKS["random_entries"]))
    assert finding.outcome is outcome
    assert finding.figure == (0.005 if outcome is PASS else 1.0)


def test_twins_take_as_many_positions_and_hold_them_as_long() -> None:
    def held(result: Any) -> int:  # noqa: ANN401 - a result that is there
        return int((result.exits - result.entries).sum())

    ours, twins = champion().played, answered(CHECKS["random_entries"]).results
    assert len(twins) == 199
    assert all(twin is not None and len(twin.entries) == len(ours.entries) for twin in twins)
    assert {held(twin) for twin in twins} == {held(ours)}


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(0, 40), st.integers(0, 99))
def test_trades_placed_at_random_stay_whole(lengths: list[int], free: int, seed: int) -> None:
    sizes = np.arange(1.0, len(lengths) + 1)
    rng = np.random.default_rng(seed)
    held = placed_at_random(np.array(lengths), sizes, sum(lengths) + free, rng)
    assert len(held) == sum(lengths) + free
    assert [int((held == size).sum()) for size in sizes] == lengths
    if free >= len(lengths):
        entered = np.count_nonzero((held != 0) & (np.concatenate([[0.0], held[:-1]]) == 0))
        assert entered == len(lengths)


def test_everything_that_is_paid_at_a_fill_is_doubled_and_nothing_else() -> None:
    costs = CostModel(0.001, 0.0005, 0.0002, 0.1, 0.0004, 3.0, 0.02)
    assert dearer(costs) == CostModel(0.002, 0.001, 0.0004, 0.2, 0.0008, 3.0, 0.02)
    assert dearer(replace(costs, slippage_atr_share=0.8)).slippage_atr_share < 1


@pytest.mark.parametrize(("name", "kept"), [("cost_stress", 0.001), ("one_candle_late", 1.0)])
def test_a_variant_that_earns_passes_and_one_that_loses_fails(name: str, kept: float) -> None:
    for sharpe, outcome in [(kept, PASS), (-0.001, FAIL)]:
        played = replace(champion().played, measures=replace(champion().measures, sharpe=sharpe))
        assert made(name, measured(sharpe=2.0), Answers([played])).outcome is outcome


def test_half_of_the_sharpe_must_survive_a_delay() -> None:
    played = replace(champion().played, measures=replace(champion().measures, sharpe=0.9))
    assert made("one_candle_late", measured(sharpe=2.0), Answers([played])).outcome is FAIL


def test_a_gap_counts_where_stop_and_target_are_set() -> None:
    genes = {**champion().genome.values, "atr_stop": 1.0, "atr_target": 2.0}
    genome = PROBLEM.strategies[champion().genome.strategy].normalised(genes)
    for gap, outcome in [(0.01, PASS), (0.2, FAIL)]:
        subject = replace(measured(total_return=0.1, ambiguity_gap=gap), genome=genome)
        assert made("ambiguity_gap", subject).outcome is outcome
    assert made("ambiguity_gap", measured(ambiguity_gap=0.2)).outcome is CheckOutcome.NOT_APPLICABLE


def around(near: float | None, far: float | None, ours: float = 2.0) -> Neighbourhood:
    """Return a map of nine values each way, with one score up to two strides away and another further off."""

    def score(column: int, row: int) -> float | None:
        away = max(abs(column - 4), abs(row - 4))
        return ours if away == 0 else near if away <= NEAR else far

    cells = (Neighbour(c, r, score(c, r), True) for c in range(9) for r in range(9))
    return Neighbourhood(("fast", tuple(range(9))), ("slow", tuple(range(9))), (4, 4), tuple(cells))


@pytest.mark.parametrize(
    ("near", "outcome"), [(1.9, PASS), (0.1, PASS), (0.0, FAIL), (-0.1, FAIL), (None, FAIL)]
)
def test_near_neighbours_that_still_score_above_0_make_a_plateau(
    near: float | None, outcome: CheckOutcome
) -> None:
    for far in (2.0, -2.0, None):
        finding = made("neighbourhood", champion(), Answers(proposed=around(near, far)))
        assert (finding.outcome, finding.figure) == (outcome, float(outcome is PASS))
        assert f"of {(2 * NEAR + 1) ** 2 - 1} near neighbours" in finding.sentence


def test_half_of_the_near_neighbours_are_enough() -> None:
    whole = around(1.0, 1.0)
    centre = [cell for cell in whole.cells if (cell.column, cell.row) == whole.centre]
    pair = [Neighbour(3, 4, 0.1, True), Neighbour(5, 4, -3.0, True)]
    assert share_above_zero(replace(whole, cells=(*centre, *pair))) == 0.5
    finding = made("neighbourhood", champion(), Answers(proposed=replace(whole, cells=(*centre, *pair))))
    assert finding.outcome is PASS


def test_a_champion_without_a_score_above_0_or_without_a_near_neighbour_is_not_judged_by_them() -> None:
    whole = around(1.0, 1.0)
    alone = [cell for cell in whole.cells if (cell.column, cell.row) in {whole.centre, (0, 0)}]
    for one in (around(1.0, 1.0, ours=0.0), replace(whole, cells=tuple(alone))):
        assert share_above_zero(one) is None
        finding = made("neighbourhood", champion(), Answers(proposed=one))
        assert finding.outcome is CheckOutcome.NOT_APPLICABLE


def test_a_strategy_that_sees_the_future_is_named() -> None:
    cheat = next(iter(PEEKING.values()))
    problem = replace(PROBLEM, own=(cheat,))
    ours = champion()
    assert made("look_ahead", ours).outcome is PASS
    for subject in (replace(ours, genome=cheat.genome()), replace(ours, board=(cheat.genome(),))):
        finding = made("look_ahead", replace(subject, problem=problem))
        assert (finding.outcome, finding.figure) == (FAIL, 1.0)
        assert finding.sentence.startswith(f"{cheat.name} sees the future")


def test_a_regime_is_known_before_the_candle_that_it_is_told_of() -> None:
    closes = np.asarray(100.0 * np.cumprod(1 + noise(0.0)), dtype=np.float64)
    volatility, trend = trailing(closes, 20)
    changed = closes.copy()
    changed[300:] *= 3
    assert np.array_equal(trailing(changed, 20)[0][:300], volatility[:300], equal_nan=True)
    assert trend[50] == pytest.approx(np.log(closes[50] / closes[30]))
    assert [int(third.sum()) for third in thirds(np.arange(9.0))] == [3, 3, 3]


def test_a_candle_s_own_return_does_not_choose_its_regime() -> None:
    steps = np.random.default_rng(0).normal(0.001, 0.01, len(PROBLEM.candles))
    closes = np.asarray(100.0 * np.cumprod(1 + steps), dtype=np.float64)
    problem = replace(PROBLEM, candles=replace(PROBLEM.candles, close=closes))
    inside = np.concatenate([np.arange(*fold) for fold in PROBLEM.folds])
    # Holding earns in falling markets too, unless they are found by the candles that fell.
    finding = made("regimes", replace(earning(np.asarray(steps[inside])), problem=problem))
    assert finding.figure == 3


def test_one_regime_that_pays_for_all_fails() -> None:
    _, trend = trailing(PROBLEM.candles.close, 20)
    inside = np.concatenate([np.arange(*fold) for fold in PROBLEM.folds]) - 1
    rising = thirds(trend[inside])[2]
    finding = made("regimes", earning(np.where(rising, 0.02, -0.004) + noise(0.0)))
    assert finding.outcome is FAIL
    assert "falling" in finding.sentence


def test_the_best_of_many_alike_is_overfitted_and_a_clear_winner_is_not() -> None:
    def board(added: float) -> Answers:
        made_of = np.random.default_rng(2).normal(0, 0.01, (10, FOLDS * 2))
        made_of[0] += added
        results = [
            replace(champion().played, in_sample=one[:FOLDS], walk_forward=one[FOLDS:]) for one in made_of
        ]
        return Answers(results)

    for name in ("backtest_overfitting", "superior_ability"):
        assert made(name, champion(), board(0.004)).outcome is PASS
        assert made(name, champion(), board(0.0)).outcome is FAIL
    assert made("combinatorial_paths", champion(), board(0.004)).outcome is PASS
