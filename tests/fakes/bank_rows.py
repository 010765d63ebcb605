"""Rows as the indicator bank hands them out."""

from typing import Any, TypeVar

import numpy.typing as npt

Row = TypeVar("Row", bound=npt.NDArray[Any])


def kept(row: Row) -> Row:
    """Return a row read-only, as the bank keeps it: for another type a kernel would be compiled anew."""
    view = row.view()
    view.flags.writeable = False
    return view
