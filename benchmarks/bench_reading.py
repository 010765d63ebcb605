"""How long a million rows take to read, beside what pandas needs for the same text.

CPU seconds of this process, medians of several rounds, loading of libraries left out: other work on the
machine only moves the wall clock.
"""

import argparse
import csv
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.page import write
from genepool.adapters.files.importing import ImportOptions, import_file
from genepool.randomness import Purpose, generator

# What a user may rely on: times what pandas takes, and seconds.
MOST_TIMES, MOST_SECONDS = 3.0, 0.5
NOTHING: Mapping[str, Any] = MappingProxyType({})


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


@dataclass(frozen=True)
class Form:
    """One form of file, and how somebody who knows it reads it with pandas into numbers and stamps in UTC."""

    name: str
    write: Callable[[pd.DataFrame, Path], object]
    read: Callable[[Path], object]


def written(shape: str, options: Mapping[str, Any] = NOTHING) -> Callable[[pd.DataFrame, Path], object]:
    """Return what writes the stamps in a strptime format."""
    return lambda table, path: table.assign(time=table["time"].dt.strftime(shape)).to_csv(
        path, index=False, **options
    )


def counted(unit: str) -> Callable[[pd.DataFrame, Path], object]:
    """Return what writes the stamps as a count since 1970."""
    return lambda table, path: table.assign(
        time=table["time"].astype(f"datetime64[{unit}]").astype(np.int64)
    ).to_csv(path, index=False)


def in_two_columns(table: pd.DataFrame, path: Path) -> None:
    """Write the date beside the time of day, as MetaTrader does."""
    date, clock = table["time"].dt.strftime("%Y.%m.%d"), table["time"].dt.strftime("%H:%M:%S")
    split = pd.concat([date.rename("date"), clock.rename("clock"), table.drop(columns="time")], axis=1)
    split.to_csv(path, index=False)


def stamped(told: Mapping[str, Any], options: Mapping[str, Any] = NOTHING) -> Callable[[Path], object]:
    """Return what reads a file and its column of times, told what these are."""
    return lambda path: pd.to_datetime(pd.read_csv(path, **options)["time"], utc=True, **told)


def joined(path: Path) -> object:
    """Read a file with the date beside the time of day."""
    table = pd.read_csv(path)
    return pd.to_datetime(table["date"] + " " + table["clock"], format="%Y.%m.%d %H:%M:%S", utc=True)


_ISO, _DAY_FIRST = "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M"
_COMMAS = {"sep": ";", "decimal": ","}
FORMS = (
    Form("CSV, ISO 8601", written(_ISO), stamped({})),
    Form("CSV, ISO 8601 with Z", written("%Y-%m-%dT%H:%M:%SZ"), stamped({})),
    Form("CSV, seconds", counted("s"), stamped({"unit": "s"})),
    Form("CSV, milliseconds", counted("ms"), stamped({"unit": "ms"})),
    Form("CSV, date and time apart", in_two_columns, joined),
    Form("CSV, day first", written(_DAY_FIRST), stamped({"format": _DAY_FIRST})),
    Form("CSV, decimal comma", written(_ISO, _COMMAS), stamped({}, _COMMAS)),
    Form("CSV, in quotes", written(_ISO, {"quoting": csv.QUOTE_ALL}), stamped({})),
    Form("Parquet", lambda table, path: table.to_parquet(path, index=False), pd.read_parquet),
)


def medians(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median CPU seconds of each work, one after the other in every round, done once before."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, seconds in zip(works, took, strict=True):
            began = time.process_time()
            work()
            seconds.append(time.process_time() - began)
    return [statistics.median(seconds[1:]) for seconds in took]


def table_of(rows: int, rounds: int) -> list[str]:
    """Return the lines of the table."""
    lines, table = [], candles(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "candles"
        for form in FORMS:
            form.write(table, path)
            works = (partial(import_file, path, ImportOptions()), partial(form.read, path))
            ours, theirs = medians(works, rounds)
            lines.append(f"| {form.name} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.1f} |")
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
            f"median of {asked.rounds} rounds in turn, pandas {pd.__version__}; reading, checking and making",
            "candles beside `pandas.read_csv` and `pandas.to_datetime`, told the layout and the form of the",
            f"stamps (goal: {MOST_TIMES:g} times), and `pandas.read_parquet` (goal: {MOST_SECONDS:g} s).",
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
