"""The picture of the rooms shows what the code imports."""

from pathlib import Path

import pytest

from scripts.picture_of_rooms import Imports, arrows, drawn, imports_of_rooms, placed

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
# cli imports both others; that it imports market follows from the other two arrows.
THREE: Imports = {
    "cli": frozenset({"pool", "market"}),
    "pool": frozenset({"market", "genome"}),
    "market": frozenset(),
}


def test_the_page_shows_the_imports_of_the_code() -> None:
    assert placed(PAGE, drawn(imports_of_rooms())) == PAGE, "run: python -m scripts.picture_of_rooms"


def test_an_import_that_follows_from_others_has_no_arrow() -> None:
    assert arrows(THREE) == [("cli", "pool"), ("pool", "market")]


def test_an_import_without_an_arrow_is_in_the_table() -> None:
    assert "| `cli` | `market`, `pool` |" in drawn(THREE)
    assert "| `pool` | `genome`, `market` |" in drawn(THREE)


def test_a_new_import_changes_what_is_shown() -> None:
    assert drawn({**THREE, "cli": frozenset({"pool"})}) != drawn(THREE)


def test_a_circle_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="a circle: market, pool"):
        arrows({**THREE, "market": frozenset({"pool"})})


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks"):
        placed("nothing", "new")
