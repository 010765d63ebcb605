"""Every call of the cluster manager that the documents show is one that it understands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from infrastructure.core.commands import app

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "cluster_manager.py"
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "infrastructure").rglob("*.md")]


def shown(text: str) -> Iterator[list[str]]:
    """Yield the arguments of each call in blocks of code and between backticks; bare mentions have none."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    spans = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for line in (*lines, *(" ".join(span.split()) for span in spans)):
        yield from arguments(shlex.split(line, comments=True) if PROGRAM in line else [])


def arguments(words: list[str]) -> Iterator[list[str]]:
    """Yield what follows the program's name; `ray exec` is given a whole line as one word."""
    for place, word in enumerate(words):
        if word.endswith(PROGRAM):
            yield from [words[place + 1 :]] if words[place + 1 :] else []
        elif PROGRAM in word:
            yield from arguments(shlex.split(word))


def understand(words: list[str]) -> None:
    """Read the flags as the program does, and do nothing with them."""
    program: Any = typer.main.get_command(app)
    context = program.make_context(PROGRAM, list(words))
    _, command, rest = program.resolve_command(context, list(words))
    command.make_context(command.name, rest, parent=context)


CALLS = sorted({tuple(call) for page in PAGES for call in shown(page.read_text(encoding="utf-8"))})


def test_the_documents_show_every_command_and_both_platforms() -> None:
    assert {call[0] for call in CALLS} == {"status", "health", "scale", "drain", "autoscale", "cost"}
    assert ("autoscale", "--platform", "ray", "--min", "2", "--max", "8") in CALLS


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_documented_call_is_understood(call: tuple[str, ...]) -> None:
    understand(list(call))


@pytest.mark.parametrize(
    "line",
    [
        "`cluster_manager.py --platform ray autoscale`",
        "`cluster_manager.py autoscale\n--platform ray`",
        "```bash\nray exec x.yaml 'python infrastructure/core/cluster_manager.py drain'\n```",
    ],
    ids=["flag before the command", "no bounds", "no node"],
)
def test_a_call_that_would_leave_with_2_is_found_out(line: str) -> None:
    (call,) = shown(line)
    with pytest.raises(Exception, match=r"No such option|Missing") as refused:
        understand(call)
    assert getattr(refused.value, "exit_code", None) == 2
