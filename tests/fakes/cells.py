"""Cells of a notebook, run by the shell that a kernel runs them by."""

import sys
from collections.abc import Sequence
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


def run_cells(cells: Sequence[str]) -> dict[str, Any]:
    """Run cells in order, in a namespace of their own, and return it; raise what a broken one raises."""
    settings = Config()
    settings.HistoryManager.enabled = False
    # The shell puts a module of its own in the place of __main__.
    main = sys.modules["__main__"]
    try:
        shell = InteractiveShell(config=settings)  # type: ignore[no-untyped-call] # IPython leaves it so
        for cell in cells:
            shell.run_cell(cell, store_history=False).raise_error()  # type: ignore[no-untyped-call] # as above
        namespace: dict[str, Any] = shell.user_ns
        return namespace
    finally:
        sys.modules["__main__"] = main
