"""What a section of the report is made of; each kind has a template of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """An SVG chart; its markup is ours and escaped already."""

    kind: ClassVar[str] = "chart"
    svg: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its text, how it looks, and where it leads; empty for nowhere."""

    value: str
    style: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column's heading; text runs from the left and wraps, numbers stand at the right."""

    name: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of cells, and what stands beneath it in small print across all columns but the first."""

    cells: Sequence[TableCell]
    style: str = ""
    beneath: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; groups are headings over several columns: (name, columns, at the left).

    A long one is ``folded`` behind the words that open it.
    """

    kind: ClassVar[str] = "table"
    columns: Sequence[Column]
    rows: Sequence[TableRow]
    title: str = ""
    groups: Sequence[tuple[str, int, bool]] = ()
    folded: str = ""


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month's return; shade is how strongly it is coloured, in percent: a multiple of five."""

    value: str
    style: str
    shade: int
    outside: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """Twelve months, their total, and buy-and-hold beside it."""

    name: str
    cells: Sequence[MonthCell | None]
    total: str
    hold: str


@dataclass(frozen=True, slots=True)
class MonthsBlock:
    """The table of monthly returns."""

    kind: ClassVar[str] = "months"
    years: Sequence[YearRow]
    names: Sequence[str] = field(
        default=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    )


@dataclass(frozen=True, slots=True)
class FactsBlock:
    """Names and values."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[tuple[str, str]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class CommandBlock:
    """A command line to copy."""

    kind: ClassVar[str] = "command"
    command: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph; a small one is a note to what stands above it."""

    kind: ClassVar[str] = "text"
    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class LadderBlock:
    """The rungs of the verdict, the lowest first: number and name, how it stands, why, whether it counts.

    Text between backticks is a command.
    """

    kind: ClassVar[str] = "ladder"
    rungs: Sequence[tuple[str, str, str, bool]]


Block: TypeAlias = ChartBlock | TableBlock | MonthsBlock | FactsBlock | CommandBlock | TextBlock | LadderBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page."""

    anchor: str
    title: str
    note: str
    blocks: Sequence[Block]
