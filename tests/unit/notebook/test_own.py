"""A function becomes a strategy that travels as text, is named by its digest, and must not peek."""

import pickle  # noqa: TID251 - problems travel to worker processes
from collections.abc import Callable
from typing import Annotated

import numpy as np
import pytest

import genepool as gp
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import ConfigError, LooksAhead
from genepool.genome import is_own
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.robustness.look_ahead import refuse_look_ahead
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.markets import random_market
from tests.fakes.own_strategies import PEEKS, crossing, peeking, seldom_peeking

MARKET = random_market(1, 2_500)
PROBLEM = Problem.seal(MARKET, SplitRule(), CostModel(), "sharpe", (crossing,))


def made(scale: float = 1.0) -> Strategy:
    """Return a strategy whose function holds a constant of its surroundings."""

    @gp.strategy
    def following(market: IndicatorBank, period: Annotated[int, gp.Range(2, 50)] = 20) -> FloatArray:
        close = market.candles.close
        return np.sign(close - close[np.maximum(np.arange(len(close)) - period, 0)]) * scale

    return following


def test_what_a_function_says_of_itself_is_its_gene_space() -> None:
    assert [(gene.name, gene.low, gene.high, gene.default, gene.integer) for gene in crossing.genes] == [
        ("fast", 2, 60, 12, True),
        ("slow", 5, 150, 48, True),
    ]
    assert crossing.summary == "Follows two averages."
    assert crossing.lookback(crossing.genome({"slow": 100}).values) == 400
    assert crossing.genome({"fast": 50, "slow": 20}).values["slow"] == 50


@pytest.mark.slow
def test_it_scores_the_same_after_the_journey_to_a_worker_which_has_only_its_text() -> None:
    rng = np.random.default_rng(0)
    genomes = [crossing.genome(), *(crossing.random_genome(rng) for _ in range(5))]
    here = Scorer(PROBLEM).evaluate(genomes)
    there: Problem = pickle.loads(pickle.dumps(PROBLEM))  # noqa: S301 - our own bytes
    assert [one.scored for one in Scorer(there).evaluate(genomes)] == [one.scored for one in here]
    assert here[0].scored is not None, here[0].error


def test_a_seed_scores_beside_it_as_without_it_and_the_problem_keeps_its_digest() -> None:
    bare = Problem.seal(MARKET, SplitRule(), CostModel(), "sharpe")
    seed = seed_strategies()["ema_crossover"].genome()
    assert Scorer(bare).evaluate([seed]) == Scorer(PROBLEM).evaluate([seed])
    assert (bare.digest, bare.sent_as) == (PROBLEM.digest, bare.digest)
    assert PROBLEM.sent_as != bare.sent_as


def test_its_name_holds_a_digest_of_all_that_it_uses() -> None:
    assert made(0.5).name.startswith("following@")
    assert made(0.5).name == made(0.5).name != made(0.25).name
    assert is_own(crossing.name)
    assert not any(map(is_own, seed_strategies()))


def test_a_genome_that_sees_the_future_fails_where_it_is_scored_and_spoils_no_other() -> None:
    problem = Problem.seal(MARKET, SplitRule(), CostModel(), "sharpe", (seldom_peeking,))
    genomes = [seldom_peeking.genome({"mode": mode}) for mode in range(10)]
    for one in Scorer(problem).evaluate(genomes):
        if one.genome.values["mode"] == PEEKS:
            assert one.error == f"{seldom_peeking.name} sees the future with these genes"
        else:
            assert one.scored is not None, one.error


def test_one_that_sees_the_future_is_caught_and_named() -> None:
    with pytest.raises(LooksAhead, match=rf"^{peeking.name} sees the future: what it wants at candle \d+"):
        refuse_look_ahead(peeking, MARKET)
    refuse_look_ahead(crossing, MARKET)
    with pytest.raises(LooksAhead, match="peeking"):
        gp.backtest(gp.read("synthetic:regimes:seed=1,candles=2000"), peeking)


def test_one_that_draws_at_random_is_caught_too() -> None:
    @gp.strategy
    def drawing(market: IndicatorBank, period: Annotated[int, gp.Range(2, 50)] = 20) -> FloatArray:
        return np.random.default_rng().uniform(-1, 1, len(market.candles)) + 0 * period

    with pytest.raises(ConfigError, match=r"drawing@.* answers the same question twice"):
        refuse_look_ahead(drawing, MARKET)


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        ("[1.0, 2.0]", "returns shape"),
        ("[3.0] * len(market.candles)", "wants an exposure of 3"),
        ("'up'", "returns a str"),
        ("market.nothing", "AttributeError"),
    ],
)
def test_what_is_no_exposure_is_said(returned: str, sentence: str) -> None:
    from genepool.strategies import OwnStrategy  # noqa: PLC0415 - of a text rather than a function

    own = OwnStrategy("odd", f"def odd(market):\n    return {returned}\n", ()).strategy()
    with pytest.raises(ConfigError, match=f"odd@.*{sentence}"):
        refuse_look_ahead(own, MARKET)


def refused(function: Callable[..., object], **said: object) -> str:
    with pytest.raises(ConfigError) as caught:
        gp.strategy(**said)(function)  # type: ignore[call-overload] # mistakes are tested
    return str(caught.value)


def test_each_mistake_in_a_gene_space_has_its_sentence() -> None:
    def bare(market: IndicatorBank, period: int = 5) -> None: ...
    def no_default(market: IndicatorBank, period: Annotated[int, gp.Range(2, 9)]) -> None: ...
    def off_grid(market: IndicatorBank, share: Annotated[float, gp.Range(0, 1, 0.3)] = 0.5) -> None: ...
    def risky(market: IndicatorBank, direction: Annotated[int, gp.Range(-1, 1)] = 0) -> None: ...
    def fine(market: IndicatorBank, a: Annotated[int, gp.Range(2, 9)] = 5) -> None: ...

    assert "gene period needs a range and a default" in refused(bare)
    assert "gene period needs a range and a default" in refused(no_default)
    assert "its upper bound 1 is not among its values" in refused(off_grid)
    assert "the name of a risk gene" in refused(risky)
    assert "the lookback '2 * b' is not understood" in refused(fine, lookback="2 * b")
    assert "orders 'b', which is no gene" in refused(fine, order=("b",))


def test_what_cannot_travel_is_named() -> None:
    table = np.ones(3)

    def keeping(market: IndicatorBank) -> FloatArray:
        return table * market.candles.close

    assert "keeping uses table, a ndarray that cannot travel" in refused(keeping)
    assert "<lambda> is no plain function" in refused(lambda market: market)
