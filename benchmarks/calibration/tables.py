"""The tables of the page: shares with exact intervals, of what was measured so far."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from benchmarks.calibration.cells import Cell, Experiment
from benchmarks.calibration.lines import Line
from benchmarks.calibration.markets import kinds_of_market
from benchmarks.calibration.scales import PLANTED_SHARPES
from genepool.robustness.ladder import Rung
from genepool.robustness.null_test import interval
from genepool.robustness.search_statistics import DEFAULT_STATISTIC, STATISTICS

Lines: TypeAlias = Sequence[Line]
Question: TypeAlias = Callable[[Line], bool]

_NOTHING = "not run yet"
# What believes a run, as columns of tables.
WAYS: Mapping[str, Question] = {
    "null evolution": lambda line: bool(line["rare"][DEFAULT_STATISTIC]),
    "plain PSR": lambda line: bool(line["plain"]),
    "DSR, effective N": lambda line: bool(line["effective"]),
    "DSR, ledger": lambda line: bool(line["deflated"]),
}


def _reaches(rung: Rung) -> Question:
    return lambda line: bool(line["height"] >= rung.height)


RUNGS: Mapping[str, Question] = {f"{rung.height} {rung.name.lower()}": _reaches(rung) for rung in Rung}
EXAM: Mapping[str, Question] = {"the exam alone": lambda line: line["exam"] is True}
# Where either way sees more than this, the weakest edge is compared.
_COMPARED = 0.10


def share(lines: Lines, question: Question) -> str:
    """Return how many of some lines answer yes, with the exact 95 % interval of their share."""
    if not lines:
        return _NOTHING
    found = sum(question(line) for line in lines)
    low, high = interval(found, len(lines))
    return f"{found} of {len(lines)} ({100 * low:.1f} to {100 * high:.1f} %)"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def noise_table(lines: Lines) -> str:
    """Return how often noise is believed, by kind of noise."""
    found = [line for line in lines if line["experiment"] == Experiment.NOISE]
    kinds = {name: kind.title for name, kind in kinds_of_market().items() if not kind.planted}
    groups = [(title, [one for one in found if one["kind"] == name]) for name, title in kinds.items()]
    columns = {**WAYS, **{name: RUNGS[name] for name in list(RUNGS)[2:]}, **EXAM}
    return _shares("noise", [*groups, ("**all noise**", found)], columns)


def statistics_table(lines: Lines) -> str:
    """Return what each statistic of a search believes, of noise and of edges."""
    noise = [line for line in lines if line["experiment"] == Experiment.NOISE]
    planted = [line for line in lines if line["experiment"] == Experiment.PLANTED]
    strengths = {f"{sharpe:g}": _of_sharpe(planted, sharpe) for sharpe in PLANTED_SHARPES}
    rows = []
    for name in STATISTICS:

        def rare(line: Line, name: str = name) -> bool:
            return bool(line["rare"][name])

        rows.append([f"`{name}`", share(noise, rare), *(share(some, rare) for some in strengths.values())])
    return table(["statistic", "all noise", *(f"edges of {sharpe}" for sharpe in strengths)], rows)


def planted_table(lines: Lines) -> str:
    """Return how often edges are seen, by kind and annual Sharpe ratio."""
    return _shares("edge, annual Sharpe", _edges(lines), WAYS)


def rungs_table(lines: Lines) -> str:
    """Return how often the champion of a market with an edge reaches each rung, or a higher one."""
    return _shares("edge, annual Sharpe", _edges(lines), {**RUNGS, **EXAM})


def users_table(lines: Lines) -> str:
    """Return how often the best of twenty runs on one noise market is believed."""
    found = [line for line in lines if line["experiment"] == Experiment.USER]
    ways = {
        "null evolution, corrected for all runs": WAYS["null evolution"],
        "null evolution as if it were the only run": lambda line: bool(line["uncorrected"]),
        **{name: WAYS[name] for name in list(WAYS)[1:]},
        "rung 3 or higher": lambda line: bool(line["height"] >= Rung.SURVIVED.height),
    }
    return table(["way", "believed"], [[name, share(found, way)] for name, way in ways.items()])


def real_table(lines: Lines) -> str:
    """Return the verdict on each real data set, and what the sealed exam said."""
    rows = [
        [
            line["kind"],
            f"{line['candles']:,}",
            str(line["strategy"]),
            f"{line.get('walk_forward_sharpe', 0.0):.2f}",
            f"{line['p_corrected']:.3g} of {line['null_count']} nulls",
            f"{line.get('probabilities', {}).get('deflated', 0.0):.3f}",
            str(line["rung"] or "none"),
            _exam(line),
            line["sentence"],
        ]
        for line in sorted(lines, key=lambda line: str(line["kind"]))
        if line["experiment"] == Experiment.REAL
    ]
    head = ["data set", "candles", "champion", "walk-forward Sharpe", "p", "DSR", "rung", "exam", "verdict"]
    return table(head, rows or [[_NOTHING, *[""] * (len(head) - 1)]])


def cost_table(lines: Lines) -> str:
    """Return what cells cost, in CPU seconds."""
    rows = []
    for experiment in Experiment:
        found = [line for line in lines if line["experiment"] == experiment]
        if not found:
            continue
        search, null = _mean(found, "search_s"), _mean(found, "null_s")
        cells = [f"{_mean(found, name):.1f}" for name in ("nulls_made", "judging_s", "seconds")]
        ratio = f"{null / search:.2f}" if search else "-"
        rows.append([experiment.value, str(len(found)), f"{search:.2f}", f"{null:.2f}", ratio, *cells])
    head = ["cells", "count", "one search", "one null", "null / search", "nulls made", "judging", "one cell"]
    return table(head, rows or [[_NOTHING, *[""] * (len(head) - 1)]])


def weakest_edge(lines: Lines) -> str:
    """Compare null evolution with the ledger's deflation at the weakest edge that either sees at all."""
    for name, found in _pooled(lines):
        ours, theirs = (sum(map(WAYS[way], found)) for way in ("null evolution", "DSR, ledger"))
        if found and max(ours, theirs) > _COMPARED * len(found):
            times = f", {ours / theirs:.1f} times as often" if theirs else ""
            return (
                f"The weakest edge that either sees more than one time in ten is an annual Sharpe of {name}: "
                f"null evolution sees {ours} of {len(found)}, deflation by the ledger {theirs}{times}."
            )
    return "No edge was seen more than one time in ten yet."


