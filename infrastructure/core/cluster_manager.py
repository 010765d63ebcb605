"""``python infrastructure/core/cluster_manager.py``: manage the cluster from outside it."""

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

# Started by its path, Python looks for modules beside this file; ours begin at the repository.
ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
NEEDED = ("typer", "prometheus_client", "genepool")
UNUSABLE = 2


def lacking() -> list[str]:
    """Return what this interpreter would have to have and has not."""
    return [name for name in NEEDED if find_spec(name) is None]


def go_where_it_works() -> None:
    """Become the interpreter that `make run` set up when this one lacks a package; leave without one."""
    missing = lacking()
    if not missing:
        return
    # A link to the system's interpreter, so the environments are compared and not their files.
    if PYTHON.exists() and Path(sys.prefix) != PYTHON.parents[1]:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 - our own environment, no shell
    sys.stderr.write(
        f"error: the cluster manager needs {', '.join(missing)}, which {sys.executable} has not: set the "
        f"environment up with `make -C {shlex.quote(str(ROOT))} .venv/.core`, and call this again\n"
    )
    sys.exit(UNUSABLE)


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    go_where_it_works()
    from infrastructure.core.commands import run

    run()
