"""Columns beside the candles in their own file: rates of funding and ratios of splits."""

from collections.abc import Mapping, Sequence

import pandas as pd

from genepool.adapters.files.headers import plain_header

# Names that mean nothing else; a column named `rate` or `split` alone may be anything.
_NAMES = {
    "funding": ("funding_rate", "fundingrate", "funding", "last_funding_rate", "lastfundingrate"),
    "splits": (
        *(
            "split_coefficient",
            "splitcoefficient",
            "stock_splits",
            "stocksplits",
            "split_ratio",
            "splitratio",
        ),
        *("split_factor", "splitfactor", "splits"),
    ),
}
OWN = tuple(_NAMES)
NONE = "none"


def with_own(headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return header by role as the user chose it, and of the candles' own funding and splits."""
    found = {
        role: header for role, names in _NAMES.items() for header in headers if plain_header(header) in names
    }
    return {**found, **chosen}


def without_none(roles: Sequence[str], chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Return the roles whose column the user did not leave out with ``ROLE=none``."""
    return tuple(role for role in roles if chosen.get(role, "").lower() != NONE)


def as_quotients(cells: pd.Series) -> pd.Series:
    """Return ratios written as ``4:1``, ``4/1`` or ``4 for 1`` as quotients, all else as it is."""
    parts = (
        cells.astype(str)
        .str.extract(r"^\s*(\d+(?:\.\d+)?)\s*(?:[:/]|-?for-?)\s*(\d+(?:\.\d+)?)\s*$")
        .astype(float)
    )
    quotients = parts[0] / parts[1].where(parts[1] > 0)
    return cells.where(quotients.isna(), quotients.astype(str)) if quotients.notna().any() else cells
