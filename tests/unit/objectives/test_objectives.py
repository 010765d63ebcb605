"""What evolution strives for never rewards doing nothing, nor ruin."""

import itertools
import math

import pytest

from genepool.market.measures import Measures
from genepool.objectives import objectives
from genepool.objectives._floor import IDLE_SCORE, MINIMUM_TRADES, RUIN_PENALTY

NAMES = sorted(objectives())
RATIOS = ["calmar", "return_over_drawdown", "sharpe", "sortino"]


def measures(**given: float) -> Measures:
    earning = {
        "total_return": 0.2,
        "annual_return": 0.4,
        "volatility": 0.3,
        "sharpe": 1.2,
        "sortino": 1.8,
        "calmar": 4.0,
        "max_drawdown": 0.1,
        "turnover": 300.0,
        "trades": 50.0,
        "candles": 2_000.0,
    }
    zeros = dict.fromkeys(Measures.__dataclass_fields__, 0.0)
    return Measures(**(zeros | earning | given))


IDLE = measures(
    total_return=0, annual_return=0, volatility=0, sharpe=0, sortino=0, calmar=0, max_drawdown=0, turnover=0,
    trades=0,
)  # fmt: skip


def first_score(name: str, of: Measures) -> float:
    return objectives()[name].score(of)[0]


def test_the_objectives_are_those_that_the_command_line_offers() -> None:
    assert NAMES == ["calmar", "return_over_drawdown", "sharpe", "sharpe_drawdown_turnover", "sortino"]


@pytest.mark.parametrize("name", NAMES)
def test_an_objective_is_called_after_its_module(name: str) -> None:
    assert objectives()[name].name == name
    assert objectives()[name].summary.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_doing_nothing_scores_below_zero(name: str) -> None:
    assert first_score(name, IDLE) == IDLE_SCORE < 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [("sharpe", 1.2), ("sortino", 1.8), ("calmar", 4.0), ("return_over_drawdown", 2.0)],
)
def test_enough_trades_earn_the_whole_ratio(name: str, expected: float) -> None:
    assert first_score(name, measures(trades=MINIMUM_TRADES)) == pytest.approx(expected)
    assert first_score(name, measures(trades=10 * MINIMUM_TRADES)) == pytest.approx(expected)


@pytest.mark.parametrize("name", NAMES)
def test_every_further_trade_below_the_floor_is_worth_something(name: str) -> None:
    found = [first_score(name, measures(trades=float(trades))) for trades in range(int(MINIMUM_TRADES) + 1)]
    assert all(later > earlier for earlier, later in itertools.pairwise(found))
    gaps = [later - earlier for earlier, later in itertools.pairwise(found)]
    assert max(gaps) < 0.15 * (found[-1] - found[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_few_lucky_trades_do_not_beat_an_honest_record(name: str) -> None:
    lucky = measures(sharpe=6.0, sortino=9.0, calmar=20.0, total_return=1.0, trades=3.0)
    assert first_score(name, lucky) < first_score(name, measures())


@pytest.mark.parametrize(
    ("name", "field"), [("sharpe", "sharpe"), ("sortino", "sortino"), ("calmar", "calmar")]
)
@pytest.mark.parametrize("trades", [1.0, 10.0, 19.0, 20.0, 400.0])
def test_a_better_ratio_scores_better_at_any_number_of_trades(name: str, field: str, trades: float) -> None:
    ratios = [-3.0, -0.5, 0.0, 0.5, 3.0]
    found = [first_score(name, measures(**{field: ratio, "trades": trades})) for ratio in ratios]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_trading_less_does_not_hide_a_loss() -> None:
    assert first_score("sharpe", measures(sharpe=-2.0, trades=2.0)) < first_score(
        "sharpe", measures(sharpe=-2.0)
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "ruin", [{"liquidations": 1.0}, {"total_return": -0.97, "max_drawdown": 0.97}, {"max_drawdown": 0.96}]
)
def test_ruin_scores_below_doing_nothing_whatever_the_ratio(name: str, ruin: dict[str, float]) -> None:
    scores = objectives()[name].score(measures(**ruin))
    assert scores[0] <= -RUIN_PENALTY
    assert scores[0] < IDLE_SCORE


@pytest.mark.parametrize("name", RATIOS)
def test_a_ratio_is_one_score(name: str) -> None:
    assert len(objectives()[name].score(measures())) == 1


def test_a_drawdown_near_zero_does_not_make_a_return_infinite() -> None:
    assert first_score("return_over_drawdown", measures(max_drawdown=0.0)) == pytest.approx(20.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("extreme", [1_000.0, -1_000.0, 0.0])
def test_scores_are_finite_at_the_bounds(name: str, extreme: float) -> None:
    of = measures(sharpe=extreme, sortino=extreme, calmar=extreme, turnover=abs(extreme))
    assert all(math.isfinite(score) for score in objectives()[name].score(of))


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def test_three_scores_are_sharpe_drawdown_and_turnover() -> None:
    assert objectives()["sharpe_drawdown_turnover"].score(measures()) == pytest.approx((1.2, -0.1, -300.0))


def test_doing_nothing_dominates_no_honest_strategy_and_is_dominated_by_every_earning_one() -> None:
    score = objectives()["sharpe_drawdown_turnover"].score
    for sharpe in (0.1, 1.0, 3.0):
        for drawdown in (0.01, 0.3, 0.9):
            for turnover in (10.0, 5_000.0):
                earning = score(measures(sharpe=sharpe, max_drawdown=drawdown, turnover=turnover))
                assert dominates(earning, score(IDLE))
    losing = score(measures(sharpe=-4.0, max_drawdown=0.8, turnover=15_000.0))
    assert not dominates(score(IDLE), losing)
