"""A fleet from records to forecasts."""

from functools import cache
from typing import Any

import numpy as np
import pytest

from genepool.errors import ConfigError, DataError
from genepool.portfolio.fleet import JointFleet, joint_fleet
from genepool.portfolio.terms import FleetTerms
from genepool.portfolio.weighing import FleetBot, deflated_means, luck_of
from genepool.robustness.sharpe_statistics import expected_best_sharpe
from tests.fakes.bot_records import fleet_bots, random_records, record

RECORDS = random_records(7)


def terms(weights: str = "hrp", **others: Any) -> FleetTerms:  # noqa: ANN401 - of any kind
    return FleetTerms(weights, paths=100, **others)


@cache
def usual(trials: int = 50) -> JointFleet:
    return joint_fleet(fleet_bots(RECORDS, trials), terms())


def test_twins_leave_before_shares_are_worked_out() -> None:
    twins = [*RECORDS[:2], record("copy", np.diff(np.log(RECORDS[0].stretches[0].equity), prepend=0.0))]
    found = joint_fleet(fleet_bots(twins), terms(max_correlation=0.9))
    assert [one.name for one in found.left_out] == ["copy"]
    assert found.bots == ["bot-0", "bot-1"]
    assert set(found.singles) == {"bot-0", "bot-1", "copy"}
    assert found.shares.sum() == pytest.approx(1.0)


def test_who_did_not_trade_is_left_out_and_a_fleet_of_such_is_refused() -> None:
    idle = record("idle", np.zeros(24 * 120))
    found = joint_fleet(fleet_bots([*RECORDS[:2], idle]), terms())
    assert found.left_out[0].reason == "it did not trade in the common periods"
    with pytest.raises(DataError, match="no bot of the fleet traded in the 120 days"):
        joint_fleet(fleet_bots([idle]), terms())


def test_luck_is_what_the_best_of_all_trials_would_show() -> None:
    bots = fleet_bots(RECORDS, trials=1_000)
    luck = luck_of(bots, 2.0)
    assert luck == pytest.approx(np.full(4, expected_best_sharpe(1_000, 0.5)))
    moves = np.random.default_rng(0).normal(0.002, 0.01, (730, 4))
    means = deflated_means(bots, moves, 365.0)
    shown = moves.mean(axis=0) * 365
    assert means == pytest.approx(shown - luck * moves.std(axis=0, ddof=1) * np.sqrt(365))


def test_kelly_of_what_luck_explains_is_cash() -> None:
    believed = joint_fleet(fleet_bots(RECORDS, trials=1), terms("kelly", max_leverage=5, max_share=5))
    chosen = joint_fleet(fleet_bots(RECORDS, trials=1_000_000), terms("kelly"))
    assert believed.shares.sum() > 0.5
    assert not chosen.shares.any()
    assert (chosen.figures.total_return, chosen.kelly_used, chosen.deflated.ruin["0.9"]) == (0.0, None, 0.0)


def test_half_of_kelly_trades_half_of_kelly() -> None:
    half = terms("kelly", kelly_fraction=0.5, max_leverage=20, max_share=20)
    assert joint_fleet(fleet_bots(RECORDS), half).kelly_used == pytest.approx(0.5, rel=0.02)


def test_less_luck_is_never_better_than_as_recorded() -> None:
    found = usual()
    for months, chance in found.recorded.ahead.items():
        assert found.deflated.ahead[months] <= chance
    assert found.deflated.bands["0.5"][-1] <= found.recorded.bands["0.5"][-1]


def test_diversification_and_stress_agree() -> None:
    found = usual()
    alone, together = found.stress[0], found.stress[-1]
    assert together.volatility / alone.volatility == pytest.approx(found.diversification, rel=1e-6)
    assert together.drawdown > alone.drawdown


def test_shares_of_earlier_are_shown_on_later() -> None:
    for way in usual().compared:
        assert way.later is not None
        assert sum(way.shares.values()) == pytest.approx(1.0) or way.weights == "kelly"
        # The second half is another record than the whole.
        assert way.later.total_return != way.figures.total_return or way.weights == "kelly"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"weights": "best"}, r"no weights 'best': choose from equal, equal_risk, hrp"),
        ({"kelly_fraction": 0.0}, r"--kelly-fraction is 0: give a number above 0, at most 1"),
        ({"max_leverage": -1.0}, r"--max-leverage is -1"),
        ({"ruin": 1.5}, r"--ruin is 1.5"),
        ({"paths": 10}, "--paths is 10: give 100 or more"),
        ({"max_correlation": 2.0}, r"--max-correlation is 2: give a number from -1 to 1"),
    ],
)
def test_terms_that_mean_nothing_are_refused(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        FleetTerms(**asked)


def test_a_bot_alone_is_a_fleet_too() -> None:
    found = joint_fleet([FleetBot(RECORDS[0], (1.0,), 1)], terms())
    assert found.shares.tolist() == [1.0]
    assert found.diversification == pytest.approx(1.0)
