"""The figures as a table, as Markdown and as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from scripts.validation.criterion import Criterion, markdown, write_document
from scripts.validation.performance.figures import LOCAL, Measured, seat_counts

_NAME = "distributed_performance"
_HEADINGS = ("seats", "seconds", "speed-up", "efficiency", "threads of a worker", "other work before")


def table(measured: Measured) -> Table:
    """Return the medians, one line for each number of seats."""
    shown = Table(title="The same genomes on one process and on the cluster (medians)")
    for heading in _HEADINGS:
        shown.add_column(heading, justify="right")
    for line in _lines(measured):
        shown.add_row(*line)
    return shown


def write(
    folder: Path, measured: Measured, criteria: Sequence[Criterion], host: Mapping[str, Any]
) -> list[Path]:
    """Write JSON, Markdown and PNG; return where they are."""
    paths = [folder / f"{_NAME}.{ending}" for ending in ("json", "md", "png")]
    facts = {
        "host": dict(host),
        "speed_up": measured.speed_up(measured.cpus),
        "efficiency": measured.efficiency(measured.cpus),
        "overhead": measured.overhead,
        "threads": measured.threads,
        "other_work": {"median": measured.others, "most": measured.most_others},
        "samples": [asdict(sample) for sample in measured.samples],
        "shares": [asdict(share) for share in measured.shares],
    }
    write_document(paths[0], facts, criteria)
    paths[1].write_text(_page(measured, criteria, host), encoding="utf-8")
    _picture(paths[2], measured)
    return paths


def _lines(measured: Measured) -> list[tuple[str, ...]]:
    alone = (
        "one process",
        f"{measured.seconds(LOCAL):.2f}",
        "1.00",
        "",
        "",
        f"{measured.others_on(LOCAL):.0%}",
    )
    lines: list[tuple[str, ...]] = [alone]
    for seats in seat_counts(measured.cpus):
        speed_up, efficiency = measured.speed_up(seats), measured.efficiency(seats)
        figures = (f"{measured.seconds(seats):.2f}", f"{speed_up:.2f}", f"{efficiency:.0%}")
        others = f"{measured.others_on(seats):.0%}"
        lines.append((str(seats), *figures, str(measured.threads_on(seats)), others))
    return lines


def _page(measured: Measured, criteria: Sequence[Criterion], host: Mapping[str, Any]) -> str:
    rows = ["| " + " | ".join(line) + " |" for line in (_HEADINGS, *_lines(measured))]
    rows.insert(1, "|" + " ---: |" * len(_HEADINGS))
    lines = "\n".join(rows)
    facts = "\n".join(f"- {name}: {value}" for name, value in host.items())
    return f"# What the cluster is worth\n\n{markdown(criteria)}\n{lines}\n\n{facts}\n"


def _picture(path: Path, measured: Measured) -> None:
    # Drawing needs no screen, and a validation that only measures needs no matplotlib.
    from matplotlib.figure import Figure  # noqa: PLC0415

    seats = seat_counts(measured.cpus)
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([1, *seats], [1, *seats], color="0.7", linestyle="--", label="ideal")
    axes.plot(seats, [measured.speed_up(count) for count in seats], marker="o", label="measured")
    axes.set(xlabel="seats (CPUs of the cluster)", ylabel="times as fast as one process", ylim=(0, None))
    axes.set_xticks(seats)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120)
