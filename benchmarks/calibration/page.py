"""The page of the calibration: what a section between its marks says."""

import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from os import cpu_count

from benchmarks.calibration import tables
from benchmarks.calibration.cells import Cell
from benchmarks.calibration.lines import Line
from benchmarks.calibration.scales import Setup
from benchmarks.page import DOCS

PAGE = DOCS / "honesty.md"
_CHANGED = ", changed since"


def machine() -> str:
    """Return the machine in words."""
    return f"{cpu_count() or 1} cores"


def commit() -> str:
    """Return the commit that measures, with a word where files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", f"--dirty={_CHANGED}", "--exclude=*"],
            cwd=DOCS.parent,
            capture_output=True,
            check=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def commits(lines: Sequence[Line]) -> str:
    """Return the commits that measured some lines, each once, and once that files differed from one."""
    found = {str(line["commit"]) for line in lines}
    names = sorted({one.removesuffix(_CHANGED) for one in found})
    changed = _CHANGED if any(one.endswith(_CHANGED) for one in found) else ""
    return f"commit{'s' * (len(names) != 1)} {', '.join(names)}{changed}"


def section(setup: Setup, cells: Sequence[Cell], found: Mapping[str, Line], command: str) -> str:
    """Return what stands between the marks of a scale.

    Parameters
    ----------
    setup
        What was searched.
    cells
        All that are wanted; those that are missing are named.
    found
        All results, by name of the cell; whatever was measured is told of.
    command
        What repeats it.
    """
    lines = list(found.values())
    if not lines:
        return f"Not run yet: `make calibrate SCALE={setup.scale}`."
    parts = [
        _measured(setup, lines, command),
        tables.wanting(cells, found),
        _titled("Noise: how often it is believed", tables.noise_table(lines)),
        _titled("Planted edges: how often they are believed", tables.planted_table(lines)),
        tables.weakest_edge(lines),
        _titled("Planted edges: the rung that is reached, or a higher one", tables.rungs_table(lines)),
        _titled("Each statistic of null evolution", tables.statistics_table(lines)),
        _titled(f"The best of {setup.search.user_runs} runs on one noise market", tables.users_table(lines)),
        _titled("Real data", tables.real_table(lines)),
        _titled("What it cost, CPU seconds in the mean", tables.cost_table(lines)),
    ]
    return "\n\n".join(parts)


def _measured(setup: Setup, lines: Sequence[Line], command: str) -> str:
    search, settings = setup.search, setup.search.settings
    machines = ", ".join(sorted({str(line["machine"]) for line in lines}))
    sources = "".join(f" {kind} was made of {name}." for kind, name in setup.sources)
    newest = "all" if search.real_candles is None else f"the newest {search.real_candles:,}"
    return (
        f"Scale `{setup.scale}`, seeds from `--seed-base {setup.seed_base}`, {commits(lines)}, {machines}, "
        f"{datetime.now(UTC):%Y-%m-%d}: `{command}`. Each search has all seeds that can take part, a "
        f"population of {settings.population_size} and {settings.generations} generations on "
        f"{search.candles:,} candles (real data: {newest}), {search.nulls} nulls by `{search.generator}`; "
        f"an impatient user's best run has {search.user_nulls}.{sources}"
    )


def _titled(title: str, text: str) -> str:
    return f"**{title}**\n\n{text}"
