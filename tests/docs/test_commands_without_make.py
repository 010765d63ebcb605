"""The README's commands for a desk without ``make`` do what ``make`` does, in each shell."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def blocks() -> list[list[str]]:
    """Return the lines of each shell block between the first section's start and its end."""
    section = README.split("**Without `make`**")[1].split("\n## ")[0]
    return [block.splitlines() for block in re.findall(r"```(?:sh|powershell)\n(.*?)```", section, re.DOTALL)]


def test_uv_and_pip_need_two_commands_each() -> None:
    assert [len(block) for block in blocks()] == [2, 2, 2]


def test_each_evolves_what_make_run_evolves() -> None:
    (run,) = re.findall(r"genepool (evolve .*) \$\(ARGS\)$", MAKEFILE, re.MULTILINE)
    assert [evolve.partition("genepool ")[2] for _, evolve in blocks()] == [run] * 3


def test_each_installs_the_pinned_versions() -> None:
    for install, _ in blocks():
        assert install.endswith("pip install --constraint constraints.txt --editable .")


def test_powershell_differs_from_sh_in_its_paths_alone() -> None:
    _, sh, powershell = blocks()
    assert powershell == [
        line.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\") for line in sh
    ]
