"""Write the table of faults in docs/benchmarks.md from the figures that the chaos tests left."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- chaos:begin -->", "<!-- chaos:end -->"
_HEADINGS = (
    *("fault", "recovered", "bar", "longest gap", "full strength", "after return"),
    *("pace", "run", "date", "load"),
)


def rows(figures: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return one row for each fault, sorted by its name."""
    return [
        (
            str(one["fault"]),
            _seconds(one.get("recovered")),
            _bar(one),
            _seconds(one.get("longest_gap")),
            _seconds(one.get("full_strength")),
            _seconds(one.get("returned")),
            f"{one['pace']:.0%}" if "pace" in one else "",
            _seconds(one.get("run_seconds")),
            str(one["at"])[:10],
            str(one["load"]),
        )
        for one in sorted(figures, key=lambda one: str(one["fault"]))
    ]


def table(figures: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as a Markdown table."""
    lines = [_HEADINGS, tuple("---" for _ in _HEADINGS), *rows(figures)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def placed(page: str, text: str) -> str:
    """Return a page with this text between its two marks.

    Raises
    ------
    ValueError
        When the page does not have both marks.
    """
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"the page lacks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"


def _bar(figures: Mapping[str, Any]) -> str:
    bar = figures.get("bar")
    if bar is None:
        return ""
    return f"{bar:.0%} of the pace" if bar < 1 else f"{bar:g} s"


def main() -> int:
    """Read the figures and rewrite the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--figures", type=Path, default=ROOT / "results" / "chaos")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given = parser.parse_args()
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(given.figures.glob("*.json"))]
    if not found:
        print(f"there are no figures in {given.figures}: run `make chaos` first", file=sys.stderr)
        return 2
    page = placed(given.page.read_text(encoding="utf-8"), table(found))
    given.page.write_text(page, encoding="utf-8")
    print(f"{len(found)} faults in {given.page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
