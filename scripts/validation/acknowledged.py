"""What was acknowledged, and where it contradicts itself or the history: a part of the outside checker."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    finding
        Its name; each rule has one.
    run
        The run that it is about; empty for the log as a whole.
    detail
        What was expected and what is there.
    """

    finding: str
    run: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One acknowledged generation, as it was written."""

    run: str
    generation: int
    digest: str


@dataclass(frozen=True, slots=True)
class End:
    """A run's end, as it was written: its digest, and under which claim it was finished."""

    run: str
    digest: str
    epoch: int


class Recorded(Protocol):
    """What the history has of a run."""

    @property
    def run(self) -> Row:
        """Its row of ``runs``."""
        ...

    @property
    def generations(self) -> Sequence[Row]:
        """Its rows of ``generations``, in order."""
        ...


def read_log(path: Path) -> tuple[list[Line | End], list[Finding]]:
    """Return the acknowledged generations and ends, and what of the log cannot be read.

    A last line without its end was cut off by a kill before it was reported: no finding.

    Raises
    ------
    OSError
        When there is no such file.
    """
    whole, _, _torn = path.read_text(encoding="utf-8").rpartition("\n")
    lines, findings = list[Line | End](), list[Finding]()
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            lines.append(_told(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            findings.append(Finding("log-unreadable", "", f"{path} line {number}: {line[:80]!r}"))
    return lines, findings


def _told(fields: Row) -> Line | End:
    if "finished" in fields:
        return End(str(fields["run"]), str(fields["finished"]), int(fields["epoch"]))
    return Line(str(fields["run"]), int(fields["generation"]), str(fields["digest"]))


def check_log(lines: Iterable[Line], stored: Mapping[str, Recorded]) -> Iterator[Finding]:
    """Yield where the log contradicts itself or the history."""
    latest: dict[str, int] = {}
    told: set[tuple[str, int]] = set()
    for line in lines:
        key, where = (line.run, line.generation), f"generation {line.generation}"
        if line.run not in stored:
            yield Finding("run-missing", line.run, f"{where} was acknowledged, the run is not there")
            continue
        if key in told:
            yield Finding("acknowledged-twice", line.run, f"{where} was acknowledged again")
        elif line.generation <= latest.get(line.run, -1):
            yield Finding("acknowledged-backwards", line.run, f"{where} came after {latest[line.run]}")
        latest[line.run] = max(line.generation, latest.get(line.run, -1))
        told.add(key)
        rows = {row["number"]: row["digest"] for row in stored[line.run].generations}
        if line.generation not in rows:
            yield Finding("acknowledged-missing", line.run, f"{where} was acknowledged and is not stored")
        elif rows[line.generation] != line.digest:
            yield Finding("acknowledged-differs", line.run, f"{where} is stored with other bits")


def check_ends(lines: Iterable[Line | End], stored: Mapping[str, Recorded]) -> Iterator[Finding]:
    """Yield runs that were acknowledged as finished and did not stay so.

    A run that has generations which came after its end was resumed, as its user wanted.
    """
    latest: dict[str, int] = {}
    ends: dict[str, tuple[End, int]] = {}
    for line in lines:
        newest = latest.get(line.run, -1)
        if isinstance(line, Line):
            latest[line.run] = max(newest, line.generation)
            continue
        if line.run in ends and ends[line.run][1] == newest:
            detail = f"finished under claim {ends[line.run][0].epoch}, and again under claim {line.epoch}"
            yield Finding("finished-undone", line.run, detail)
        ends[line.run] = line, newest
    for end, newest in ends.values():
        yield from _undone(end, newest, stored.get(end.run))


def _undone(end: End, newest: int, stored: Recorded | None) -> Iterator[Finding]:
    if stored is None:
        yield Finding("run-missing", end.run, "it was acknowledged as finished, the run is not there")
        return
    went_on = any(int(row["number"]) > newest for row in stored.generations)
    row, told = stored.run, ("finished", end.digest, end.epoch)
    there = (row["state"], row["digest"], row.get("epoch", end.epoch))
    if not went_on and there != told:
        yield Finding("finished-undone", end.run, f"{told} was acknowledged, {there} is there")
