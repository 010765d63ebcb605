"""Compiled code is never older than the sources that it came from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import genepool
from genepool.indicators.moving_averages import rolling_mean
from genepool.kernels import cache_folder, kernel

PACKAGE = Path(genepool.__file__).parent
ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from genepool.kernels import cache_folder
print(cache_folder())
"""


def folder_seen_by(copy: Path, **environment: str) -> Path:
    words = [sys.executable, "-c", ASK, str(copy)]
    answer = subprocess.run(
        words, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return Path(answer.stdout.strip())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "genepool", ignore=shutil.ignore_patterns("__pycache__", "samples"))
    return tmp_path


@pytest.mark.slow
def test_a_change_in_any_kernel_file_moves_the_cache(copy: Path) -> None:
    before = folder_seen_by(copy)
    with (copy / "genepool/indicators/moving_averages.py").open("a") as source:
        source.write("# changed\n")
    assert folder_seen_by(copy) != before


@pytest.mark.slow
def test_touching_a_file_does_not_move_the_cache(copy: Path) -> None:
    before = folder_seen_by(copy)
    (copy / "genepool/indicators/moving_averages.py").touch()
    assert folder_seen_by(copy) == before


@pytest.mark.slow
def test_the_users_own_cache_folder_is_respected(copy: Path, tmp_path: Path) -> None:
    assert folder_seen_by(copy, NUMBA_CACHE_DIR=str(tmp_path / "mine")).parent == tmp_path / "mine"


def test_kernels_are_cached_in_that_folder() -> None:
    rolling_mean(np.ones(8), 4)
    assert list(cache_folder().rglob("moving_averages.rolling_mean*.nbi"))


def test_numbas_own_setting_is_left_as_it_was() -> None:
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    kernel(folder_seen_by)
    assert before == numba.config.CACHE_DIR  # type: ignore[attr-defined]
