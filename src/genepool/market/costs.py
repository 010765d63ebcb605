"""What trading costs: fees, slippage, spread and margin."""

from dataclasses import dataclass

from genepool.errors import ConfigError

# What a cost model does not know of: said wherever costs are, so that no user takes it for charged.
NOT_CHARGED = (
    "interest or a risk-free rate on cash, swap of forex held overnight, borrow of shares sold short, "
    "dividends, rebates of makers, fixed fees per order"
)


@dataclass(frozen=True, slots=True)
class CostModel:
    """Costs of one venue, all as fractions (5 basis points = 0.0005).

    Parameters
    ----------
    taker_fee
        Charged on traded notional at market fills: signals, stops, liquidations.
    maker_fee
        Charged on traded notional at limit fills: profit targets.
    slippage
        Share of the price by which a market fill is worse than the price seen.
    slippage_atr_share
        Further slippage as a share of the average true range at the decision.
    spread
        Full bid-ask spread as a share of the price; each market fill pays half of it.
    max_leverage
        Largest absolute exposure that a position may be opened with.
    maintenance_margin
        Share of notional below which equity may not fall while a position is open: half the
        initial margin at the asset's maximum leverage (1 / (2 x 40) by default, Hyperliquid's rule).
    """

    taker_fee: float = 0.0005
    maker_fee: float = 0.0002
    slippage: float = 0.0
    slippage_atr_share: float = 0.0
    spread: float = 0.0
    max_leverage: float = 1.0
    maintenance_margin: float = 0.0125

    def __post_init__(self) -> None:
        for name in ("taker_fee", "maker_fee", "slippage", "slippage_atr_share", "spread"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}: give a fraction from 0 to below 1")
        if not 0 < self.max_leverage <= 200:  # noqa: PLR2004 - no venue lends more
            raise ConfigError(f"max_leverage is {self.max_leverage}: give a number above 0, at most 200")
        if not 0 < self.maintenance_margin < 1:
            raise ConfigError(
                f"maintenance_margin is {self.maintenance_margin}: give a share between 0 and 1"
            )
