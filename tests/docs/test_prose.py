"""Prose names the actor and uses the plain verb, as CONTRIBUTING.md asks."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/**/*.md",
        "infrastructure/**/*.md",
        "docker-compose*.yml",
        "docker/**/*.sh",
        "docker/Dockerfile",
        "Makefile",
        "monitoring/**/*.yml",
        "monitoring/**/*.json",
    )
    for path in ROOT.glob(pattern)
)
SPEAKING = ("src", "docker", "infrastructure", "monitoring", "scripts", "benchmarks")
IDIOMS = {
    "whoever": r"\bwhoever\b",
    "carry on": r"\bcarr(?:y|ies|ied|ying)\b(?:\s+\w+){0,3}?\s+on\b",
    "go on": r"\b(?:go|goes|going|gone|went)\s+on\b",
    "take note": r"\b(?:take|takes|taken|taking|took)\s+note\b",
    "shall": r"\bshall\b",
    "who has ... does": r"(?:^|[.;:|]\s+|\n\s*\n)who\s+(?:has|have|is|needs|wants|holds|asks|reads|may)\b",
    "elder claim": r"\belder\s+(?:claim|one|coordinator)",
    "lately": r"\blately\b",
}


CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
# CONTRIBUTING.md quotes what it advises against.
BEFORE_AND_AFTER = re.compile(r"^\| not \| but \|\n(?:\|.*\n)+", re.MULTILINE)


def matching(text: str) -> list[str]:
    """Return the idioms whose words a text holds, in code or not."""
    return [name for name, pattern in IDIOMS.items() if re.search(pattern, text, re.IGNORECASE)]


def idioms_in(text: str) -> list[str]:
    """Return the idioms that a text uses outside of code and of quotations."""
    return matching(CODE.sub("", BEFORE_AND_AFTER.sub("", text)))


def idioms_in_module(source: str, *, speaking: bool = True) -> list[str]:
    """Return the idioms of its prose; most modules need not be parsed for that."""
    if not matching(re.sub(r"\n\s*#\s*|\"\s*\n\s*f?\"", "\n", source)):
        return []
    # A docstring is a text too.
    return sorted({name for text in prose_of(source, speaking=speaking) for name in idioms_in(text)})


def prose_of(source: str, *, speaking: bool) -> Iterator[str]:
    """Yield a module's docstrings, its comments as one text, and what it says on the screen if it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""
        elif speaking and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    comments = [
        token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    ]
    yield "\n".join(comments)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_a_page_uses_no_idiom(page: Path) -> None:
    assert idioms_in(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("room", [*SPEAKING, "tests"])
def test_a_room_uses_no_idiom(room: str) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    found = {
        relative(path): used
        for path in modules
        if (used := idioms_in_module(path.read_text(encoding="utf-8"), speaking=room in SPEAKING))
    }
    assert modules
    assert found == {}


@pytest.mark.parametrize(
    ("text", "idiom"),
    [
        ("Whoever is idle pulls.", "whoever"),
        ("It carries this run\non.", "carry on"),
        ("The run goes on.", "go on"),
        ("Take note of it.", "take note"),
        ("Nodes shall not be busy.", "shall"),
        ("It waits. Who has nothing left takes more.", "who has ... does"),
        ("An elder claim changes nothing.", "elder claim"),
        ("What one cost lately.", "lately"),
    ],
)
def test_each_idiom_is_seen(text: str, idiom: str) -> None:
    assert idioms_in(text) == [idiom]


def test_a_module_is_judged_by_its_docstrings_comments_and_texts() -> None:
    assert idioms_in_module('"""It carries the run\non."""') == ["carry on"]
    assert idioms_in_module("# It carries the run\n# on.\n") == ["carry on"]
    assert idioms_in_module('said = ("it goes "\n    "on")') == ["go on"]
    assert idioms_in_module('said = f"run {run} goes on"') == ["go on"]
    assert idioms_in_module('said = "it goes on"', speaking=False) == []


def test_names_in_code_and_plain_words_are_no_idioms() -> None:
    assert idioms_in("`carry_on` ends with `runs go on`; the user who has the token goes home.") == []
