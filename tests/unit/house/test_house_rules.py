"""The rules of the house that no other tool checks."""

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_FILE = 350
LONGEST_MEDIAN = 80


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_file_is_longer_than_350_lines(path: Path) -> None:
    assert lines(path) <= LONGEST_FILE


def test_the_median_source_file_is_short() -> None:
    lengths = sorted(lines(path) for path in SOURCES)
    assert lengths[len(lengths) // 2] <= LONGEST_MEDIAN


def test_src_is_no_package() -> None:
    assert not (ROOT / "src" / "__init__.py").exists()


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert not [path for path in SOURCES if name in {path.stem, path.parent.name}]


def test_every_public_class_name_means_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(path.relative_to(ROOT / "src").as_posix())
    assert {name: defined for name, defined in places.items() if len(defined) > 1} == {}


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        path for path in SOURCES if path.name == "__init__.py" and not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_the_launcher_defines_nothing() -> None:
    text = (ROOT / "src/execution/genetic_strategy_pool.py").read_text()
    assert not re.search(r"^(def|class) ", text, re.MULTILINE)


def test_the_launcher_does_nothing_in_a_worker_that_imports_it_again() -> None:
    runpy.run_path(str(ROOT / "src/execution/genetic_strategy_pool.py"), run_name="__mp_main__")


def test_what_systems_do_differently_is_asked_in_few_places() -> None:
    asked = re.compile(r"sys\.platform|\bos\.name\b|hasattr\((os|signal|socket|sys)\b|import platform")
    asking = {
        path.relative_to(ROOT / "src/genepool").as_posix()
        for path in SOURCES
        if asked.search(path.read_text())
    }
    assert asking == {
        "adapters/journal/disk.py",
        "adapters/local/machine.py",
        "adapters/local/signals.py",
        "adapters/ray/actor.py",
    }


def test_every_make_target_has_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert phony == described


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name != "dev"}
    declared = [*project["dependencies"], *(line for wanted in extras.values() for line in wanted)]
    names = {re.split(r"[<>=\[]", line)[0] for line in declared}
    page = (ROOT / "docs/dependencies.md").read_text()
    assert {name for name in names if f"| {name} |" not in page} == set()


def test_every_direct_dependency_is_pinned_without_an_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = (ROOT / "constraints.txt").read_text().lower()
    names = {re.split(r"[<>=\[]", line)[0] for line in project["dependencies"]}
    assert {name for name in names if not re.search(rf"^{name}==", pins, re.MULTILINE)} == set()
    assert "://" not in pins


def test_every_setting_is_in_the_example_environment() -> None:
    from genepool.settings import Settings  # noqa: PLC0415 - the other rules must hold without an import

    example = (ROOT / ".env.example").read_text()
    assert {name for name in Settings.model_fields if f"GENEPOOL_{name.upper()}=" not in example} == set()


# What is tested beside the package: its tools, and the house itself.
BESIDE = {"benchmarks", "house", "infrastructure", "monitoring", "scripts"}


def test_unit_tests_lie_where_their_subject_does() -> None:
    unit, package = ROOT / "tests/unit", ROOT / "src/genepool"
    rooms = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    assert [
        str(room) for room in sorted(rooms) if str(room) not in BESIDE and not (package / room).is_dir()
    ] == []
