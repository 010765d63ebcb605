"""The pages on which the benchmarks keep their tables."""

import platform
from pathlib import Path

import numpy as np

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"


def machine() -> str:
    """Describe the machine in a few words."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{model or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"


def write(benchmark: str, section: str, page: Path = PAGE) -> None:
    """Put a section between the marks of a benchmark.

    Parameters
    ----------
    benchmark
        The name in the marks.
    section
        What stands between them from now on.
    page
        The page that has the marks.

    Raises
    ------
    ValueError
        When the page does not have both marks.
    """
    begin, end = f"<!-- {benchmark}:begin -->", f"<!-- {benchmark}:end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"{page.name} lacks {begin} and {end}")
    page.write_text(f"{before}{begin}\n{section}\n{end}{after}", encoding="utf-8")
    print(f"written to docs/{page.name}")
