"""What theory says of an account whose returns are independent and normal: to set simulations beside."""

import math


def ever_down_to(level: float, kelly_fraction: float) -> float:
    """Return the chance that an account at a fraction of full Kelly ever falls to a share of its start.

    ``level ** (2 / fraction - 1)``: Thorp (2006), The Kelly criterion in blackjack, sports betting and the
    stock market, in continuous time.

    Parameters
    ----------
    level
        Share of the equity at the start, from 0 to 1.
    kelly_fraction
        Share of full Kelly, above 0 and below 2; from 2 on nothing keeps the account from falling there.
    """
    return 1.0 if kelly_fraction >= 2 else level ** (2.0 / kelly_fraction - 1.0)  # noqa: PLR2004


def growth_kept(kelly_fraction: float) -> float:
    """Return the share of full Kelly's growth that a fraction c keeps, ``c (2 - c)``: Thorp (2006)."""
    return kelly_fraction * (2.0 - kelly_fraction)


def expected_max_drawdown(volatility: float, years: float) -> float:
    """Return the expected largest fall of a Brownian motion without drift, in units of its logarithm.

    ``sqrt(pi / 2) sigma sqrt(T)``: Magdon-Ismail, Atiya, Pratap and Abu-Mostafa (2004), On the maximum
    drawdown of a Brownian motion, Journal of Applied Probability 41(1).

    Parameters
    ----------
    volatility
        Of a year.
    years
        How long.
    """
    return math.sqrt(math.pi / 2.0) * volatility * math.sqrt(years)
