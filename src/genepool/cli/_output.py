"""How commands print: one JSON document for machines, rich tables for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console


def print_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print one JSON document on standard output; a number that JSON lacks is an error here."""
    print(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False))


def screen() -> Console:
    """Return the console that people read."""
    return Console(highlight=False)
