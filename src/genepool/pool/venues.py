"""What trading costs where the user did not say: by the kind of market."""

from dataclasses import dataclass

from genepool.market.costs import CostModel

BASIS_POINTS = 1e4

# Three letters and a blank each, so that three letters are found in it only as a whole code.
_STATE_CURRENCIES = "AUD CAD CHF CNH CZK DKK EUR GBP HKD HUF ILS JPY MXN NOK NZD PLN SEK SGD THB TRY USD ZAR"


@dataclass(frozen=True, slots=True)
class Venue:
    """A kind of market and its usual costs.

    Parameters
    ----------
    name
        How the user reads it.
    costs
        What trading costs there.
    """

    name: str
    costs: CostModel


CRYPTO = Venue("crypto", CostModel(taker_fee=5e-4, maker_fee=2e-4, slippage=1e-4))
FOREX = Venue("forex", CostModel(taker_fee=0.0, maker_fee=0.0, slippage=0.0, spread=1e-4))


def venue_of(symbol: str) -> Venue:
    """Return forex for a pair of two state currencies such as EURUSD or EUR/USD, else crypto."""
    letters = symbol.upper().replace("/", "").replace("-", "").replace("_", "")
    forex = len(letters) == 6 and letters.isalpha()  # noqa: PLR2004 - two codes of three letters
    return (
        FOREX if forex and all(code in _STATE_CURRENCIES for code in (letters[:3], letters[3:])) else CRYPTO
    )


def describe_costs(costs: CostModel) -> str:
    """Return the costs in basis points, those that are zero left out."""
    named = {
        "taker fee": costs.taker_fee,
        "maker fee": costs.maker_fee,
        "slippage": costs.slippage,
        "spread": costs.spread,
    }
    parts = [f"{name} {share * BASIS_POINTS:g} bps" for name, share in named.items() if share]
    if costs.slippage_atr_share:
        parts.append(f"slippage {costs.slippage_atr_share:g} of the average true range")
    return ", ".join(parts) or "none"
