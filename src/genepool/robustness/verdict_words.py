"""Words that several verdicts share."""

from genepool.backtest.notation import change, share
from genepool.objectives import MINIMUM_TRADES
from genepool.robustness.luck import Evidence

# How a run's champion is chosen, as tables, reports and documents say it.
CHOSEN_BY = "the worse of in-sample and walk-forward score"

_MONTHS, _DAYS, _HOURS = 12, 365, 8_760
_LEAST_MONTHS, _LEAST_DAYS = 2, 2


def chosen_from(genomes: int) -> str:
    """Say by what a champion was chosen, and of how many in its run."""
    return f"first of this run's {genomes:,} genome{'s' * (genomes != 1)} by {CHOSEN_BY}"


def lasting(years: float) -> str:
    """Say a length of time in the unit that fits it: never 0.0 years."""
    if years >= 1:
        return f"{years:.1f} years"
    for parts, least, unit in ((_MONTHS, _LEAST_MONTHS, "months"), (_DAYS, _LEAST_DAYS, "days")):
        if years * parts >= least:
            return f"{years * parts:.0f} {unit}"
    return f"{years * _HOURS:.0f} hours"


def earned(total_return: float) -> str:
    """Say what a return made or lost."""
    return f"{'made' if total_return >= 0 else 'lost'} {share(abs(total_return))}"


def trades(number: float) -> str:
    """Say how many trades there were."""
    return f"{number:,.0f} trade{'s' * (number != 1)}"


def too_few(evidence: Evidence) -> str:
    """Say from how many trades on a champion is weighed against luck."""
    return (
        f"fewer than {MINIMUM_TRADES:.0f} are too few bets to be weighed against {evidence.trials:,} trials"
    )


def less_than_held(evidence: Evidence) -> str:
    """Say that holding made more, where it did."""
    if evidence.total_return >= evidence.hold_return:
        return ""
    return f", though it {earned(evidence.total_return)} where that made {change(evidence.hold_return)}"
