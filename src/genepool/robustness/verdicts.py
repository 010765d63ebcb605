"""One honest sentence about a champion; it never promises more than the numbers do."""

from enum import Enum

from genepool.objectives._floor import MINIMUM_TRADES
from genepool.robustness.luck import CONFIDENCE, Evidence

# How a run's champion is chosen, as tables, reports and documents say it.
CHOSEN_BY = "the worse of in-sample and walk-forward score"

_MONTHS, _DAYS, _HOURS = 12, 365, 8_760
_LEAST_MONTHS, _LEAST_DAYS = 2, 2


class Standing(Enum):
    """How far a champion came, worst first; the value is how its sentence begins."""

    NEVER_TRADED = "No genome that traded did better than doing nothing"
    LOST = "It did not hold up"
    FEW_TRADES = "Too few trades to tell"
    LUCK = "Not distinguishable from luck"
    IDLE = "No better than holding"
    STANDS = "Hard to explain by luck"


def standing(evidence: Evidence) -> Standing:
    """Return how far a champion came.

    Fewer trades than the objectives' floor are never weighed against luck: the deflated Sharpe ratio
    counts candles, and a position that is held for a year is one bet however many candles it spans, or
    folds.
    """
    if evidence.trades <= 0:
        return Standing.NEVER_TRADED
    if evidence.sharpe <= 0:
        return Standing.LOST
    few = _bets(evidence) < MINIMUM_TRADES
    if not few and evidence.deflated_probability < CONFIDENCE:
        return Standing.LUCK
    if evidence.sharpe <= evidence.hold_sharpe:
        return Standing.IDLE
    return Standing.FEW_TRADES if few else Standing.STANDS


def verdict(evidence: Evidence) -> str:
    """Return one honest sentence about a champion."""
    rung = standing(evidence)
    return f"{rung.value}: {_REASONS[rung](evidence)}."


def chosen_from(genomes: int) -> str:
    """Say by what a champion was chosen, and of how many in its run."""
    return f"first of this run's {genomes:,} genome{'s' * (genomes != 1)} by {CHOSEN_BY}"


def lasting(years: float) -> str:
    """Say a length of time in the unit that fits it: never 0.0 years."""
    if years >= 1:
        return f"{years:.1f} years"
    for share, least, unit in ((_MONTHS, _LEAST_MONTHS, "months"), (_DAYS, _LEAST_DAYS, "days")):
        if years * share >= least:
            return f"{years * share:.0f} {unit}"
    return f"{years * _HOURS:.0f} hours"


def _never_traded(evidence: Evidence) -> str:
    before = evidence.trades_in_sample
    traded = (
        f"made {_trades(before)} in sample and none in the folds" if before > 0 else "never opened a position"
    )
    return f"the champion, {chosen_from(evidence.genomes)}, {traded}"


def _lost(evidence: Evidence) -> str:
    return (
        f"the champion, {chosen_from(evidence.genomes)}, has a walk-forward Sharpe of "
        f"{evidence.sharpe:z.1f} over {_trades(evidence.trades)}, and {_change(evidence.total_return)}"
    )


def _few_trades(evidence: Evidence) -> str:
    bets = _bets(evidence)
    parts = f", parts of {bets:,.0f} position{'s' * (bets != 1)} that the folds' edges cut"
    return (
        f"its walk-forward Sharpe of {evidence.sharpe:.1f} comes from {_trades(evidence.trades)}"
        f"{parts if bets < evidence.trades else ''}, and fewer than {MINIMUM_TRADES:.0f} are too few bets "
        f"to be weighed against {evidence.trials:,} trials"
    )


def _bets(evidence: Evidence) -> float:
    return evidence.trades if evidence.bets is None else evidence.bets


def _luck(evidence: Evidence) -> str:
    reason = (
        f"after {evidence.trials:,} trials the best of pure noise is expected to show a Sharpe of "
        f"{evidence.expected_best:.1f}; this champion's walk-forward Sharpe is {evidence.sharpe:.1f} "
        f"over {_trades(evidence.trades)}"
    )
    if evidence.sharpe > evidence.expected_best:
        return f"{reason}, too little above it for {lasting(evidence.years)} of data"
    if evidence.years < evidence.years_needed:
        return (
            f"{reason}, and a Sharpe of 1 would take {lasting(evidence.years_needed)} of data to mean "
            f"anything, not {lasting(evidence.years)}"
        )
    return reason


def _idle(evidence: Evidence) -> str:
    return (
        f"its walk-forward Sharpe is {evidence.sharpe:.1f} over {_trades(evidence.trades)} "
        f"({evidence.total_return:+.1%}), but {evidence.holding} inside the same folds had "
        f"{evidence.hold_sharpe:.1f} ({evidence.hold_return:+.1%})"
    )


def _stands(evidence: Evidence) -> str:
    reason = (
        f"its walk-forward Sharpe of {evidence.sharpe:.1f} over {_trades(evidence.trades)} is well above the "
        f"{evidence.expected_best:.1f} expected of {evidence.trials:,} trials of noise and the "
        f"{evidence.hold_sharpe:.1f} of {evidence.holding} inside the same folds"
    )
    if evidence.total_return < evidence.hold_return:
        reason += f", though {_change(evidence.total_return)} where that made {evidence.hold_return:+.1%}"
    return f"{reason}; only candles that no choice has seen can settle it"


def _change(total_return: float) -> str:
    return f"it {'made' if total_return >= 0 else 'lost'} {abs(total_return):.1%}"


def _trades(count: float) -> str:
    return f"{count:,.0f} trade{'s' * (count != 1)}"


_REASONS = {
    Standing.NEVER_TRADED: _never_traded,
    Standing.LOST: _lost,
    Standing.FEW_TRADES: _few_trades,
    Standing.LUCK: _luck,
    Standing.IDLE: _idle,
    Standing.STANDS: _stands,
}
