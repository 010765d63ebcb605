"""From what a user asks for to a run that can start."""

from dataclasses import replace

import pytest

from genepool.errors import ConfigError, DataError, HistoryTooShort
from genepool.evolution.settings import EvolutionSettings
from genepool.history import RunSpec
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.planning import RunRequest, named, plan, replan
from genepool.strategies import seed_strategies

REQUEST = RunRequest(
    run="first",
    seed=7,
    data="synthetic:regimes",
    preset="quick",
    candles=None,
    split=SplitRule(),
    costs=CostModel(),
    settings=EvolutionSettings(),
    objective="sharpe",
)


@pytest.fixture(scope="module")
def market() -> Candles:
    return synthetic_market("regimes", 1, 4_000, 0.0)


def test_the_specification_holds_what_the_result_depends_on(market: Candles) -> None:
    planned = plan(market, REQUEST)
    spec = planned.spec
    assert (spec.candles, len(planned.candles), len(planned.problem.candles)) == (3_000, 3_000, 2_400)
    assert spec.data_digest == market.slice(1_000, 4_000).digest
    assert spec.market_digest == market.digest
    assert spec.problem_digest == planned.problem.digest
    assert spec.strategies == tuple(sorted(planned.strategies))
    assert spec.synthetic


def test_an_own_number_of_candles_goes_before_the_preset(market: Candles) -> None:
    spec = plan(market, replace(REQUEST, candles=2_500)).spec
    assert (spec.candles, spec.preset) == (2_500, "custom")
    with pytest.raises(HistoryTooShort, match="has 4000 candles, not 5000"):
        plan(market, replace(REQUEST, candles=5_000))
    with pytest.raises(ConfigError, match="there is no preset 'quik'"):
        plan(market, replace(REQUEST, candles=2_500, preset="quik"))


def test_strategies_are_all_that_can_take_part_or_those_asked_for(market: Candles) -> None:
    assert set(plan(market, REQUEST).spec.strategies) == set(seed_strategies())
    chosen = plan(market, replace(REQUEST, strategies=("rsi_filter", "ema_crossover", "rsi_filter")))
    assert chosen.spec.strategies == ("ema_crossover", "rsi_filter")


def test_a_seed_that_lacks_a_column_is_left_out_with_the_reason(market: Candles) -> None:
    bare = replace(market, volume=None, funding=None)
    assert plan(bare, REQUEST).spec.left_out == (
        ("funding_rate_carry", "the data has no funding"),
        ("vwap_reversion", "the data has no volume"),
    )
    with pytest.raises(
        ConfigError, match=r"no strategy can take part .funding_rate_carry: the data has no funding"
    ):
        plan(bare, replace(REQUEST, strategies=("funding_rate_carry",)))


def test_a_seed_that_looks_back_too_far_is_left_out_unless_it_was_asked_for(market: Candles) -> None:
    short = replace(REQUEST, candles=1_500)
    left_out = dict(plan(market, short).spec.left_out)
    longest = seed_strategies()["ema_crossover"].longest_lookback
    assert left_out["ema_crossover"] == f"it looks back up to {longest} candles, in-sample has 720"
    assert "bollinger_bands" not in left_out
    with pytest.raises(HistoryTooShort, match=r"ema_crossover looks back up to \d+ candles, .* has 720"):
        plan(market, replace(short, strategies=("ema_crossover", "bollinger_bands")))


def test_when_every_seed_looks_back_too_far_the_sentence_says_what_would_do(market: Candles) -> None:
    least = min(strategy.longest_lookback for strategy in seed_strategies().values())
    with pytest.raises(HistoryTooShort, match=rf"further than the 240 candles .* the least of them {least}"):
        plan(market, replace(REQUEST, candles=500, split=SplitRule(purge=2, embargo=2)))


def test_names_that_are_not_there_are_answered_with_the_nearest() -> None:
    with pytest.raises(
        ConfigError, match=r"there is no strategy 'emacrossover': did you mean ema_crossover\?"
    ):
        named("emacrossover", seed_strategies(), "strategy")
    with pytest.raises(ConfigError, match="there is no thing 'zzz': choose from one, two"):
        named("zzz", {"one": 1, "two": 2}, "thing")


class TestReplanning:
    def test_a_recorded_run_is_planned_as_it_was(self, market: Candles) -> None:
        first = plan(market, REQUEST)
        again = replan(market, first.spec)
        assert (again.spec, again.problem.digest) == (first.spec, first.problem.digest)
        assert list(again.strategies) == list(first.strategies)

    def test_other_candles_are_refused(self, market: Candles) -> None:
        spec = plan(market, REQUEST).spec
        with pytest.raises(DataError, match="are not those that run first began with"):
            replan(market.slice(0, 3_999), spec)

    def test_newer_candles_in_the_data_set_change_nothing(self, market: Candles) -> None:
        first = plan(market.slice(0, 3_900), replace(REQUEST, candles=3_000))
        again = replan(market, first.spec)
        assert (again.candles.digest, again.spec) == (first.candles.digest, first.spec)

    def test_another_way_of_scoring_is_refused(self, market: Candles) -> None:
        spec = replace(plan(market, REQUEST).spec, problem_digest="0" * 16, version="9.9")
        with pytest.raises(DataError, match=r"made by genepool 9\.9, which scored otherwise"):
            replan(market, spec)

    def test_a_strategy_whose_rules_changed_since_is_refused(self, market: Candles) -> None:
        spec = plan(market, replace(REQUEST, version="9.9", strategies=("ema_crossover", "rsi_filter"))).spec
        ema, rsi = spec.strategy_versions
        with pytest.raises(DataError, match=r"by genepool 9\.9, where rsi_filter had other rules: resume"):
            replan(market, replace(spec, strategy_versions=(ema, rsi + 1)))

    def test_a_run_of_before_versions_were_noted_continues(self, market: Candles) -> None:
        spec = replace(plan(market, REQUEST).spec, strategy_versions=())
        assert replan(market, RunSpec.from_json(spec.to_json())).spec == spec

    def test_a_strategy_that_is_gone_is_named(self, market: Candles) -> None:
        spec = replace(plan(market, REQUEST).spec, strategies=("astrology",))
        with pytest.raises(ConfigError, match="there is no strategy 'astrology'"):
            replan(market, spec)
