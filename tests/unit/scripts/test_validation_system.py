"""The checklist is gone through to its end, whatever breaks on the way."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from typing_extensions import override

from genepool.plugins import discover
from infrastructure.core.compose.stack import StackError
from scripts.validation.criterion import verdict
from scripts.validation.stack import LAUNCHER as LAUNCH
from scripts.validation.system import checks
from scripts.validation.system.check import BOTH, Check, Found, go_through
from scripts.validation.system.checks import dashboards
from scripts.validation.system.system import System
from tests.fakes.programs import here

ROOT = Path(__file__).resolve().parents[3]
LAUNCHER = ROOT / "scripts" / "validation" / "comprehensive_system_validation.py"


def broken(_: System) -> Found:
    raise ValueError("nobody answered")


def a_check(name: str, *, passed: bool = True, disturbs: bool = False) -> Check:
    return Check(name, "always", lambda _: Found(passed, "seen"), BOTH, disturbs)


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System("local", tmp_path)


def test_a_check_that_breaks_off_has_failed_and_the_rest_is_checked(system: System) -> None:
    criteria = list(go_through([Check("a", "", broken, BOTH), a_check("b")], system))
    assert [(one.name, one.passed) for one in criteria] == [("a", False), ("b", True)]
    assert "nobody answered" in criteria[0].figure
    assert verdict(criteria) == 5


def test_what_breaks_something_comes_last(system: System) -> None:
    order = go_through([a_check("a", disturbs=True), a_check("b"), a_check("c")], system)
    assert [one.name for one in order] == ["b", "c", "a"]


def test_what_makes_no_sense_here_is_left_out(system: System) -> None:
    assert list(go_through([Check("a", "", broken, ("distributed",))], system)) == []


def test_every_check_is_found_by_its_file() -> None:
    found = discover(checks, "CHECK", Check)
    wanted = {"services", "targets", "evolution", "history", "cache", "dashboards", "worker_killed"}
    assert wanted | {"population", "memory"} <= set(found)
    assert len({check.name for check in found.values()}) == len(found)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("rate(a[$__rate_interval])", "rate(a[5m])"),
        ('a{node=~"$node"}', 'a{node=~".*"}'),
        ('a{node=~"${node:regex}"}', 'a{node=~".*"}'),
        ("sum by (node) (a)", "sum by (node) (a)"),
    ],
)
def test_variables_of_a_dashboard_are_filled_in(written: str, asked: str) -> None:
    assert dashboards.fill_in(written) == asked


def test_most_queries_of_the_dashboards_must_have_data() -> None:
    assert dashboards.judged({"a": 1, "b": 2, "c": 3, "d": 4, "e": 0}).passed
    assert not dashboards.judged({"a": 1, "b": 2, "c": 3, "d": 0}).passed


def test_a_query_that_is_refused_is_named() -> None:
    found = dashboards.judged(dict.fromkeys("abcdefghi", 1) | {"SELECT nothing": None})
    assert not found.passed
    assert "refused: SELECT nothing" in found.figure


def test_statements_are_asked_as_well_as_expressions() -> None:
    asked: list[str] = []

    def refuse(*words: str, **_: object) -> str:
        asked.append(" ".join(words))
        raise StackError("refused")

    stack = SimpleNamespace(inside=refuse, page=refuse)
    found = dashboards.look(cast("System", SimpleNamespace(stack=stack, sample={"run": "the-sample"})))
    assert not found.passed
    assert any("SET ROLE grafana_reader" in words and "'the-sample'" in words for words in asked)


class SmallSystem(System):
    """A laptop whose runs are small and bred in this process."""

    @override
    def evolve(self, **flags: object) -> dict[str, Any]:
        small = {"population_size": 12, "strategies": "donchian_breakout,bollinger_bands", "workers": 1}
        return super().evolve(**flags | small)

    @override
    def _here(self, program: str, *arguments: str, check: bool = True) -> str:
        if arguments[:2] == tuple(LAUNCH[1:]):
            return here(self.folder, "evolve", *arguments[2:]).out
        return super()._here(program, *arguments, check=check)


@pytest.mark.slow
def test_a_laptop_passes_its_own_checklist(tmp_path: Path) -> None:
    local = [check for check in discover(checks, "CHECK", Check).values() if "local" in check.modes]
    criteria = list(go_through(local, SmallSystem("local", tmp_path)))
    assert [one.name for one in criteria if not one.passed] == []
    assert len(criteria) >= 6


@pytest.mark.slow
def test_a_part_of_the_checklist_is_gone_through_and_written_down(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "--mode", "local", "--output", str(tmp_path), "--only", "report"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "system_local.json").read_text(encoding="utf-8"))
    assert document["passed"]
    assert len(document["criteria"]) == 1


def test_an_unknown_check_is_refused_by_name(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "--only", "unheard_of"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "there is no check unheard_of: choose from" in done.stderr
