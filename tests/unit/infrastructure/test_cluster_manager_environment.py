"""The cluster manager works with what `make run` sets up, and with any Python beside it."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "infrastructure/core"
EXTRAS = ("ray", "psycopg", "redis", "grafana_api", "matplotlib", "ccxt")
COMMANDS = ("status", "health", "scale", "drain", "autoscale", "cost")
# Imported where it is needed, with a sentence where it is not there: --platform ray alone asks for it.
LATE = {"ray"}


def imported(path: Path) -> set[str]:
    """Return the packages that a module imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found - sys.stdlib_module_names - {"genepool", "infrastructure"}


@pytest.mark.slow
def test_it_imports_nothing_that_the_core_does_not_bring() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {re.split(r"[<>=\[]", line)[0] for line in project["dependencies"]}
    owners = packages_distributions()
    foreign = {name for path in FOLDER.glob("*.py") for name in imported(path)} - LATE
    assert foreign
    brought = {name for name in foreign if core & {owner.replace("_", "-").lower() for owner in owners[name]}}
    assert foreign - brought == set()


@pytest.mark.slow
def test_every_command_answers_without_any_extra() -> None:
    program = (
        f"import sys; sys.path[0] = {str(ROOT)!r}; sys.modules.update(dict.fromkeys({EXTRAS!r}));"
        "from typer.testing import CliRunner; from infrastructure.core.commands import app\n"
        f"for name in {COMMANDS!r}: assert 'Usage' in CliRunner().invoke(app, [name, '--help']).output"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with the program alone, in a folder with a space."""
    folder = tmp_path / "my checkout"
    (folder / "infrastructure/core").mkdir(parents=True)
    shutil.copy(FOLDER / "cluster_manager.py", folder / "infrastructure/core")
    return folder


def called_without_packages(checkout: Path) -> "subprocess.CompletedProcess[str]":
    """Call it with an interpreter that has the standard library alone."""
    words = [sys.executable, "-I", "-S", str(checkout / "infrastructure/core/cluster_manager.py"), "status"]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_plain_python_without_the_environment_says_how_to_set_it_up(checkout: Path) -> None:
    done = called_without_packages(checkout)
    assert done.returncode == 2
    assert "needs typer, prometheus_client, genepool" in done.stderr
    assert f"make -C '{checkout}' .venv/.core" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_plain_python_becomes_that_of_the_environment(checkout: Path) -> None:
    python = checkout / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "called with $2"\n')
    python.chmod(0o755)
    assert called_without_packages(checkout).stdout == "called with status\n"
