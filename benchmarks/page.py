"""The pages on which the benchmarks keep their tables."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "benchmarks.md"


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
