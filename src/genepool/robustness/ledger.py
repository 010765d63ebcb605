"""Which tries count together: those on data sets of one market, by their candles or days.

``docs/adr/0033`` and ``0049`` say why the candles decide, and nothing that a user can change by hand.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

# What a market is called: symbol and timeframe.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KnownMarket:
    """A data set whose candles are known again in another one.

    Parameters
    ----------
    digest
        ``Candles.digest`` of the whole data set.
    symbol, timeframe
        What it was called when it was first seen.
    marks
        ``marks`` of its candles.
    """

    digest: str
    symbol: str
    timeframe: str
    marks: frozenset[int]

    @property
    def name(self) -> Name:
        """What it is called."""
        return self.symbol, self.timeframe


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Tries on markets of the same name that do not count, by the reason.

    Parameters
    ----------
    other_candles
        Unique genomes tried on data sets that have no candles in common with this one.
    unknown_candles
        Unique genomes tried on data sets whose candles the history does not know.
    """

    other_candles: int = 0
    unknown_candles: int = 0


def counted_together(digest: str, markets: Mapping[str, KnownMarket]) -> set[str]:
    """Return the digests of the data sets whose tries count for one of them, its own included.

    Parameters
    ----------
    digest
        Of the data set that is judged.
    markets
        Every data set whose candles are known, by digest.
    """
    own = markets[digest].marks if digest in markets else frozenset[int]()
    return {digest, *(other.digest for other in markets.values() if own & other.marks)}


def left_apart(
    digest: str,
    markets: Mapping[str, KnownMarket],
    names: Mapping[str, Collection[Name]],
    ledgers: Collection[str],
) -> tuple[set[str], set[str]]:
    """Return the data sets of the same name that do not count: those with other, and with unknown candles.

    A data set that nothing is known of, not even its name, is among the second.

    Parameters
    ----------
    digest
        Of the data set that is judged.
    markets
        Every data set whose candles are known, by digest.
    names
        What the runs called their data sets, by digest.
    ledgers
        The digests of all data sets that genomes were tried on.
    """
    together = counted_together(digest, markets)
    other, unknown = set[str](), set[str]()
    own = _names(digest, markets, names)
    for found in set(ledgers) - together:
        called = _names(found, markets, names)
        if called and not called & own:
            continue
        (other if found in markets and digest in markets else unknown).add(found)
    return other, unknown


def _names(
    digest: str, markets: Mapping[str, KnownMarket], names: Mapping[str, Collection[Name]]
) -> set[Name]:
    known = {markets[digest].name} if digest in markets else set[Name]()
    return known | set(names.get(digest, ()))
