"""What the commas, points, apostrophes and spaces in a file's numbers mean: decided by all of its cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genepool.adapters.files.number_cells import MARKS
from genepool.adapters.files.tables import shown
from genepool.errors import InvalidCandles

DECIMAL, THOUSANDS = "decimals", "thousands"


def told(decimal: str, thousands: str) -> dict[str, str]:
    """Return meaning by mark, as the user says it; either may be empty."""
    said = {decimal: DECIMAL, thousands: THOUSANDS}
    return {mark: meaning for mark, meaning in said.items() if mark}


@dataclass(slots=True)
class MarkEvidence:
    """What the cells of one group of columns show.

    Parameters
    ----------
    source
        Name of the file, for messages.
    meanings
        Meaning by mark, as far as it is known.
    """

    source: str
    meanings: dict[str, str]
    _where: dict[str, str] = field(default_factory=dict)

    def note(self, mark: str, meaning: str, row: int, role: str, text: object) -> None:
        """Learn what a cell shows.

        Raises
        ------
        InvalidCandles
            When it contradicts the user or an earlier cell.
        """
        if not mark:
            return
        held = self.meanings.get(mark)
        other = next((known for known, its in self.meanings.items() if its == meaning != held), mark)
        if held not in {None, meaning} or (meaning == DECIMAL and other != mark):
            before = self._where.get(other, "what you said")
            raise InvalidCandles(
                f"{self.source}, row {row}: {role} is {shown(text)}, where the {MARKS[mark]} stands before "
                f"{meaning}, against {before}: write all numbers alike, or correct --decimal or --thousands"
            )
        self.meanings[mark] = meaning
        self._where.setdefault(mark, f"row {row}")


def meaning_of(mark: str, meanings: Mapping[str, str]) -> str | None:
    """Return what a mark means where others are known; None when they leave it open.

    A file has one sign before decimals, and one between thousands.
    """
    if mark in meanings:
        return meanings[mark]
    if DECIMAL in meanings.values():
        return THOUSANDS
    return DECIMAL if THOUSANDS in meanings.values() and mark in ".," else None


def together(groups: Mapping[str, MarkEvidence]) -> dict[str, str]:
    """Return what all groups of columns agree on."""
    joined: dict[str, set[str]] = {}
    for evidence in groups.values():
        for mark, meaning in evidence.meanings.items():
            joined.setdefault(mark, set()).add(meaning)
    return {mark: next(iter(meanings)) for mark, meanings in joined.items() if len(meanings) == 1}
