"""What notebooks are counted in is no test's machine."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home folder of a test, which nobody else has."""
    monkeypatch.setenv("GENEPOOL_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("GENEPOOL_DATABASE_URL", raising=False)
    return tmp_path / "own"
