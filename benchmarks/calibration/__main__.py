"""Measure how often noise and edges are believed, and write the tables to docs/honesty.md.

What is measured is kept, a line a cell: the same command continues where it was stopped.

    python -m benchmarks.calibration --scale quick
    python -m benchmarks.calibration --scale full --seed-base 5 --only noise --workers 8
    python -m benchmarks.calibration --scale full --cluster auto
"""

import argparse
import shlex
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.calibration.cells import Cell, Experiment, cells
from benchmarks.calibration.lines import Line
from benchmarks.calibration.measuring import Source
from benchmarks.calibration.page import PAGE, commit, machine, section
from benchmarks.calibration.results import Results
from benchmarks.calibration.scales import SCALES, Counts, Setup
from benchmarks.calibration.sources import default_real, digests, left_out, named_sources, sources_of
from benchmarks.calibration.working import ending_after, measured_by
from benchmarks.page import write
from genepool.adapters.local.machine import read_machine, usable_cores
from genepool.errors import GenepoolError
from genepool.robustness.null_markets import null_markets
from genepool.settings import load_settings

RESULTS = Path("results/calibration")


def main(arguments: Sequence[str]) -> int:
    """Measure what is wanting, and write the tables; return the exit code."""
    flags = _flags().parse_args(arguments)
    try:
        _calibrate(flags, arguments)
    except GenepoolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; what was measured is kept, and the same command continues", file=sys.stderr)
        return 130
    return 0


def _calibrate(flags: argparse.Namespace, arguments: Sequence[str]) -> None:
    setup, counts = _setup(flags), _counts(flags)
    real = flags.real if flags.real is not None else default_real()
    sources = sources_of(named_sources(flags.share), real)
    asked = cells(counts, real, left_out(sources))
    results = Results(flags.results / setup.file_name)
    if not flags.tables_only:
        with results.alone():
            _measure([one for one in asked if one.experiment in flags.only], setup, sources, results, flags)
    command = shlex.join(["python", "-m", "benchmarks.calibration", *arguments])
    text = section(setup, asked, results.of(digests(sources)), command)
    if flags.print:
        print(text)
    else:
        write(f"calibration-{setup.scale}", text, PAGE)


def _measure(
    asked: Sequence[Cell],
    setup: Setup,
    sources: dict[str, Source],
    results: Results,
    flags: argparse.Namespace,
) -> None:
    there = results.of(digests(sources))
    missing = [cell for cell in asked if cell.key not in there]
    print(f"{len(asked):,} cells, {len(missing):,} to measure, kept in {results.path}", flush=True)
    where, lines = _begun(missing, setup, sources, flags)
    origin = {"commit": flags.commit or commit(), "machine": where}
    with closing(lines):
        for done, line in enumerate(lines, 1):
            results.append(line | origin)
            p = f"p = {line['p_corrected']:.3g}"
            rung = line["rung"] or "no rung"
            print(
                f"{done:>5} of {len(missing):,}  {line['key']:<32}{p:<12}{rung:<10}{line['seconds']:>6.1f} s",
                flush=True,
            )


def _begun(
    cells: Sequence[Cell], setup: Setup, sources: dict[str, Source], flags: argparse.Namespace
) -> tuple[str, Generator[Line]]:
    """Return where cells are measured, in words, and their lines as they end."""
    late = ending_after(flags.stop_after)
    if flags.cluster is None:
        return machine(), measured_by(flags.workers, cells, setup, sources, late)
    # Ray takes half a second to import.
    from benchmarks.calibration.spreading import MACHINE, measured_on  # noqa: PLC0415

    address = flags.cluster or load_settings().ray_address
    return MACHINE, measured_on(address, cells, setup, sources, late)


def _setup(flags: argparse.Namespace) -> Setup:
    scale = SCALES[flags.scale]
    given = {"nulls": flags.nulls, "candles": flags.candles}
    said = {name: number for name, number in given.items() if number is not None}
    search = replace(scale.search, generator=flags.generator, **said)
    return Setup(scale.name, flags.seed_base, search, named_sources(flags.share))


def _counts(flags: argparse.Namespace) -> Counts:
    usual = SCALES[flags.scale].counts
    given = {"noise": flags.noise_runs, "planted": flags.planted_runs, "users": flags.users}
    return replace(usual, **{name: count for name, count in given.items() if count is not None})


def _flags() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(prog="calibrate", description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--scale", choices=list(SCALES), default="quick", help="how large each search is")
    asked.add_argument("--seed-base", type=int, default=1, help="what all seeds are derived from")
    asked.add_argument("--workers", type=int, default=usable_cores(read_machine()), help="processes")
    asked.add_argument(
        "--cluster",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="measure on this Ray cluster (auto beside a node of it), or on that of GENEPOOL_RAY_ADDRESS",
    )
    asked.add_argument(
        "--only",
        nargs="+",
        choices=list(Experiment),
        default=list(Experiment),
        help="these experiments alone",
    )
    asked.add_argument("--noise-runs", type=int, help="markets of each kind of noise")
    asked.add_argument("--planted-runs", type=int, help="markets of each edge and strength")
    asked.add_argument("--users", type=int, help="impatient users")
    asked.add_argument("--nulls", type=int, help="null searches of each run")
    asked.add_argument("--candles", type=int, help="of each generated or shuffled market")
    asked.add_argument("--generator", choices=list(null_markets()), default="block_shuffle", help="of nulls")
    asked.add_argument(
        "--real",
        nargs="*",
        metavar="DATA",
        help="real data sets, by name or file; their sealed candles are looked at",
    )
    asked.add_argument("--share", metavar="DATA", help="daily candles of a share, by name or file")
    asked.add_argument("--results", type=Path, default=RESULTS, help="folder of what was measured")
    asked.add_argument("--stop-after", type=float, metavar="MINUTES", help="begin no cell after so long")
    asked.add_argument("--commit", help="what lines say of the code that measured them; else git is asked")
    asked.add_argument("--tables-only", action="store_true", help="measure nothing")
    asked.add_argument("--print", action="store_true", help="print the tables, and leave the page as it is")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
