"""From the flags of ``genepool backtest`` and a genome file to costs, and to where each comes from."""

from collections.abc import Mapping
from dataclasses import fields, replace

from genepool.market.costs import CostModel
from genepool.pool.venues import BASIS_POINTS, describe_costs, venue_named

FLAGS = {
    "taker_fee": "--fee-bps",
    "maker_fee": "--maker-fee-bps",
    "slippage": "--slippage-bps",
    "spread": "--spread-bps",
    "max_leverage": "--max-leverage",
}


def usual_costs(market: str, of_file: CostModel | None) -> CostModel:
    """Return what stands for a cost that no flag names.

    Parameters
    ----------
    market
        Kind of the market that the user named; empty for none.
    of_file
        The genome file's costs, if there are any.

    Raises
    ------
    ConfigError
        When there is no such kind.
    """
    return venue_named(market).costs if market else of_file or CostModel()


def chosen_costs(
    usual: CostModel, basis_points: Mapping[str, float | None], max_leverage: float | None
) -> CostModel:
    """Return the usual costs with what the user said in their place.

    A maker fee that the user does not name is never dearer than the taker fee that he names.

    Parameters
    ----------
    usual
        Of the genome's file or of the market.
    basis_points
        By field of ``CostModel``; None where the user said nothing.
    max_leverage
        Largest absolute exposure; None where the user said nothing.
    """
    said = {name: points / BASIS_POINTS for name, points in basis_points.items() if points is not None}
    if "taker_fee" in said:
        said = {"maker_fee": min(usual.maker_fee, said["taker_fee"]), **said}
    if max_leverage is not None:
        said["max_leverage"] = max_leverage
    return replace(usual, **said)


def cost_differences(then: CostModel | None, now: CostModel) -> tuple[str, ...]:
    """Return one sentence for each cost that is not the genome file's."""
    if then is None:
        return ()
    return tuple(
        f"{field.name}: {getattr(now, field.name):g} by {FLAGS.get(field.name, 'flags')}, "
        f"the file says {getattr(then, field.name):g}"
        for field in fields(CostModel)
        if getattr(now, field.name) != getattr(then, field.name)
    )


def describe_all(costs: CostModel) -> str:
    """Return costs, leverage and margin in one line."""
    return (
        f"{describe_costs(costs)}; leverage up to {costs.max_leverage:g}, "
        f"maintenance margin {costs.maintenance_margin:.4g}"
    )
