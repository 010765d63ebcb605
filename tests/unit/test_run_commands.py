"""Usual costs by market, and the lines that resume and repeat a run."""

import shlex
from dataclasses import replace

import pytest

from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.market.default_costs import (
    CRYPTO,
    DEFAULT_COSTS,
    FOREX,
    PERPETUAL,
    default_costs_named,
    default_costs_of,
    describe_costs,
)
from genepool.pool.commands import reproduce_command, resume_command
from tests.fakes.histories import a_spec


@pytest.mark.parametrize("symbol", ["EURUSD", "usdjpy", "EUR/USD", "GBP_CHF"])
def test_two_state_currencies_are_forex(symbol: str) -> None:
    assert default_costs_of(symbol) is FOREX


@pytest.mark.parametrize("symbol", ["BTCUSD", "BTC", "BTC/USDT", "ETHUSDC"])
def test_coins_are_crypto(symbol: str) -> None:
    assert default_costs_of(symbol) is CRYPTO


@pytest.mark.parametrize("symbol", ["FOO", "SYNTHETIC-NOISE", "USD", ""])
def test_what_no_symbol_tells_is_not_taken_for_crypto(symbol: str) -> None:
    assert default_costs_of(symbol) is None


def test_each_kind_of_market_has_costs_and_a_wrong_name_lists_them() -> None:
    assert {name: describe_costs(market.costs) for name, market in DEFAULT_COSTS.items()} == {
        "crypto": "taker fee 5 bps, maker fee 2 bps, slippage 1 bps",
        "perpetual": "taker fee 5 bps, maker fee 2 bps, slippage 1 bps",
        "forex": "spread 1 bps",
        "share": "taker fee 1 bps, maker fee 1 bps, slippage 1 bps, spread 2 bps",
        "index": "spread 2 bps",
        "future": "taker fee 0.5 bps, maker fee 0.5 bps, slippage 0.5 bps, spread 1 bps",
    }
    assert default_costs_named(" Perpetual ") is PERPETUAL
    with pytest.raises(ConfigError, match=r"--market is 'bonds': choose crypto, perpetual, forex"):
        default_costs_named("bonds")


def test_usual_costs_are_those_that_are_documented() -> None:
    assert CRYPTO.costs == CostModel(taker_fee=5e-4, maker_fee=2e-4, slippage=1e-4, spread=0.0)
    assert FOREX.costs == CostModel(taker_fee=0.0, maker_fee=0.0, slippage=0.0, spread=1e-4)


def test_costs_are_told_in_basis_points_and_zeros_are_not_told() -> None:
    assert describe_costs(CRYPTO.costs) == "taker fee 5 bps, maker fee 2 bps, slippage 1 bps"
    assert describe_costs(FOREX.costs) == "spread 1 bps"
    assert describe_costs(CostModel(0.0, 0.0)) == "none"
    assert describe_costs(CostModel(0.0, 0.0, slippage_atr_share=0.05)).startswith("slippage 0.05 of")


def test_resuming_is_one_flag() -> None:
    assert resume_command("my run") == "genepool evolve --resume 'my run'"


def test_repeating_spells_out_what_a_default_could_change() -> None:
    words = shlex.split(reproduce_command(a_spec(data="my candles.csv")))
    flags = dict(zip(words[2::2], words[3::2], strict=True))
    assert words[:2] == ["genepool", "evolve"]
    assert flags["--data"] == "my candles.csv"
    assert flags["--preset"] == "quick"
    assert flags["--seed"] == "7"
    assert flags["--fee-bps"] == "5"
    assert flags["--holdout"] == "0.2"
    assert "--max-minutes" not in flags


def test_an_own_number_of_candles_is_repeated_as_a_number() -> None:
    command = reproduce_command(a_spec(preset="custom", candles=2_500))
    assert "--candles 2500" in command
    assert "--preset" not in command


@pytest.mark.parametrize("points", [0.1, 1.25, 4.5, 7.0, 33.3])
def test_basis_points_come_back_bit_for_bit(points: float) -> None:
    spec = a_spec()
    words = shlex.split(reproduce_command(replace(spec, costs=CostModel(taker_fee=points / 1e4))))
    assert float(words[words.index("--fee-bps") + 1]) / 1e4 == points / 1e4
