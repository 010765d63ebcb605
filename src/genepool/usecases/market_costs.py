"""What trading a market costs: what the user said, and for the rest what is usual for its kind."""

from collections.abc import Mapping
from dataclasses import replace

from genepool.errors import ConfigError
from genepool.market.costs import CostModel
from genepool.market.default_costs import BASIS_POINTS, DEFAULT_COSTS, describe_costs
from genepool.market.kinds import MarketKind, market_kind
from genepool.market.provenance import DataSet

# Those that are usual for a kind of market; what is said of all of them asks for no kind.
_FLAGS = {
    "taker_fee": "--fee-bps",
    "maker_fee": "--maker-fee-bps",
    "slippage": "--slippage-bps",
    "spread": "--spread-bps",
}


def market_of(data: DataSet) -> str:
    """Return the name of the kind of market: as was said with the data, else as they show; or nothing."""
    return data.provenance.market or str(market_kind(data.candles) or "")


def costs_of(
    symbol: str, market: str, basis_points: Mapping[str, float | None], max_leverage: float
) -> CostModel:
    """Return the usual costs of a kind of market with what the user said in their place.

    Parameters
    ----------
    symbol
        Of the market, for the message.
    market
        Its kind; empty when unknown.
    basis_points
        By field of ``CostModel``; None where the user said nothing.
    max_leverage
        Largest absolute exposure.

    Raises
    ------
    ConfigError
        When the kind is not known and the user did not say every cost.
    """
    said = {name: points / BASIS_POINTS for name, points in basis_points.items() if points is not None}
    if not market and _FLAGS.keys() - said.keys():
        *flags, last = _FLAGS.values()
        raise ConfigError(
            f"what trading {symbol or 'this market'} costs is not known, because neither its name nor its "
            f"hours tell what kind of market it is: say --market {'|'.join(MarketKind)}, or all of "
            f"{', '.join(flags)} and {last}"
        )
    usual = DEFAULT_COSTS[market].costs if market else CostModel()
    return replace(usual, **said, max_leverage=max_leverage)


def origin_of_costs(costs: CostModel, market: str, otherwise: str = "your own") -> str:
    """Return whether costs are the usual ones of a kind of market, or else what they are, in a few words."""
    if not market:
        return otherwise
    usual = DEFAULT_COSTS[market].costs
    if replace(costs, max_leverage=usual.max_leverage) == usual:
        return f"usual for {market}"
    return f"{otherwise}; usual for {market}: {describe_costs(usual)}"
