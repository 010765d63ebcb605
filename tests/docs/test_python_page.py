"""The examples of docs/python.md, the cells of its notebook and docstrings do what they say."""

import doctest
import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from tests.fakes.cells import run_cells
from tests.fakes.programs import environment
from tests.fakes.service import live_service

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "python.md").read_text(encoding="utf-8")
MODULES = [
    "genepool",
    *(
        f"genepool.notebook.{name}"
        for name in ("backtesting", "catalogue", "client", "evolving", "own", "reading")
    ),
]


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path) -> Iterator[None]:
    with mock.patch.dict(os.environ, environment(tmp_path)):
        yield


def cells(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_every_example_of_the_page_runs_in_one_notebook(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here, _, of_service = PAGE.partition("\n## A service\n")
    with live_service(tmp_path / "service") as service:
        opened = (
            "import os\n"
            f"os.environ['GENEPOOL_SERVICE_URL'] = {service.address!r}\n"
            f"os.environ['GENEPOOL_SERVICE_KEY'] = {service.keys['run']!r}"
        )
        held = run_cells([*cells(here), opened, *cells(of_service), "client.close()"])
    assert len(held["mine"].leaderboard) > 0
    assert "tomorrow@" in capsys.readouterr().out


def test_the_notebook_runs_and_keeps_no_output() -> None:
    book = nbformat.read(DOCS / "python.ipynb", as_version=4)  # type: ignore[no-untyped-call] # no types
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), "clear the outputs"
    run_cells([cell.source for cell in code])


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_say_what_comes_out(name: str) -> None:
    found = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted > 0
    assert found.failed == 0
