"""What trading costs, as a notebook says it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What trading costs; what is not said is usual for the kind of market.

    Parameters
    ----------
    fee_bps, maker_fee_bps, slippage_bps, spread_bps
        In basis points: taker fee, maker fee, slippage of market fills, full bid-ask spread.
    max_leverage
        Largest absolute exposure; 1 where it is not said.
    """

    fee_bps: float | None = None
    maker_fee_bps: float | None = None
    slippage_bps: float | None = None
    spread_bps: float | None = None
    max_leverage: float | None = None

    @property
    def basis_points(self) -> Mapping[str, float | None]:
        """The costs by field of ``CostModel``."""
        return {
            "taker_fee": self.fee_bps,
            "maker_fee": self.maker_fee_bps,
            "slippage": self.slippage_bps,
            "spread": self.spread_bps,
        }
