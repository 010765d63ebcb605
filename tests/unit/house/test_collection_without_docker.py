"""A machine without Docker collects every test: what needs an engine skips itself, and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def files_that_start_docker() -> list[str]:
    """Return the test files that name the program: all others cannot miss it, and take long to collect."""
    paths = (path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    return sorted(str(path.relative_to(ROOT)) for path in paths if '"docker"' in path.read_text())


@pytest.mark.slow
def test_the_files_that_start_docker_are_collected_where_there_is_none(tmp_path: Path) -> None:
    files = files_that_start_docker()
    assert "tests/integration/test_cluster_manager_compose.py" in files
    words = ["-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", ""]
    done = subprocess.run(
        [sys.executable, *words, *files], cwd=ROOT, env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
