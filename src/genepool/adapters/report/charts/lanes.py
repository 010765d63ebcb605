"""Lanes for a family tree: lines that wait for different parents never share one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """Where rows and lines lie.

    Parameters
    ----------
    lanes
        Lane of each birth by name.
    edges
        (child, parent, lane that the line runs along).
    width
        Lanes used.
    """

    lanes: Mapping[str, int]
    edges: tuple[tuple[str, str, int], ...]
    width: int


def lanes_of(births: Sequence[tuple[str, tuple[str, ...]]]) -> Placed:
    """Give each birth a lane.

    Parameters
    ----------
    births
        Name and names of the parents, newest first, so that parents follow their children.
    """
    awaited: list[str | None] = []
    lanes: dict[str, int] = {}
    edges: list[tuple[str, str, int]] = []
    known = {name for name, _ in births}
    width = 1
    for birth, parents in births:
        lane = awaited.index(birth) if birth in awaited else _free(awaited)
        lanes[birth] = lane
        awaited[:] = [None if name == birth else name for name in awaited]
        for order, parent in enumerate(parent for parent in parents if parent in known):
            along = awaited.index(parent) if parent in awaited else lane if order == 0 else _free(awaited)
            awaited[along] = parent
            edges.append((birth, parent, along))
        width = max(width, len(awaited))
    return Placed(lanes, tuple(edges), width)


def _free(awaited: list[str | None]) -> int:
    if None not in awaited:
        awaited.append(None)
    return awaited.index(None)
