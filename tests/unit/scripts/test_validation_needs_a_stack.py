"""Without a stack, the tests of the platform say so and do not pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]


def ran_without_docker(empty: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Python where no program is to be found, Docker among them."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PATH": str(empty)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("suite", ["tests/stack/test_deployment.py", "tests/chaos/stack"])
def test_tests_of_the_stack_fail_where_there_is_none(suite: str, tmp_path: Path) -> None:
    done = ran_without_docker(tmp_path, "-m", "pytest", suite, "-m", "stack", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 1
    assert "there is no Docker engine with Compose here" in done.stdout + done.stderr
    assert "passed" not in done.stdout


def test_the_checklist_is_not_begun_where_there_is_no_stack(tmp_path: Path) -> None:
    checklist = "scripts/validation/comprehensive_system_validation.py"
    done = ran_without_docker(tmp_path, checklist, "--mode", "distributed")
    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr.startswith("there is no Docker engine with Compose here")
    assert done.stderr.endswith("this program runs on the stack's host, not in a container\n")