def wanting(cells: Sequence[Cell], lines: Mapping[str, Line]) -> str:
    """Say which cells were not measured yet."""
    missing = [cell for cell in cells if cell.key not in lines]
    if not missing:
        return f"All {len(cells):,} cells were measured."
    groups: dict[str, int] = {}
    for cell in missing:
        name = f"{cell.experiment.value}/{cell.kind}"
        groups[name] = groups.get(name, 0) + 1
    told = ", ".join(f"{name} {count}" for name, count in groups.items())
    return f"{len(missing):,} of {len(cells):,} cells were not measured yet: {told}."


def _shares(first: str, groups: Sequence[tuple[str, Lines]], ways: Mapping[str, Question]) -> str:
    rows = [[name, *(share(found, way) for way in ways.values())] for name, found in groups]
    return table([first, *ways], rows)


def _edges(lines: Lines) -> list[tuple[str, Lines]]:
    planted = [line for line in lines if line["experiment"] == Experiment.PLANTED]
    kinds = {name: kind.title for name, kind in kinds_of_market().items() if kind.planted}
    found: list[tuple[str, Lines]] = []
    for sharpe in PLANTED_SHARPES:
        some = _of_sharpe(planted, sharpe)
        found += [
            (f"{title} {sharpe:g}", [one for one in some if one["kind"] == name])
            for name, title in kinds.items()
        ]
    return [*found, *((f"**all of {sharpe}**", some) for sharpe, some in _pooled(lines))]


def _pooled(lines: Lines) -> Iterator[tuple[str, Lines]]:
    planted = [line for line in lines if line["experiment"] == Experiment.PLANTED]
    yield from ((f"{sharpe:g}", _of_sharpe(planted, sharpe)) for sharpe in PLANTED_SHARPES)


def _of_sharpe(lines: Lines, sharpe: float) -> Lines:
    return [line for line in lines if line["sharpe"] == sharpe]


def _exam(line: Line) -> str:
    return {None: "not asked", True: "passed", False: "not passed"}[line["exam"]]


def _mean(lines: Lines, name: str) -> float:
    return sum(float(line[name]) for line in lines) / len(lines)
