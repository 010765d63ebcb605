"""How commands print: one JSON document for machines, rich tables for people."""

import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print one JSON document on standard output; a number that JSON lacks is an error here."""
    print(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=not _takes_any_sign()))


def bear_any_sign() -> None:
    """Have standard output show a question mark for a sign that it lacks, as Windows' code pages do."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def screen() -> Console:
    """Return the console that people read; brackets and colons of a text, such as a symbol, are shown."""
    return Console(highlight=False, markup=False, emoji=False)


def aside() -> Console:
    """Return the console of what is said beside the result, on standard error."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def tell_doubt(sentence: str) -> None:
    """Say on standard error what is doubtful of the candles."""
    aside().print(f"data        {sentence}", markup=False, soft_wrap=True)


def _takes_any_sign() -> bool:
    return (sys.stdout.encoding or "utf-8").lower().startswith("utf")
