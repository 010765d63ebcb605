"""Tests are passed in several processes or in one, and what is tried again is told."""

import json
from pathlib import Path

import pytest

from scripts import pass_tests

TESTS = Path(__file__).parents[2]


def test_timed_tests_run_one_by_one_and_most_others_side_by_side() -> None:
    assert pass_tests.session("timed", one_by_one=True) == ["-m", "timed"]
    assert pass_tests.session("not timed", one_by_one=False)[:2] == ["--numprocesses", "4"]


def test_timed_tests_lie_where_all_are_slow_so_that_the_fast_ones_hold_none() -> None:
    files = [path.relative_to(TESTS) for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    timed = {file.parts[0] for file in files if "pytest.mark.timed" in (TESTS / file).read_text()}
    assert timed == {"integration"}


def test_a_fresh_clone_is_compiled_once_before_several_processes_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pass_tests, "COMPILING", [("-c", "open('compiled', 'x')")])
    pass_tests.compile_first(tmp_path)
    assert (tmp_path / "compiled").exists()
    (tmp_path / pass_tests.COMPILED).mkdir(parents=True)
    (tmp_path / "compiled").unlink()
    pass_tests.compile_first(tmp_path)
    assert not (tmp_path / "compiled").exists()


def test_what_fails_first_and_passes_then_is_told_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failures = tmp_path / pass_tests.LAST_FAILED
    failures.parent.mkdir(parents=True)
    failures.write_text(json.dumps({"test_a.py::test_moody": True, "test_a.py::test_broken": True}))

    def second(flags: list[str]) -> int:
        assert "--last-failed" in flags
        failures.write_text(json.dumps({"test_a.py::test_broken": True}))
        return 1

    monkeypatch.setattr(pass_tests, "pytest", second)
    log = tmp_path / "tried-again"
    assert pass_tests.try_again(tmp_path, ["-m", "x"], log) == 1
    assert log.read_text().splitlines() == ["test_a.py::test_moody"]
    assert "passed when tried again: test_a.py::test_moody" in capsys.readouterr().out
