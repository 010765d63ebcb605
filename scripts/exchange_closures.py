"""Writes `genepool.market.closure_table` from the calendars of `exchange_calendars`.

Run it by hand once a year, in an environment of its own: several calendars of that library fail under the
pandas that GenePool pins, and nothing of GenePool imports it.

    pip install "exchange_calendars" "pandas<3"
    python -m scripts.exchange_closures src/genepool/market/closure_table.py
"""

import base64
import importlib
import sys
import textwrap
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_FIRST, _LAST = "1990-01-01", "2027-12-31"
# Futures that trade through most holidays, and calendars that never rest.
_LEFT_OUT = frozenset(("24/5", "24/7", "CMES", "IEPA", "XCBF", "XEEE", "us_futures"))
_FROM_SUNDAY = frozenset(("XSAU", "XTAE"))
# Israel trades from Monday to Friday since then.
_ENDS = {"XTAE": "2025-12-31"}
# What the library lacks: Moscow after 25 February 2022.
_ALSO = {"XMOS": ("2022-02-28", "2022-03-23")}
_WIDTH = 100

_Days = npt.NDArray[np.int64]


def closures(library: Any, name: str) -> list[int]:  # noqa: ANN401 - it has no types
    """Return first day, last day and the weekdays of rest between them, in days since 1970."""
    calendar = library.calendar_utils._default_calendar_factories[name]  # noqa: SLF001 - no other way
    first = max(np.datetime64(_FIRST), _date(calendar.bound_min(), _FIRST))
    last = min(np.datetime64(_ENDS.get(name, _LAST)), _date(calendar.bound_max(), _LAST))
    sessions = library.get_calendar(name, start=str(first), end=str(last)).sessions.to_numpy()
    traded: _Days = sessions.astype("datetime64[D]").astype(np.int64)
    for begin, end in [_ALSO[name]] if name in _ALSO else []:
        traded = traded[(traded < _day(begin)) | (traded > _day(end))]
    span: _Days = np.arange(traded[0], traded[-1] + 1)
    due = ((span + 4) % 7 < 5) if name in _FROM_SUNDAY else ((span + 3) % 7 < 5)  # noqa: PLR2004 - days
    return [int(traded[0]), int(traded[-1]), *span[due & ~np.isin(span, traded)].tolist()]


def packed(tables: list[list[int]]) -> str:
    """Return tables as text: of each its length, its first day and last day, and from day to day."""
    numbers = [[len(t) - 2, t[0], t[1], *np.diff([t[0], *t[2:]]).tolist()] for t in tables]
    raw = np.array([number for table in numbers for number in table], dtype="<u2").tobytes()
    return base64.b85encode(zlib.compress(raw, 9)).decode()


def module(names: list[str], text: str) -> str:
    """Return the source of the module."""
    listed = "\n".join(f'    "{line} "' for line in textwrap.wrap(" ".join(names), _WIDTH - 4))
    lines = "\n".join(f'    "{text[i : i + _WIDTH]}"' for i in range(0, len(text), _WIDTH))
    return (
        '"""Weekdays on which exchanges rested, written by `python -m scripts.exchange_closures`.\n\n'
        "The format is told in `genepool.market.exchanges`, which reads it.\n"
        f'"""\n\n# Market identifier codes, in the order of the tables.\nNAMES = (\n{listed}\n)\n'
        f"PACKED = (\n{lines}\n)\n"
    )


def main() -> None:
    """Write the module to the path that is given."""
    library = importlib.import_module("exchange_calendars")
    found: dict[str, list[int]] = {}
    for name in library.get_calendar_names(include_aliases=False):
        if name not in _LEFT_OUT:
            table = closures(library, name)
            if table not in found.values():
                found[name] = table
    Path(sys.argv[1]).write_text(module(list(found), packed(list(found.values()))))


def _date(bound: Any, otherwise: str) -> np.datetime64:  # noqa: ANN401 - a timestamp of pandas
    return np.datetime64(otherwise) if bound is None else np.datetime64(bound.date())


def _day(date: str) -> int:
    return int(np.datetime64(date).astype(np.int64))


if __name__ == "__main__":
    main()
