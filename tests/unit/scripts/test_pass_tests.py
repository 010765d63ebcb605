"""Tests are passed in two sessions, and what is tried again is told."""

import json
from pathlib import Path

import pytest

from scripts import pass_tests


def test_timed_tests_have_a_session_of_their_own() -> None:
    beside, apart = pass_tests.sessions("not slow", one_by_one=False)
    assert beside[-1] == "(not slow) and not timed"
    assert apart == ["-m", "(not slow) and timed"]


def test_only_files_with_timed_tests_are_read_for_their_session(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("@pytest.mark.timed\ndef test_a() -> None: ...")
    (tmp_path / "test_b.py").write_text("def test_b() -> None: ...")
    assert pass_tests.holding_timed(tmp_path) == [str(tmp_path / "test_a.py")]


def test_timed_tests_are_slow_so_that_the_fast_ones_leave_their_session_out() -> None:
    tests = Path(__file__).parents[2]
    held = [Path(file).relative_to(tests) for file in pass_tests.holding_timed(tests)]
    assert {file.parts[0] for file in held if file != Path(__file__).relative_to(tests)} <= {
        "integration",
        "e2e",
    }


@pytest.mark.parametrize(
    ("statuses", "expected"), [([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([1, 5], 1), ([0, 2], 2)]
)
def test_a_session_without_a_test_counts_only_where_none_has_one(statuses: list[int], expected: int) -> None:
    assert pass_tests.combined(statuses) == expected


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
    assert pass_tests.try_again(tmp_path, [["-m", "x"]], log) == 1
    assert log.read_text().splitlines() == ["test_a.py::test_moody"]
    assert "passed when tried again: test_a.py::test_moody" in capsys.readouterr().out
