"""What trading costs where the user did not say: by the kind of market."""

from dataclasses import dataclass

from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.market.kinds import MarketKind, kind_of_symbol

BASIS_POINTS = 1e4


@dataclass(frozen=True, slots=True)
class MarketCosts:
    """A kind of market and its usual costs.

    Parameters
    ----------
    name
        How the user reads it.
    costs
        What trading costs there.
    """

    name: str
    costs: CostModel


CRYPTO = MarketCosts("crypto", CostModel(taker_fee=5e-4, maker_fee=2e-4, slippage=1e-4))
PERPETUAL = MarketCosts("perpetual", CostModel(taker_fee=5e-4, maker_fee=2e-4, slippage=1e-4))
FOREX = MarketCosts("forex", CostModel(taker_fee=0.0, maker_fee=0.0, slippage=0.0, spread=1e-4))
SHARE = MarketCosts("share", CostModel(taker_fee=1e-4, maker_fee=1e-4, slippage=1e-4, spread=2e-4))
INDEX = MarketCosts("index", CostModel(taker_fee=0.0, maker_fee=0.0, slippage=0.0, spread=2e-4))
FUTURE = MarketCosts("future", CostModel(taker_fee=5e-5, maker_fee=5e-5, slippage=5e-5, spread=1e-4))
DEFAULT_COSTS = {market.name: market for market in (CRYPTO, PERPETUAL, FOREX, SHARE, INDEX, FUTURE)}


def default_costs_of(symbol: str) -> MarketCosts | None:
    """Return the usual costs of the market that a symbol alone tells of, None when it tells of none."""
    kind = kind_of_symbol(symbol)
    return None if kind is None else DEFAULT_COSTS[kind]


def default_costs_named(name: str) -> MarketCosts:
    """Return the usual costs of a kind of market.

    Raises
    ------
    ConfigError
        When there is no such kind.
    """
    if name.strip().lower() not in DEFAULT_COSTS:
        raise ConfigError(f"--market is {name!r}: choose {', '.join(MarketKind)}")
    return DEFAULT_COSTS[name.strip().lower()]


def describe_costs(costs: CostModel) -> str:
    """Return the costs in basis points, those that are zero left out."""
    named = {
        "taker fee": costs.taker_fee,
        "maker fee": costs.maker_fee,
        "slippage": costs.slippage,
        "spread": costs.spread,
    }
    parts = [f"{name} {share * BASIS_POINTS:g} bps" for name, share in named.items() if share]
    if costs.slippage_atr_share:
        parts.append(f"slippage {costs.slippage_atr_share:g} of the average true range")
    return ", ".join(parts) or "none"
