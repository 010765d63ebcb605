"""How long a million rows take to read, beside what pandas needs for the same text.

CPU seconds of this process, medians of several rounds, loading of libraries left out: other work on the
machine only moves the wall clock.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.page import write
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.randomness import Purpose, generator

# What a user may rely on: times what pandas takes, and seconds.
MOST_TIMES, MOST_SECONDS = 3.0, 0.5


def candles(rows: int) -> pd.DataFrame:
    """Return candles of one minute that no rule refuses."""
    rng = generator(0, Purpose.BENCHMARK, 2, 0)
    close = 20_000 * np.exp(np.cumsum(rng.normal(0, 5e-4, rows)))
    opened = np.append(close[0], close[:-1])
    return pd.DataFrame(
        {
            "time": pd.date_range("2020-01-01", periods=rows, freq="min"),
            "open": opened.round(2),
            "high": (np.maximum(opened, close) + 5).round(2),
            "low": (np.minimum(opened, close) - 5).round(2),
            "close": close.round(2),
            "volume": rng.integers(1, 10**6, rows) / 1e3,
        }
    )


def files(table: pd.DataFrame, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the candles in each form that is measured."""
    stamps = table["time"]
    forms: Mapping[str, pd.Series] = {
        "CSV, ISO 8601": stamps.dt.strftime("%Y-%m-%d %H:%M:%S"),
        "CSV, milliseconds": stamps.astype(np.int64) // 1_000_000
        if stamps.dt.unit == "ns"
        else stamps.astype("datetime64[ms]").astype(np.int64),
        "CSV, day first": stamps.dt.strftime("%d.%m.%Y %H:%M"),
    }
    for name, times in forms.items():
        path = folder / f"{name.replace(', ', '-').replace(' ', '-')}.csv"
        table.assign(time=times).to_csv(path, index=False)
        yield name, path
    path = folder / "candles.parquet"
    table.to_parquet(path, index=False)
    yield "Parquet", path


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median of the CPU seconds that some work takes, once it has been done before."""
    work()
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return statistics.median(took)


def pandas_alone(path: Path) -> object:
    """Read a file as pandas does when it is asked for nothing else."""
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def table_of(rows: int, rounds: int) -> list[str]:
    """Return the lines of the table."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files(candles(rows), Path(folder)):
            ours = seconds(lambda path=path: import_file(path, ImportOptions()), rounds)  # type: ignore[misc] # bound
            theirs = seconds(lambda path=path: pandas_alone(path), rounds)  # type: ignore[misc] # bound
            lines.append(f"| {name} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.1f} |")
            print(lines[-1])
    return lines


def main() -> None:
    """Measure, print and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry-run", action="store_true", help="print only")
    asked = parser.parse_args()
    lines = table_of(asked.rows, asked.rounds)
    section = "\n".join(
        [
            f"`make bench-reading` on {datetime.now(UTC):%Y-%m-%d}: {asked.rows:,} candles, CPU seconds,",
            f"median of {asked.rounds} rounds, pandas {pd.__version__}; reading, checking and making candles",
            "beside what",
            f"`pandas.read_csv` takes without reading the stamps (goal: {MOST_TIMES:g} times), and",
            f"`pandas.read_parquet` (goal: {MOST_SECONDS:g} s).",
            "",
            "| file | GenePool | pandas | times |",
            "|---|---:|---:|---:|",
            *lines,
        ]
    )
    if not asked.dry_run:
        write("bench-reading", section)


if __name__ == "__main__":
    main()
