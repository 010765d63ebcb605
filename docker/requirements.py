"""Print what an image installs besides GenePool itself, a requirement a line, from pyproject.toml."""  # noqa: INP001 - a program of the image build

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# All of the core that a worker imports: the search, the history and the reports stay with the coordinator.
WORKER = ("numpy", "numba")
WORKER_EXTRA = "ray"
COORDINATOR_EXTRA = "platform"


def name_of(requirement: str) -> str:
    """Return the distribution that a requirement names."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def expanded(project: dict[str, Any], extra: str) -> Iterator[str]:
    """Yield the requirements of an extra; one that refers to extras of the project yields theirs."""
    for line in project["optional-dependencies"][extra]:
        if name_of(line) != project["name"]:
            yield line
            continue
        for part in line.partition("[")[2].rstrip("]").split(","):
            yield from expanded(project, part.strip())


def requirements(project: dict[str, Any], image: str) -> list[str]:
    """Return the requirements of an image.

    Parameters
    ----------
    project
        The table ``project`` of pyproject.toml.
    image
        ``node`` for a worker, anything else for the coordinator.
    """
    core = project["dependencies"]
    if image == "node":
        return [line for line in core if name_of(line) in WORKER] + list(expanded(project, WORKER_EXTRA))
    return [*core, *expanded(project, COORDINATOR_EXTRA)]


if __name__ == "__main__":
    described = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.writelines(f"{line}\n" for line in requirements(described["project"], sys.argv[2]))
