"""The Python that a run with strategies of a user's own can be repeated with: no command has their source."""

from genepool.genome import OWN_MARK, is_own
from genepool.history import RunSpec
from genepool.market.default_costs import BASIS_POINTS
from genepool.market.split import PRESETS

_COSTS = {
    "fee_bps": "taker_fee",
    "maker_fee_bps": "maker_fee",
    "slippage_bps": "slippage",
    "spread_bps": "spread",
}


def reproduce_call(spec: RunSpec) -> str:
    """Return the call that makes the same run again, where ``candles`` and its own strategies are at hand.

    Everything that a default could change later is spelled out.

    Parameters
    ----------
    spec
        The run.
    """
    own = [name for name in spec.strategies if is_own(name)]
    names = ", ".join(name.partition(OWN_MARK)[0] if name in own else repr(name) for name in spec.strategies)
    costs = {name: float(f"{getattr(spec.costs, of) * BASIS_POINTS:.10g}") for name, of in _COSTS.items()}
    budgets, (first, *later) = spec.settings, (*spec.cut_at, spec.settings.evaluations)
    said = {
        "population_size": budgets.population_size,
        "generations": budgets.generations,
        "max_evaluations": first,
        "max_minutes": budgets.minutes,
        "plateau": budgets.plateau,
        "seed": spec.seed,
        "objective": spec.objective,
        "optimizer": budgets.optimizer,
        "holdout": spec.split.holdout,
        "in_sample": spec.split.in_sample,
        "folds": spec.split.folds,
        "purge": spec.split.purge,
        "embargo": spec.split.embargo,
        **({"preset": spec.preset} if spec.preset in PRESETS else {"candles": spec.candles}),
    }
    given = [f"{name}={value!r}" for name, value in said.items() if value is not None]
    given.append(
        f"costs=gp.Costs({', '.join(f'{name}={value!r}' for name, value in costs.items())}, "
        f"max_leverage={spec.costs.max_leverage!r})"
    )
    calls = [f"gp.evolve(candles, strategies=[{names}], {', '.join(given)})"]
    calls += [f"gp.resume(candles, strategies=[{names}], max_evaluations={count})" for count in later]
    return "; ".join(calls) + f"  # with {', '.join(own)}"
