"""Zones that stand in words behind a time: ``20240102 09:30:00 US/Eastern``, ``2024-01-02 09:30 EST``."""

import re
from zoneinfo import ZoneInfo

import pandas as pd

from genepool.errors import InvalidCandles

_PLACE = r"\s*[ \[](?P<zone>[A-Z][A-Za-z_]+/[A-Za-z_/+-]+)\]?$"
# CST, IST and BST mean several clocks, so they are asked for.
_SHORT = {
    "EST": "-0500",
    "EDT": "-0400",
    "PST": "-0800",
    "PDT": "-0700",
    "CDT": "-0500",
    "MDT": "-0600",
    "CET": "+0100",
    "CEST": "+0200",
    "EET": "+0200",
    "EEST": "+0300",
    "MSK": "+0300",
    "JST": "+0900",
    "KST": "+0900",
    "HKT": "+0800",
    "AEST": "+1000",
    "AEDT": "+1100",
}
_WORD = rf"(?<=[0-9]) ?(?P<word>{'|'.join(_SHORT)})$"


class ZoneNames:
    """Takes names of zones off a file's stamps; abbreviations become the offsets that they mean.

    Parameters
    ----------
    source
        Name of the file, for messages.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.name = ""

    def without(self, cells: pd.Series) -> pd.Series:
        """Return stamps without names of zones.

        Raises
        ------
        InvalidCandles
            When they name several zones, or none that is known.
        """
        first = next((cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()), "")
        if re.search(_PLACE, first):
            return self._without_places(cells.astype(str).str.strip())
        if re.search(_WORD, first):
            text = cells.astype(str).str.strip()
            return text.str.replace(_WORD, lambda found: _SHORT[found["word"]], regex=True)
        return cells

    def _without_places(self, text: pd.Series) -> pd.Series:
        found = text.str.extract(_PLACE)["zone"]
        names = sorted({*found.dropna(), *filter(None, [self.name])})
        if len(names) > 1:
            raise InvalidCandles(
                f"{self._source}: its stamps name several zones ({', '.join(names)}): write them in one"
            )
        try:
            ZoneInfo(names[0])
        except (ValueError, OSError, KeyError) as error:
            raise InvalidCandles(
                f"{self._source}, row {found.first_valid_index()}: no zone is called {names[0]}: correct it"
            ) from error
        self.name = names[0]
        return text.where(found.isna(), text.str.replace(_PLACE, "", regex=True))
