"""The page on which the benchmarks keep their tables."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def write(benchmark: str, section: str) -> None:
    """Put a section between the marks of a benchmark.

    Raises
    ------
    ValueError
        When the page does not have both marks.
    """
    begin, end = f"<!-- {benchmark}:begin -->", f"<!-- {benchmark}:end -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"{PAGE.name} lacks {begin} and {end}")
    PAGE.write_text(f"{before}{begin}\n{section}\n{end}{after}", encoding="utf-8")
    print(f"written to docs/{PAGE.name}")
