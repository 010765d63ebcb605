"""What is to be believed of a fleet, in a few sentences."""

from collections.abc import Sequence

from genepool.backtest.caveats import too_few_years
from genepool.backtest.notation import ratio
from genepool.portfolio.fleet import JointFleet

# What no figure of a fleet knows of: said wherever one is shown.
_CHOSEN = (
    "Champions were chosen by the worse of their in-sample and walk-forward scores: these returns are out of "
    "sample for breeding, and not for the choice. Luck is taken off each mean by all trials on its market, "
    "none below 0; a bot without skill may still lose its costs."
)
_TRADED = (
    "The account goes back to its shares at the beginning of each period, free of cost. Margin is looked at "
    "when candles close, not between, and opposite positions of two bots are not netted."
)
_DRAWN = "A drawn year is made of the days that were: what never happened in them happens in no path."
FLEET_LIMITS = (_CHOSEN, _TRADED, _DRAWN)


def fleet_sentence(found: JointFleet, believed: Sequence[str]) -> str:
    """Say what a fleet amounts to.

    Parameters
    ----------
    found
        The fleet.
    believed
        Those named for it that survived deflation or null evolution.
    """
    return " ".join(filter(None, (_believed(found, believed), _size(found), _closed(found))))


def _believed(found: JointFleet, believed: Sequence[str]) -> str:
    inside = [name for name in found.bots if name in believed]
    count = len(found.bots)
    if not inside:
        return "No champion of this fleet is believed: none of them survives deflation or null evolution."
    verb = "survives" if len(inside) == 1 else "survive"
    return f"{len(inside)} of the {count} bots {verb} deflation or null evolution: {', '.join(inside)}."


def _size(found: JointFleet) -> str:
    if not found.shares.any():
        return "Nothing is traded: once luck is taken off, no bot's mean is left, and the account stays cash."
    if short := too_few_years(found.joined.years):
        return f"The account's Sharpe ratio is not told: {short}."
    shown, luck = found.figures.sharpe, found.luck_sharpe
    told = f"The account shows a Sharpe ratio of {ratio(shown)}, and luck alone would show {ratio(luck)}"
    if found.kelly_used is None:
        return f"{told}: no mean is left to size it by."
    return f"{told}; by the mean that is left it trades {found.kelly_used:.2f} of full Kelly."


def _closed(found: JointFleet) -> str:
    closed = int(found.periods.closed.sum())
    return "The venue would have closed the account." if closed else ""
