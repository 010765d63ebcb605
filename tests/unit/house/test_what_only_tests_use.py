"""What only tests use lies with the tests: whatever src defines is used by the program or its tools."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM, TOOLS = "src", ("scripts", "benchmarks", "infrastructure", "monitoring", "docker")
# Alembic calls what it finds in them.
MIGRATIONS = "migrations/versions"
PROSE = re.compile(r'"""(?:.|\n)*?"""|#.*')
DEFINED = re.compile(r"^(?:def|class) ([A-Za-z]\w*)|^([A-Za-z]\w*)(?:: [^=\n]+)? = ", re.MULTILINE)
# What a package passes on is not used by that.
PASSED_ON = re.compile(r"^from \S+ import (?:\([^)]*\)|.*)|^__all__ = \[[^]]*\]", re.MULTILINE)
WORD = re.compile(r"[A-Za-z_]\w*")


def code(folder: str) -> dict[Path, str]:
    """Return each file without comments and docstrings, and without what a package passes on."""
    texts = {path: PROSE.sub("", path.read_text()) for path in (ROOT / folder).rglob("*.py")}
    return {
        path: PASSED_ON.sub("", text) if path.name == "__init__.py" else text for path, text in texts.items()
    }


def defined(text: str) -> list[str]:
    """Return the public names of a module's text."""
    return [function or constant for function, constant in DEFINED.findall(text)]


def unused(program: dict[Path, str], tools: dict[Path, str]) -> dict[str, Path]:
    """Return the names that stand nowhere but where they are defined."""
    words = Counter(word for text in (*program.values(), *tools.values()) for word in WORD.findall(text))
    places = [
        (name, path)
        for path, text in program.items()
        if MIGRATIONS not in path.as_posix()
        for name in defined(text)
    ]
    times = Counter(name for name, _ in places)
    return {name: path for name, path in places if words[name] <= times[name]}


def test_all_that_src_defines_is_used_by_more_than_tests() -> None:
    tools = {path: text for folder in TOOLS for path, text in code(folder).items()}
    # What is exported calls the package from outside of it.
    exported = {path: path.read_text() for path in (ROOT / PROGRAM).rglob("targets/templates/*/*.py.j2")}
    assert exported
    assert unused(code(PROGRAM), tools | exported) == {}


def test_a_name_that_stands_only_where_it_is_defined_is_found() -> None:
    one = {Path("a.py"): "def used() -> None: ...\ndef forgotten() -> None: ...\nLIMIT: int = 3\n"}
    assert list(unused(one, {})) == ["used", "forgotten", "LIMIT"]
    assert list(unused(one, {Path("b.py"): "from a import LIMIT, used\n"})) == ["forgotten"]
