"""A genome is backtested by a plain request, and its document adds up."""

import json
from dataclasses import asdict

import pytest

from genepool.errors import ConfigError
from genepool.market.provenance import DataSet, Provenance
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies
from genepool.usecases.backtest_genome import Trader, backtest_genome
from genepool.usecases.traded_genome import traded_genome

DATA = DataSet(synthetic_market("regimes", 3, 1_500), Provenance("a test"))
GENOME = seed_strategies()["donchian_breakout"].genome()


def test_the_measures_stand_among_the_documents_members_beside_those_of_holding() -> None:
    answer, terms = backtest_genome(Trader(GENOME, basis_points={"taker_fee": 9.0}), DATA)
    document = traded_genome(answer, terms).as_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["sharpe"] == asdict(answer.result.measures)["sharpe"]
    assert document["buy_and_hold"]["trades"] == 1
    assert document["costs"]["taker_fee"] == 9e-4
    assert document["ranges"] == [[0, 1_500]]


def test_a_kind_of_market_brings_its_costs() -> None:
    _, terms = backtest_genome(Trader(GENOME, market="forex"), DATA)
    assert (terms.costs.taker_fee, terms.costs.spread) == (0.0, 1e-4)


def test_a_span_of_a_run_needs_a_file_that_says_how_it_was_split() -> None:
    with pytest.raises(ConfigError, match="--spans visible needs --genome"):
        backtest_genome(Trader(GENOME, spans="visible"), DATA)
