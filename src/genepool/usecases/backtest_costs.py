"""From what a user and a genome file say to the costs of a backtest, and to where each comes from."""

from collections.abc import Mapping
from dataclasses import fields, replace

from genepool.market.costs import CostModel
from genepool.market.default_costs import BASIS_POINTS, default_costs_named, describe_costs

FLAGS = {
    "taker_fee": "--fee-bps",
    "maker_fee": "--maker-fee-bps",
    "slippage": "--slippage-bps",
    "spread": "--spread-bps",
    "max_leverage": "--max-leverage",
}
_OF_A_MARKET = tuple(name for name in FLAGS if name != "max_leverage")


def usual_costs(market: str, of_file: CostModel | None) -> CostModel:
    """Return what stands for a cost that no flag names; a kind of market has no leverage of its own.

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
    otherwise = of_file or CostModel()
    if not market:
        return otherwise
    usual = default_costs_named(market).costs
    return replace(otherwise, **{name: getattr(usual, name) for name in _OF_A_MARKET})


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


def flags_of_costs(
    market: str, basis_points: Mapping[str, float | None], max_leverage: float | None
) -> dict[str, str]:
    """Return the flag that decides each cost, for those that one does; as ``chosen_costs``."""
    typed = {name for name, points in basis_points.items() if points is not None}
    typed |= {"max_leverage"} if max_leverage is not None else set()
    flags = dict.fromkeys(_OF_A_MARKET, f"--market {market}") if market else {}
    if "taker_fee" in typed:
        flags.setdefault("maker_fee", FLAGS["taker_fee"])
    return flags | {name: FLAGS[name] for name in typed}


def cost_differences(then: CostModel | None, now: CostModel, flags: Mapping[str, str]) -> tuple[str, ...]:
    """Return one sentence for each cost that is not the genome file's.

    Parameters
    ----------
    then
        The file's costs; None when it says nothing of them.
    now
        What trading costs.
    flags
        The flag that decides each cost.
    """
    if then is None:
        return ("costs: the file has none, the defaults are taken where no flag names one",)
    return tuple(
        f"{field.name}: {getattr(now, field.name):g} by {flags.get(field.name, 'default')}, "
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
