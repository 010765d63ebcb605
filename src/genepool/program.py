"""How the user calls this program from where they stand; every sentence that names a command asks here."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_NAME = "genepool"
# Words with which a user outside the container calls the program inside it; docker-compose.yml sets them.
_FROM_OUTSIDE = "GENEPOOL_CALLED_AS"
# What the system names as the parent of a process that was started from outside the container.
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where the user stands.

    Parameters
    ----------
    started_as
        The first word of the process, ``sys.argv[0]``.
    python
        The interpreter.
    folder
        The folder that the user is in.
    which
        Finds a program by its name, as a shell would.
    from_outside
        The words that reach this program from outside its container; empty without a container, and for
        a user who has a shell inside it.
    """

    started_as: str
    python: str
    folder: Path
    which: Callable[[str], str | None] = shutil.which
    from_outside: str = ""


def program() -> str:
    """Return the words that call this program again from where the user stands."""
    started_there = os.getppid() == _NOBODY
    try:
        folder = Path.cwd()
    except OSError:
        folder = Path("/")
    outside = os.environ.get(_FROM_OUTSIDE, "") if started_there else ""
    return spelled(Standpoint(sys.argv[0], sys.executable, folder, from_outside=outside))


def spelled(at: Standpoint) -> str:
    """Return the words that call the program from a standpoint, quoted for a POSIX shell."""
    if at.from_outside:
        return at.from_outside
    script = _script(at)
    if script is None:
        return _NAME if _is_something_else(at) else f"{_python(at)} -m {_NAME}"
    found = at.which(_NAME)
    if found is not None and _same(Path(found), at.folder / script):
        return _NAME
    return shlex.quote(_as_seen_from(at.folder, script))


def _script(at: Standpoint) -> Path | None:
    """Return the installed command that was called, or that lies beside the interpreter; None without one."""
    called = Path(at.started_as)
    if called.stem == _NAME:
        return called if len(called.parts) > 1 else None
    beside = Path(at.python).with_name(_NAME)
    return None if _is_something_else(at) or not beside.is_file() else beside


def _is_something_else(at: Standpoint) -> bool:
    """Whether the process is neither the command nor one of the two modules that stand for it."""
    called = Path(at.started_as)
    module = called.name == "__main__.py" and called.parent.name == _NAME
    return not module and called.name != "genetic_strategy_pool.py"


def _python(at: Standpoint) -> str:
    found = at.which("python")
    if found is not None and _same(Path(found), Path(at.python)):
        return "python"
    return shlex.quote(_as_seen_from(at.folder, Path(at.python)))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _as_seen_from(folder: Path, path: Path) -> str:
    """Return the shorter of both spellings: from the folder, where the path lies in it, or the whole."""
    whole = folder / path
    return str(whole.relative_to(folder)) if whole.is_relative_to(folder) else str(whole)
