"""Pass tests: in several processes, or one by one.

Where GENEPOOL_TRIED_AGAIN names a file, tests that fail are tried once more, and the name of each that passes
then is printed and appended to that file. Nothing else tries a test twice.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# A module goes to one process, so that its servers are started once; those that take longest go first.
BESIDE_OTHERS = ("--numprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
FAILED = 1
# What every process would compile for itself, all at the same time, in a fresh clone.
COMPILED = Path("tests/__pycache__")
COLLECT = ("-m", "pytest", "--collect-only", "-qq", "-m", "", "-p", "no:cacheprovider")
COMPILING = (
    (*COLLECT, "tests/unit", "tests/golden"),
    (
        *COLLECT,
        "tests/contract",
        "tests/integration",
        "tests/property",
        "tests/e2e",
        "tests/docs",
        "tests/chaos",
    ),
    ("-m", "genepool.warm"),
)


def session(select: str, *, one_by_one: bool) -> list[str]:
    """Return the flags of pytest for the tests that an expression selects."""
    return [*(() if one_by_one else BESIDE_OTHERS), "-m", select]


def compile_first(root: Path) -> None:
    """Compile tests and kernels once, where no test was read before."""
    if (root / COMPILED).exists():
        return
    print("compiling tests and kernels (once) ...", flush=True)
    # What fails here fails again where it is used, and says so there.
    started = [
        subprocess.Popen(
            [sys.executable, *words], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        for words in COMPILING
    ]
    for process in started:
        process.wait()


def failed(root: Path) -> set[str]:
    """Return the names of the tests that failed when they were run last."""
    path = root / LAST_FAILED
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()


def try_again(root: Path, flags: Sequence[str], log: Path) -> int:
    """Try what failed once more; print and log what passes then."""
    before = failed(root)
    status = pytest([*flags, "--last-failed", "--last-failed-no-failures", "none"])
    recovered = sorted(before - failed(root))
    with log.open("a", encoding="utf-8") as lines:
        for name in recovered:
            print(f"failed first, passed when tried again: {name}", flush=True)
            lines.write(f"{name}\n")
    return status


def pytest(flags: Sequence[str]) -> int:
    """Run one session and return its exit status."""
    return subprocess.run([sys.executable, "-m", "pytest", *flags], check=False).returncode


def main() -> int:
    """Pass the tests."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--select", default="not stack", help="marks, as pytest's -m takes them")
    parser.add_argument("--one-by-one", action="store_true", help="in one process")
    given, rest = parser.parse_known_args()
    flags = [*session(given.select, one_by_one=given.one_by_one), *rest]
    if not given.one_by_one:
        compile_first(Path.cwd())
    status = pytest(flags)
    log = os.environ.get("GENEPOOL_TRIED_AGAIN")
    if status != FAILED or not log:
        return status
    return try_again(Path.cwd(), flags, Path(log))


if __name__ == "__main__":
    sys.exit(main())
