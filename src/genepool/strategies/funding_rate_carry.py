"""Take the side of a perpetual future that is paid for holding it.

Short when longs paid funding at a yearly rate above ``short_above`` over the last candles, long
when the rate was below ``long_below``. A position is closed when the rate has passed ``exit`` on
its way back.
"""

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.funding import funding_rate
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._repair import rising
from genepool.strategies._sides import faded


def _exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
    rate = bank(funding_rate, int(genes["window"]))
    return faded(rate, genes["long_below"], genes["short_above"], genes["exit"], genes["exit"])


def _lookback(genes: Genes) -> int:
    return int(genes["window"]) + 1


STRATEGY = Strategy(
    name="funding_rate_carry",
    summary="Holds the side of a perpetual future that the other side pays.",
    source="Ralph Koijen, Tobias Moskowitz, Lasse Pedersen and Evert Vrugt, Carry, Journal of Financial "
    "Economics, 2018; applied to perpetual futures' funding",
    genes=(
        Gene("window", 8, 480, 8, 72, "Candles that the funding is added up over.", integer=True),
        Gene("long_below", -0.3, 0.1, 0.02, 0, "Yearly funding rate below which a long is opened."),
        Gene("exit", -0.2, 0.3, 0.02, 0.06, "Yearly funding rate at which a position is closed."),
        Gene("short_above", 0.04, 0.6, 0.02, 0.14, "Yearly funding rate above which a short is opened."),
    ),
    exposure=_exposure,
    lookback=_lookback,
    repair=rising("long_below", "exit", "short_above", gap=0),
    requires=frozenset({"funding"}),
)
