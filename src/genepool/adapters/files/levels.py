"""Headers of two levels, as pandas writes those of yfinance's downloads to Parquet: ``('Close', 'SPY')``."""

import re
from collections.abc import Iterable, Sequence

from genepool.adapters.files.header_names import NAMES
from genepool.adapters.files.headers import CANDLE_ROLES, folded
from genepool.errors import InvalidCandles

_PAIR = re.compile(r"\(['\"](?P<first>.*)['\"], ['\"](?P<second>.*)['\"]\)$")
_PRICES = {folded(name) for role in CANDLE_ROLES[1:] for name in NAMES[role]}
_LISTED = 5


def without_levels(source: str, names: Sequence[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return headers of one level, and the market that the other level names.

    Raises
    ------
    InvalidCandles
        When it names several.
    """
    pairs = {
        i: (found["first"], found["second"]) for i, name in enumerate(names) if (found := _PAIR.match(name))
    }
    level = next((level for level in (0, 1) if _names_prices(pairs.values(), level)), None)
    if level is None:
        return tuple(names), {}
    markets = sorted({pair[1 - level] for pair in pairs.values() if pair[1 - level]})
    if len(markets) > 1:
        raise InvalidCandles(
            f"{source} holds columns of several markets ({', '.join(markets[:_LISTED])}): save those of one "
            "alone"
        )
    headers = tuple(pairs[i][level] if i in pairs else name for i, name in enumerate(names))
    return headers, dict(zip(("Ticker",), markets, strict=False))


def _names_prices(pairs: Iterable[tuple[str, str]], level: int) -> bool:
    return len({folded(pair[level]) for pair in pairs} & _PRICES) >= len(CANDLE_ROLES) - 1
