"""The one way in which this project compiles a numeric loop.

No ``fastmath`` and no ``parallel``: both change bits between machines or thread counts. Division by
zero yields inf or nan instead of an exception, so every kernel guards its own denominators.

Compiled code is cached per machine. numba looks only at the file of the kernel that is called, not at
the kernels that it calls in turn, so the cache lives in a folder named by all sources that hold any:
after an update nothing runs what an earlier version compiled.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, ParamSpec, TypeVar, cast

import numba

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")

_CONFIG = cast("Any", numba.config)
_PACKAGE = Path(__file__).parent
# Packages whose modules hold kernels.
_ROOMS = ("indicators", "strategies", "backtest", "evolution")


def kernel(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a sequential loop over float64 columns on its first call, cached per machine."""
    return _compiled(function)


def allocation_free(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Compile a loop that only writes into arrays it was given, without counting references to them.

    As ``kernel`` otherwise. Where small kernels call each other often, counting costs more than the
    arithmetic (4 times, measured on the simulator). One that allocates does not compile.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Callable[_Parameters, _Result], **options: Any) -> Callable[_Parameters, _Result]:  # noqa: ANN401 - numba's options
    given = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = str(cache_folder())
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    finally:
        # The setting is numba's own and the whole process's: leave it as it was found.
        _CONFIG.CACHE_DIR = given
    return cast("Callable[_Parameters, _Result]", compiled)


@cache
def cache_folder() -> Path:
    """Return the folder of compiled code, named by the sources and the compiler that it came from.

    It lies in ``NUMBA_CACHE_DIR`` when that is set, else beside the package's own bytecode, else,
    where that cannot be written to, in the user's cache, and as the last resort in a temporary folder
    of this process. Never in one that others can write to: what lies there is run.
    """
    state = hashlib.sha256(numba.__version__.encode())
    for path in (
        Path(__file__),
        *(path for room in _ROOMS for path in sorted((_PACKAGE / room).glob("*.py"))),
    ):
        state.update(path.name.encode() + path.read_bytes())
    name = f"kernels-{state.hexdigest()[:16]}"
    given = _CONFIG.CACHE_DIR
    for parent in [Path(given)] if given else [_PACKAGE / "__pycache__", *_of_the_user()]:
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".writable").touch()
        except OSError:
            continue
        return folder
    return Path(mkdtemp(prefix=f"genepool-{name}-"))


def _of_the_user() -> list[Path]:
    try:
        return [Path.home() / ".cache" / "genepool"]
    except RuntimeError:  # no home folder, as in some containers
        return []
