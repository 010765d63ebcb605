"""What a validation asks for, and what it found."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# As in genepool.errors: a validation ran and fell short.
SHORTFALL = 5


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a checklist.

    Parameters
    ----------
    name
        What is asked for.
    figure
        What was found.
    bar
        What would have been enough.
    passed
        Whether it is.
    """

    name: str
    figure: str
    bar: str
    passed: bool


def verdict(criteria: Iterable[Criterion]) -> int:
    """Return the exit code: 0 when all passed and there was at least one, else 5."""
    outcomes = [criterion.passed for criterion in criteria]
    return 0 if outcomes and all(outcomes) else SHORTFALL


def markdown(criteria: Iterable[Criterion]) -> str:
    """Return the checklist as a Markdown table."""
    rows = [f"| {one.name} | {one.figure} | {one.bar} | {_word(one)} |" for one in criteria]
    return "\n".join(["| asked | found | bar | verdict |", "| --- | --- | --- | --- |", *rows]) + "\n"


def plain(criteria: Iterable[Criterion]) -> str:
    """Return the checklist for a terminal, one line each."""
    lines = list(criteria)
    width = max((len(one.name) for one in lines), default=0)
    return "\n".join(f"{_word(one):<6} {one.name:<{width}}  {one.figure}  ({one.bar})" for one in lines)


def write_document(path: Path, facts: Mapping[str, Any], criteria: Iterable[Criterion]) -> None:
    """Write figures and checklist as JSON; the folder is made."""
    lines = list(criteria)
    document = {
        "passed": verdict(lines) == 0,
        "criteria": [asdict(one) for one in lines],
        **facts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _word(criterion: Criterion) -> str:
    return "passed" if criterion.passed else "FAILED"
