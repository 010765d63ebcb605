"""Draw which rooms import which, as the code has it, into docs/architecture.md."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = "genepool"
BEGIN, END = "<!-- rooms:begin -->", "<!-- rooms:end -->"

# By room, the rooms that it imports.
Imports: TypeAlias = Mapping[str, frozenset[str]]


def imports_of_rooms() -> Imports:
    """Return by package of ``genepool`` the packages and single modules that its modules import."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    below: defaultdict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        room = _room(module)
        if room and graph.find_children(f"{PACKAGE}.{room}"):
            below[room] |= {_room(other) for other in graph.find_modules_directly_imported_by(module)}
    return {room: frozenset(others - {room, ""}) for room, others in below.items()}


def arrows(imports: Imports) -> list[tuple[str, str]]:
    """Return the imports between packages that follow from no others, sorted.

    Raises
    ------
    ValueError
        When packages import each other in a circle: no arrow would follow from another there.
    """
    rooms = {room: others & imports.keys() for room, others in imports.items()}
    reached = {room: _reached(room, rooms) for room in rooms}
    if circle := sorted(room for room in rooms if room in reached[room]):
        raise ValueError(f"these rooms import each other in a circle: {', '.join(circle)}")
    return sorted(
        (room, other)
        for room, others in rooms.items()
        for other in others
        if not any(other in reached[third] for third in others)
    )


def drawn(imports: Imports) -> str:
    """Return the picture of the arrows and the table of all imports, as Markdown."""
    picture = [f"    {room} --> {other}" for room, other in arrows(imports)]
    table = [f"| `{room}` | {_listed(others)} |" for room, others in sorted(imports.items())]
    lines = ["```mermaid", "flowchart TD", *picture, "```", "", "| room | imports |", "| --- | --- |", *table]
    return "\n".join(lines)


def placed(page: str, text: str) -> str:
    """Return a page with this text between its two marks.

    Raises
    ------
    ValueError
        When the page does not have both marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def _room(module: str) -> str:
    """Return the part of a module's name below ``genepool``, empty for ``genepool`` itself."""
    return f"{module}.".split(".")[1]


def _reached(room: str, rooms: Imports) -> set[str]:
    """Return the rooms below a room, near and far."""
    reached: set[str] = set()
    ahead = list(rooms[room])
    while ahead:
        if (other := ahead.pop()) not in reached:
            reached.add(other)
            ahead.extend(rooms[other])
    return reached


def _listed(rooms: Iterable[str]) -> str:
    return ", ".join(f"`{room}`" for room in sorted(rooms))


def main() -> int:
    """Rewrite the picture and the table of the page."""
    page = placed(PAGE.read_text(encoding="utf-8"), drawn(imports_of_rooms()))
    PAGE.write_text(page, encoding="utf-8")
    print(f"the rooms are drawn in {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
