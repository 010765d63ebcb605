"""Which kind of market a symbol stands for: what trading costs is usual for a kind, not for a name."""

import re
from enum import StrEnum
from itertools import pairwise

from genepool.market.candles import Candles
from genepool.market.hours import keeps_exchange_hours, rests_at_weekends
from genepool.market.tickers import (
    COINS,
    CURRENCIES,
    EXCHANGES,
    FUTURES,
    INDICES,
    METALS,
    OTHER_GOODS,
    SHARES,
    STABLECOINS,
)


class MarketKind(StrEnum):
    """What is traded, as far as its costs go."""

    CRYPTO = "crypto"
    PERPETUAL = "perpetual"
    FOREX = "forex"
    SHARE = "share"
    INDEX = "index"
    FUTURE = "future"


_MONTHS = "FGHJKMNQUVXZ"
_PERPETUAL = re.compile(
    r"[A-Z0-9]/[A-Z]+:[A-Z]+$|\.P$|PERP(ETUAL)?$|\bSWAP$|^P[FI]_|^[A-Z0-9]+_US[DTC]{2,3}_US[DTC]{2,3}$"
)
_FUTURE = re.compile(
    rf"=F$|[0-9]!$|^[@/&][A-Z0-9]{{1,4}}$|:[A-Z]+-\d{{6}}$|[-_]\d{{1,2}}[A-Z]{{3}}\d{{2}}$|^(?:{'|'.join(sorted(FUTURES))})[{_MONTHS}]\d{{1,4}}$"
)
_SHARE = re.compile(
    rf"^(?:{'|'.join(sorted(EXCHANGES))}):[A-Z0-9.-]+$|^[A-Z0-9-]+\.(?:US|L|DE|PA|AS|MI|MC|SW|TO|V|AX|HK|T|SS|SZ|NS|BO|KS|ST|OL|CO|HE)$|^[A-Z]{{1,4}}[.-][AB]$"
)
_INDEX = re.compile(r"^[\^.][A-Z0-9]{2,}$|^I:[A-Z0-9]+$")
_FORMS = (
    (MarketKind.PERPETUAL, _PERPETUAL),
    (MarketKind.FUTURE, _FUTURE),
    (MarketKind.INDEX, _INDEX),
    (MarketKind.SHARE, _SHARE),
)
# A timeframe or a duration in minutes, as file names have it behind the symbol or apart from it.
_TIMEFRAME = r"(?:\d{1,3}(?:S|M|MIN|H|D|W)|(?:[SMHDW]|MN)\d{1,3}|1440|10080|43200|240|60|30|15|5)"
_PAIR = re.compile(rf"^(?P<base>[A-Z]{{3}})(?P<quote>[A-Z]{{3}})(?P<rest>[A-Z]{{0,6}}?){_TIMEFRAME}?$")
_TICKER = re.compile(r"^[A-Z]{1,5}$")


def market_kind(candles: Candles) -> MarketKind | None:
    """Return the kind of market that candles are of; None when neither symbol nor hours tell.

    Parameters
    ----------
    candles
        Only perpetuals pay funding; only an exchange closes at night and on its holidays.
    """
    named = kind_of_symbol(candles.symbol)
    if candles.funding is not None and named in {None, MarketKind.CRYPTO}:
        return MarketKind.PERPETUAL
    if named not in {None, MarketKind.CRYPTO}:
        return named
    # Many a coin is called like a share.
    ticker = bool(_TICKER.match(re.split(r"[^A-Z]", candles.symbol)[0]))
    possible = (named is None or ticker) and not _is_other_good(candles.symbol)
    if possible and keeps_exchange_hours(candles.stamps, candles.timeframe, likely=ticker):
        return MarketKind.SHARE
    return None if rests_at_weekends(candles.stamps, candles.timeframe) else named


def kind_of_symbol(symbol: str) -> MarketKind | None:
    """Return the kind that a symbol or the name of a file says; None when it says none, or several.

    What brokers append (``EURUSD.m``, ``EURUSDpro``), exchanges put before it and file names have
    beside it makes no difference.
    """
    text = symbol.strip()
    formed = next((kind for kind, form in _FORMS if form.search(text.upper())), None)
    if formed is not None:
        # A point before a name is an index, but for brokers that put one before each of theirs.
        return MarketKind.FOREX if formed is MarketKind.INDEX and _currency_pair(text[1:]) else formed
    words = [word for word in re.split(r"[^A-Za-z0-9]+", re.sub(r"=X$", "", text)) if word]
    pairs = [first + second for first, second in pairwise(words)]
    for candidates in (words[:1], pairs, words):
        kinds = {kind for word in candidates if (kind := _kind_of_word(word)) is not None}
        if kinds:
            return kinds.pop() if len(kinds) == 1 else None
    return None


def _kind_of_word(word: str) -> MarketKind | None:
    name = re.sub(rf"(?<=[A-Z]){_TIMEFRAME}$", "", word.upper())
    # Brokers append small letters: US500m.
    if not INDICES.isdisjoint({word.upper(), name, re.sub(r"(?<=[A-Z0-9])[a-z]{1,4}$", "", word)}):
        return MarketKind.INDEX
    if name in FUTURES - OTHER_GOODS:
        return MarketKind.FUTURE
    if name in SHARES:
        return MarketKind.SHARE
    if (pair := _currency_pair(word)) is not None:
        return _kind_of_pair(word, pair)
    return MarketKind.CRYPTO if _is_crypto(re.sub(r"^t(?=[A-Z]{6})", "", word).upper(), name) else None


def _currency_pair(word: str) -> re.Match[str] | None:
    """Return a pair of state currencies, without what a broker put before or behind it."""
    for text in (word, re.sub(r"^(frx|[a-z])(?=[A-Z]{6})", "", word)):
        found = _PAIR.match(text.upper())
        if found and found["quote"] in CURRENCIES and found["base"] in CURRENCIES | METALS:
            return found
    return None


def _kind_of_pair(word: str, pair: re.Match[str]) -> MarketKind | None:
    if pair["quote"] + pair["rest"] not in STABLECOINS or (word[:6].isupper() and word[6:].islower()):
        return MarketKind.FOREX
    # EURUSDc is an account in cents, EURUSDC is paid in a coin, and eurusdc may be either.
    return MarketKind.CRYPTO if word.isupper() else None


def _is_crypto(*names: str) -> bool:
    for name in names:
        if name in COINS:
            return True
        for quote in (*STABLECOINS, *CURRENCIES, "BTC", "XBT", "ETH", "BNB"):
            base = name.removesuffix(quote)
            if base in {name, ""}:
                continue
            # Nothing but coins is quoted in coins that stand for a currency.
            if quote in STABLECOINS or base in COINS or base.lstrip("10") in COINS:
                return True
            # Kraken puts X before coins and Z before currencies.
            if base[:1] == "X" and base[-1:] == "Z" and base[1:-1] in COINS:
                return True
    return False


def _is_other_good(symbol: str) -> bool:
    return any(word in OTHER_GOODS for word in re.split(r"[^A-Z0-9]+", symbol.upper()))
