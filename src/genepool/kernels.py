"""The one way in which this project compiles a numeric loop.

No ``fastmath`` and no ``parallel``: both change bits between machines or thread counts. Division by
zero yields inf or nan instead of an exception, so every kernel guards its own denominators.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def kernel(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a sequential loop over float64 columns on its first call, cached per machine."""
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("Callable[_Parameters, _Result]", compiled)


def allocation_free(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a loop that only writes into arrays it was given, without counting references to them.

    As ``kernel`` otherwise. Where small kernels call each other often, counting costs more than the
    arithmetic (4 times, measured on the simulator). One that allocates does not compile.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    compiled = numba.njit(**options)(function)
    return cast("Callable[_Parameters, _Result]", compiled)
