"""What a whole run costs and where, beside another checkout's code, in alternation.

CPU seconds, medians of rounds. Each process has a history of its own; the first run of either code only warms
its kernels. ``--against`` names another checkout of the same dependencies.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.page import write
from benchmarks.run_stages import RUN

STAGES = ("imports", "evaluation", "ask", "tell", "record", "digest")
POPULATIONS = (100, 1_000, 10_000)
HERE = Path(__file__).resolve().parents[1]
PROGRAM = Path(__file__).with_name("run_stages.py")

Figures: TypeAlias = dict[str, Any]


def measured(checkout: Path, *words: str) -> Figures:
    """Return what a stopwatch found of a checkout's code, in a process and a history of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "GENEPOOL_HOME": home}
        command = [sys.executable, str(PROGRAM), *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{checkout}: {done.stderr.strip()[-2000:]}")
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def run_rows(checkouts: Sequence[Path], rounds: int) -> list[str]:
    """Measure whole runs in turns; return rows of seconds and shares, once all digests are equal."""
    rounds_of: dict[Path, list[Figures]] = {checkout: [] for checkout in checkouts}
    for number in range(rounds + 1):
        found = {checkout: measured(checkout, "whole", str(number)) for checkout in checkouts}
        if len({figures["run_digest"] for figures in found.values()}) > 1:
            raise SystemExit(f"seed {number}: the digests differ")
        print(number, [round(figures["whole"], 2) for figures in found.values()], flush=True)
        for checkout, figures in found.items():
            rounds_of[checkout] += [figures] if number else []
    medians = [_medians(rounds_of[checkout]) for checkout in checkouts]
    lines = [_row("whole run", [f"{one['whole']:.2f} s" for one in medians])]
    for stage in (*STAGES, "the rest"):
        cells = [f"{one[stage]:.2f} s ({one[stage] / one['whole']:.1%})" for one in medians]
        lines.append(_row(stage, cells))
    both = [f"{one['record'] + one['digest']:.2f} s" for one in medians]
    return [*lines, _row("record and digest together", both)]


def _medians(rounds: Sequence[Figures]) -> Figures:
    found = {name: statistics.median(one[name] for one in rounds) for name in ("whole", *STAGES)}
    return {**found, "the rest": found["whole"] - sum(found[stage] for stage in STAGES)}


def ask_rows(checkouts: Sequence[Path], rounds: int) -> list[str]:
    """Measure ``ask`` in turns; return a row a population."""
    lines = []
    for population in POPULATIONS:
        turns = [
            [measured(checkout, "asking", str(population))["ask"] for checkout in checkouts]
            for _ in range(rounds)
        ]
        cells = [f"{statistics.median(column):.0f} µs" for column in zip(*turns, strict=True)]
        lines.append(_row(f"`ask` an individual, population {population:,}", cells))
        print(lines[-1], flush=True)
    return lines


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=Path, help="another checkout, whose code stands beside ours")
    parser.add_argument("--against-name", default="before", help="what the table calls it")
    options = parser.parse_args()
    other = [(options.against_name, options.against.resolve())] if options.against else []
    names, checkouts = zip(*other, ("now", HERE), strict=True)
    rows = run_rows(checkouts, options.rounds) + ask_rows(checkouts, options.rounds)
    cores, load = os.cpu_count(), os.getloadavg()[0]
    head = (
        f"`make bench-run` on {datetime.now(UTC):%Y-%m-%d}: Python {sys.version.split()[0]}, {cores} cores "
        f"with a load of {load:.1f}\nat the end. CPU seconds of\n`genepool {RUN}`\nin a new history, kernels "
        f"compiled, medians of {options.rounds} rounds in turns, a seed each; all digests were\nequal. "
        "`digest` is reading the finished run back and its digest."
    )
    table = [_row("", names), "|---|" + "---:|" * len(names), *rows]
    write("bench-run", "\n".join([head, "", *table]))


if __name__ == "__main__":
    main()
