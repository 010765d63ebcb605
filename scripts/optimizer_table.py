"""Write the table of ``docs/optimizers.md`` from the optimizers: ``python -m scripts.optimizer_table``."""

import sys
from pathlib import Path

from genepool.optimizers import Optimizer, optimizers

PAGE = Path(__file__).resolve().parents[1] / "docs" / "optimizers.md"
BEGIN, END = "<!-- optimizers:begin -->", "<!-- optimizers:end -->"


def table() -> str:
    """Return a line for each optimizer, as Markdown."""
    lines = ["| name | what it does | after | needs |", "| --- | --- | --- | --- |"]
    return "\n".join(lines + [_line(one) for one in optimizers().values()])


def placed(page: str) -> str:
    """Return a page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


def _line(optimizer: Optimizer) -> str:
    needs = ", ".join(optimizer.needs) or "nothing more"
    return f"| `{optimizer.name}` | {optimizer.summary} | {optimizer.source} | {needs} |"


def main() -> int:
    """Rewrite the table of the page."""
    PAGE.write_text(placed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"the table is written to docs/{PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
