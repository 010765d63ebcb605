"""Where ``python -m genepool.warm`` ran, no run compiles anything.

numba says which compiled code it takes from its cache or adds to it. Calls from Python are seen so, and what
those kernels call in turn is compiled with them. The cache is that of all tests: an empty one costs 35 s.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from genepool.kernels import allocation_free, kernel
from genepool.strategies import seed_strategies
from tests.fakes.programs import environment

SOURCES = Path(__file__).resolve().parents[2] / "src" / "genepool"
CODE = re.compile(r"^\[cache\] data (?:loaded from|saved to) '.*?([^/\\]+)\.nbc'$", re.MULTILINE)
DECORATORS = {kernel.__name__, allocation_free.__name__}
# Candles with funding, so that no seed is left out; and shipped ones, which are read from a file.
MARKETS = {
    "synthetic:regimes:seed=1,candles=3000": ("--strategies", ",".join(seed_strategies())),
    "btcusd_1h": ("--preset", "all"),
}


def used_by(folder: Path, *words: str) -> set[str]:
    """Return the compiled code that a module uses: file, kernel, line, and which kind of arguments."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**environment(folder), "NUMBA_DEBUG_CACHE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(CODE.findall(done.stdout))


def last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def kernels_of(text: str) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and DECORATORS & set(map(last_name, node.decorator_list)):
            yield node


@pytest.fixture(scope="module")
def declared() -> Mapping[str, set[str]]:
    """Names of the package's kernels, ``file.kernel``, and the names that each of them calls."""
    return {
        f"{path.stem}.{node.name}": {last_name(n.func) for n in ast.walk(node) if isinstance(n, ast.Call)}
        for path in SOURCES.rglob("*.py")
        for node in kernels_of(path.read_text(encoding="utf-8"))
    }


@pytest.fixture(scope="module")
def warmed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return used_by(tmp_path_factory.mktemp("warmed"), "genepool.warm")


def test_every_kernel_of_the_package_is_compiled(declared: Mapping[str, set[str]], warmed: set[str]) -> None:
    reached = {code.partition("-")[0] for code in warmed} & set(declared)
    waiting = set(reached)
    while waiting:
        calls = declared[waiting.pop()]
        new = {name for name in declared if name.rpartition(".")[2] in calls} - reached
        reached |= new
        waiting |= new
    assert len(declared) > 100
    assert set(declared) - reached == set()


@pytest.mark.parametrize("data", MARKETS)
def test_a_run_of_all_seeds_compiles_nothing_more(warmed: set[str], tmp_path: Path, data: str) -> None:
    words = ("--population-size", "28", "--generations", "3", "--workers", "1", "--seed", "5")
    used = used_by(tmp_path, "genepool", "evolve", "--data", data, *MARKETS[data], *words)
    assert len(used) > 30
    assert used - warmed == set()


def test_every_kernel_is_declared_by_the_projects_own_decorators() -> None:
    compiling = [path for path in SOURCES.rglob("*.py") if re.search(r"\bn?jit\(", path.read_text("utf-8"))]
    assert compiling == [SOURCES / "kernels.py"]
