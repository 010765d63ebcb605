"""`make up` and `make doctor` are run with the host's Python, which has no package."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = "infrastructure.core.compose"
SHARED = {f"{COMPOSE}.addresses", f"{COMPOSE}.containers"}
FILES = [
    *sorted((ROOT / "scripts/stack").glob("*.py")),
    *(ROOT / f"{module.replace('.', '/')}.py" for module in sorted(SHARED)),
]


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_the_hosts_python_runs_imports_the_standard_library_alone(path: Path) -> None:
    foreign = {
        module
        for module in imported(path) - SHARED
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("scripts.stack")
    }
    assert foreign == set()
