"""Which market of the ledger a user means by a word."""

import re
from collections.abc import Callable, Sequence

from genepool.errors import ConfigError, MarketNotFound
from genepool.history import LedgerLine
from genepool.market.candles import Candles
from genepool.ports import LedgerAccounts
from genepool.robustness.known_market import known_market
from genepool.robustness.ledger import KnownMarket

# Fewer signs of a digest could be a word.
_DIGEST = re.compile(r"[0-9a-f]{6,64}")
_ALL = 2**31 - 1


def market_named(word: str, pages: LedgerAccounts) -> LedgerLine | None:
    """Return what the ledger says of the data set that a word means; None where it knows none.

    Parameters
    ----------
    word
        A digest or its beginning, or a symbol, with or without a timeframe behind a blank.
    pages
        The ledger.

    Raises
    ------
    ConfigError
        When it means several that do not count together.
    """
    lines, _ = pages.ledgers(0, _ALL)
    found = [line for line in lines if _means(word, line)]
    if len(found) > 1 and not _count_together(found, pages):
        digests = ", ".join(line.market_digest[:12] for line in found)
        raise ConfigError(f"{word!r} means {len(found)} data sets of the ledger: choose from {digests}")
    # Of those that count together, such as a download of every week, the one that was tried on last.
    return found[0] if found else None


def market_meant(word: str, pages: LedgerAccounts, read: Callable[[str], Candles]) -> KnownMarket:
    """Return the data set that a word means: one of the ledger, without its marks, or one that is read.

    Parameters
    ----------
    word, pages
        As ``market_named``.
    read
        Reads the candles of a data set or file.

    Raises
    ------
    ConfigError, DataError
        When it means several data sets, or none, or one that cannot be read.
    """
    line = market_named(word, pages)
    return known_market(read(word)) if line is None else _known(line)


def checked_market(word: str, pages: LedgerAccounts) -> KnownMarket:
    """Return the data set that a word means, without its marks.

    Raises
    ------
    MarketNotFound
        When the ledger knows no such market.
    ConfigError
        When a word means several.
    """
    line = market_named(word, pages)
    if line is None:
        raise MarketNotFound(f"the ledger knows no market {word!r}: `genepool ledger show` lists them")
    return _known(line)


def _known(line: LedgerLine) -> KnownMarket:
    return KnownMarket(line.market_digest, line.symbol or "", line.timeframe or "", frozenset())


def _count_together(lines: Sequence[LedgerLine], accounts: LedgerAccounts) -> bool:
    newest, *others = lines
    together = accounts.account(newest.market_digest).counted_with
    return {line.market_digest for line in others} <= {*together}


def _means(word: str, line: LedgerLine) -> bool:
    if _DIGEST.fullmatch(word) and line.market_digest.startswith(word):
        return True
    symbol = (line.symbol or "").casefold()
    return bool(symbol) and word.casefold() in (symbol, f"{symbol} {line.timeframe}")
