"""One honest sentence about a champion; it never promises more than the numbers do."""

from enum import Enum

from genepool.backtest.notation import change, probability, ratio
from genepool.objectives import MINIMUM_TRADES
from genepool.robustness.luck import CONFIDENCE, Evidence
from genepool.robustness.verdict_words import chosen_from, earned, lasting, less_than_held, too_few, trades


class Standing(Enum):
    """How far a champion came, worst first; the value is how its sentence begins."""

    NEVER_TRADED = "No genome that traded did better than doing nothing"
    LOST_IN_SAMPLE = "It made nothing on the candles it was bred on"
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
    if evidence.sharpe_in_sample <= 0:
        return Standing.LOST_IN_SAMPLE
    if evidence.sharpe <= 0:
        return Standing.LOST
    few = _bets(evidence) < MINIMUM_TRADES
    if not few and evidence.deflated_probability < CONFIDENCE:
        return Standing.LUCK
    if evidence.sharpe <= evidence.hold_sharpe:
        return Standing.IDLE
    return Standing.FEW_TRADES if few else Standing.STANDS


def verdict(evidence: Evidence) -> str:
    """Return one honest sentence about a champion; of folds too short for a year, without a Sharpe ratio."""
    rung = standing(evidence)
    reasons = _REASONS if evidence.too_short is None else _REASONS | _SHORT_REASONS
    return f"{rung.value}: {reasons[rung](evidence)}."


def _never_traded(evidence: Evidence) -> str:
    before = evidence.trades_in_sample
    traded = (
        f"made {trades(before)} in sample and none in the folds" if before > 0 else "never opened a position"
    )
    return f"the champion, {chosen_from(evidence.genomes)}, {traded}"


def _lost_in_sample(evidence: Evidence) -> str:
    return (
        f"the champion, {chosen_from(evidence.genomes)}, {earned(evidence.return_in_sample)} there over "
        f"{trades(evidence.trades_in_sample)} and {earned(evidence.total_return)} inside the folds, and no "
        "genome scored above 0 on both"
    )


def _lost(evidence: Evidence) -> str:
    return (
        f"the champion, {chosen_from(evidence.genomes)}, has a walk-forward Sharpe of "
        f"{ratio(evidence.sharpe)} over {trades(evidence.trades)}, and it {earned(evidence.total_return)}"
    )


def _few_trades(evidence: Evidence) -> str:
    return (
        f"its walk-forward Sharpe of {ratio(evidence.sharpe)} comes from {trades(evidence.trades)}"
        f"{_parts(evidence)}, and {too_few(evidence)}"
    )


def _parts(evidence: Evidence) -> str:
    """Say of how many positions the trades are parts, where folds cut some."""
    bets = _bets(evidence)
    if bets >= evidence.trades:
        return ""
    return f", parts of {bets:,.0f} position{'s' * (bets != 1)} that the folds' edges cut"


def _bets(evidence: Evidence) -> float:
    return evidence.trades if evidence.bets is None else evidence.bets


def _luck(evidence: Evidence) -> str:
    reason = (
        f"after {evidence.trials:,} trials the best of pure noise is expected to show a Sharpe of "
        f"{ratio(evidence.expected_best)}; this champion's walk-forward Sharpe is {ratio(evidence.sharpe)} "
        f"over {trades(evidence.trades)}"
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
        f"its walk-forward Sharpe is {ratio(evidence.sharpe)} over {trades(evidence.trades)} "
        f"({change(evidence.total_return)}), but {evidence.holding} inside the same folds had "
        f"{ratio(evidence.hold_sharpe)} ({change(evidence.hold_return)})"
    )


def _stands(evidence: Evidence) -> str:
    reason = (
        f"its walk-forward Sharpe of {ratio(evidence.sharpe)} over {trades(evidence.trades)} is well above "
        f"the {ratio(evidence.expected_best)} expected of {evidence.trials:,} trials of noise and the "
        f"{ratio(evidence.hold_sharpe)} of {evidence.holding} inside the same folds"
    )
    return f"{reason}{less_than_held(evidence)}; only candles that no choice has seen can settle it"


def _lost_shortly(evidence: Evidence) -> str:
    return (
        f"the champion, {chosen_from(evidence.genomes)}, {earned(evidence.total_return)} inside the folds "
        f"over {trades(evidence.trades)}"
    )


def _few_trades_shortly(evidence: Evidence) -> str:
    made = f"{change(evidence.total_return)} inside the folds"
    return (
        f"what it made, {made}, comes from {trades(evidence.trades)}{_parts(evidence)}, and "
        f"{too_few(evidence)}"
    )


def _luck_shortly(evidence: Evidence) -> str:
    return (
        f"after {evidence.trials:,} trials, {_made(evidence)}, is more than the best of pure noise with a "
        f"probability of {probability(evidence.deflated_probability)} where {CONFIDENCE:g} is asked, and "
        f"{evidence.too_short}"
    )


def _idle_shortly(evidence: Evidence) -> str:
    return (
        f"{_made(evidence)}, is not more for its risk than the {change(evidence.hold_return)} of "
        f"{evidence.holding} there"
    )


def _stands_shortly(evidence: Evidence) -> str:
    return (
        f"{_made(evidence)}, is more for its risk than the best expected of {evidence.trials:,} trials of "
        f"noise and than the {change(evidence.hold_return)} of {evidence.holding} there; only candles that "
        f"no choice has seen can settle it, and {evidence.too_short}"
    )


def _made(evidence: Evidence) -> str:
    return f"what it made, {change(evidence.total_return)} inside the folds over {trades(evidence.trades)}"


_REASONS = {
    Standing.NEVER_TRADED: _never_traded,
    Standing.LOST_IN_SAMPLE: _lost_in_sample,
    Standing.LOST: _lost,
    Standing.FEW_TRADES: _few_trades,
    Standing.LUCK: _luck,
    Standing.IDLE: _idle,
    Standing.STANDS: _stands,
}
# Where nothing of a year is read: what was made, by the same comparison.
_SHORT_REASONS = {
    Standing.LOST: _lost_shortly,
    Standing.FEW_TRADES: _few_trades_shortly,
    Standing.LUCK: _luck_shortly,
    Standing.IDLE: _idle_shortly,
    Standing.STANDS: _stands_shortly,
}
