"""The program starts with no more than what a command needs, and lists all of them without importing any."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup

import genepool.cli
from genepool.cli import _commands, serve
from genepool.cli._commands import COMMANDS, loaded
from tests.fakes.programs import environment, here

# What Typer and Rich bring along is theirs to choose; none of it computes, stores or validates.
HELP_TAKES = {
    "annotated_doc",
    "attr",
    "genepool",
    "markdown_it",
    "mdurl",
    "pygments",
    "rich",
    "shellingham",
    "typer",
}
HELP_TAKES_OF_OURS = {
    "genepool",
    "genepool.adapters",
    "genepool.adapters.local",
    "genepool.adapters.local.threads",
    "genepool.cli",
    "genepool.cli._app",
    "genepool.cli._commands",
    "genepool.cli._output",
    "genepool.cli.version",
    "genepool.collector",
    "genepool.errors",
    "genepool.remedies",
    "genepool.scheduling",
    "genepool.scheduling.threads",
}
# What the list of runs must do without: nothing of it is computed.
COMPUTES = {"numba", "llvmlite", "numpy", "scipy", "deap", "jinja2", "pandas", "pyarrow"}

PROGRAM = """
import json, sys
before = set(sys.modules)
from genepool.cli import main
found = {}
for words in json.loads(sys.argv[1]):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as left:
        code = left.code
    found[words[0]] = [code, sorted(set(sys.modules) - before - sys.stdlib_module_names)]
print(json.dumps(found), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what a fresh process has imported after each of three commands; one process for all."""
    folder = tmp_path_factory.mktemp("start")
    assert here(folder, "runs").code == 0, "which makes the history: later starts find it made"
    words = json.dumps([["--version"], ["--help"], ["runs"]])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, words], capture_output=True, text=True, check=True,
        env=environment(folder) | {"GENEPOOL_DATABASE_URL": ""}, cwd=folder,
    )  # fmt: skip
    found: dict[str, list[Any]] = json.loads(done.stderr.splitlines()[-1])
    assert [code for code, _ in found.values()] == [0, 0, 0], done.stderr
    return {command: set(modules) for command, (_, modules) in found.items()}


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names


@pytest.mark.parametrize("command", ["--version", "--help"])
@pytest.mark.slow
def test_version_and_help_are_told_with_the_command_lines_own_libraries_alone(
    imported: dict[str, set[str]], command: str
) -> None:
    assert packages(imported[command]) <= HELP_TAKES
    ours = {name for name in imported[command] if name.partition(".")[0] == "genepool"}
    assert ours <= HELP_TAKES_OF_OURS


def test_runs_are_listed_without_what_computes(imported: dict[str, set[str]]) -> None:
    assert packages(imported["runs"]) & COMPUTES == set()
    assert "sqlalchemy.dialects.postgresql" not in imported["runs"], "the history is a file"


def test_every_module_without_an_underscore_is_a_command_but_that_of_the_programs_own_options() -> None:
    modules = {info.name for info in pkgutil.iter_modules(genepool.cli.__path__)}
    assert {name for name in modules if not name.startswith("_")} == {*COMMANDS, "version"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_by_the_first_line_of_its_own_help(name: str) -> None:
    command = loaded(name)
    assert command.name == name
    assert command.help.split("\n\n")[0] == COMMANDS[name]
    assert not any((command.hidden, command.deprecated, command.rich_help_panel))


def test_commands_come_before_groups_each_by_the_alphabet() -> None:
    assert list(COMMANDS) == sorted(COMMANDS, key=lambda name: (isinstance(loaded(name), TyperGroup), name))


def test_the_coordinator_does_without_the_modules_of_the_command_line() -> None:
    source = Path(serve.__file__).read_text(encoding="utf-8")
    assert "genepool.pool" in source
    assert "genepool.cli" not in source


def test_a_command_that_nobody_has_is_answered_with_those_that_look_like_it(tmp_path: Path) -> None:
    said = here(tmp_path, "runz")
    assert said.code == 2
    assert "No such command 'runz'. Did you mean 'runs'" in said.err


def test_a_module_that_forgot_to_register_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("genepool.cli.runs.register")
    with pytest.raises(TypeError, match=r"genepool\.cli\.runs must export register"):
        _commands.loaded("runs")


def test_a_wrong_setting_is_told_before_a_command_begins_and_hides_neither_help_nor_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_LOG_LEVEL", "loud")
    refused = here(tmp_path, "strategies")
    assert (refused.code, refused.out) == (2, "")
    assert "GENEPOOL_LOG_LEVEL is 'loud'" in refused.err
    assert [here(tmp_path, words).code for words in ("--help", "--version")] == [0, 0]
