"""The command that a sentence names is one that works from where the user stands."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from genepool.program import Standpoint, program, spelled

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = "src/execution/genetic_strategy_pool.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose environment is set up, as `make run` leaves it."""
    for name in ("genepool", "python"):
        file = tmp_path / ".venv" / "bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return tmp_path


def on_path(folder: Path) -> Callable[[str], str | None]:
    return lambda name: str(folder / name) if (folder / name).exists() else None


def nowhere(_name: str) -> None:
    return None


def test_without_an_activated_environment_it_is_the_path_that_the_user_or_make_called(checkout: Path) -> None:
    at = Standpoint(".venv/bin/genepool", str(checkout / ".venv/bin/python"), checkout, nowhere)
    assert spelled(at) == ".venv/bin/genepool"


def test_in_an_activated_environment_it_is_one_word(checkout: Path) -> None:
    called = str(checkout / ".venv/bin/genepool")
    at = Standpoint(called, str(checkout / ".venv/bin/python"), checkout, on_path(checkout / ".venv/bin"))
    assert spelled(at) == "genepool"


@pytest.mark.parametrize("module", [f"{ROOT}/{LAUNCHER}", "/lib/genepool/__main__.py"])
def test_the_two_modules_that_stand_for_it_name_the_command_beside_their_interpreter(
    checkout: Path, module: str
) -> None:
    python = str(checkout / ".venv/bin/python")
    assert spelled(Standpoint(module, python, checkout, nowhere)) == ".venv/bin/genepool"
    activated = Standpoint(module, python, checkout, on_path(checkout / ".venv/bin"))
    assert spelled(activated) == "genepool"


def test_another_genepool_on_the_path_is_not_the_one_that_was_called(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "genepool").write_text("")
    at = Standpoint(".venv/bin/genepool", str(checkout / ".venv/bin/python"), checkout, on_path(other))
    assert spelled(at) == ".venv/bin/genepool"


def test_from_another_folder_the_whole_path_is_named_and_quoted(checkout: Path, tmp_path: Path) -> None:
    spaced = tmp_path / "my strategies"
    (spaced / "bin").mkdir(parents=True)
    at = Standpoint(f"{spaced}/bin/genepool", f"{spaced}/bin/python", checkout / ".venv", nowhere)
    assert spelled(at) == shlex.quote(f"{spaced}/bin/genepool")


def test_an_environment_without_the_command_calls_the_module(checkout: Path) -> None:
    (checkout / ".venv/bin/genepool").unlink()
    python = str(checkout / ".venv/bin/python")
    module = "/lib/genepool/__main__.py"
    assert spelled(Standpoint(module, python, checkout, nowhere)) == ".venv/bin/python -m genepool"
    assert spelled(Standpoint(module, python, checkout, on_path(checkout / ".venv/bin"))) == (
        "python -m genepool"
    )


def test_a_user_of_docker_exec_is_shown_commands_through_docker_exec() -> None:
    words = "docker compose exec genetic-pool genepool"
    at = Standpoint("/opt/genepool/bin/genepool", "/opt/genepool/bin/python", Path("/app"), nowhere, words)
    assert spelled(at) == words


def test_a_user_with_a_shell_in_the_container_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENEPOOL_CALLED_AS", "docker compose exec genetic-pool genepool")
    monkeypatch.setattr(sys, "argv", ["genepool"])
    assert program() == "genepool"
    monkeypatch.setattr(os, "getppid", lambda: 0)
    assert program() == "docker compose exec genetic-pool genepool"


def test_a_program_that_only_uses_ours_names_it_plainly() -> None:
    assert spelled(Standpoint("/usr/bin/pytest", sys.executable, Path("/"), nowhere)) == "genepool"


@pytest.mark.slow
def test_the_named_command_can_be_called(tmp_path: Path) -> None:
    environment = {**os.environ, "GENEPOOL_HOME": str(tmp_path)}
    asked = [sys.executable, "-m", "genepool", "runs"]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    command = shlex.split(done.stdout.replace("\n", " ").split("`")[1])
    assert command[-1] == "evolve"
    subprocess.run([*command, "--help"], cwd=ROOT, env=environment, capture_output=True, check=True)
