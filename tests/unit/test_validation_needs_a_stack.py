"""Who asks for the tests of the platform and has none is told so, and has not passed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("suite", ["tests/stack/test_deployment.py", "tests/chaos/stack"])
def test_tests_of_the_stack_fail_where_there_is_none(suite: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", suite, "-m", "stack", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "there is no Docker engine with Compose here" in done.stdout + done.stderr
    assert "passed" not in done.stdout
