"""What was acknowledged, and where it contradicts itself or the history: a part of the outside checker."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from scripts.validation.log_lines import End, Finding, Line, OfRun, Row


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


def check_ends(lines: Iterable[OfRun], stored: Mapping[str, Recorded]) -> Iterator[Finding]:
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
