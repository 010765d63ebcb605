"""Pass tests in two sessions: several processes for most of them, then one process for those that are timed.

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
TIMED = "pytest.mark.timed"
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
PASSED, FAILED, NOTHING_SELECTED = 0, 1, 5


def sessions(select: str, *, one_by_one: bool) -> list[list[str]]:
    """Return the flags of each session of pytest for the tests that an expression selects."""
    if one_by_one:
        return [["-m", select]]
    return [[*BESIDE_OTHERS, "-m", f"({select}) and not timed"], ["-m", f"({select}) and timed"]]


def holding_timed(folder: Path) -> list[str]:
    """Return the files with timed tests: to read them alone saves ten seconds."""
    return sorted(
        str(path) for path in folder.rglob("test_*.py") if TIMED in path.read_text(encoding="utf-8")
    )


def combined(statuses: Sequence[int]) -> int:
    """Return the exit status of all sessions; one that selects nothing counts only if every one does."""
    told = [status for status in statuses if status != NOTHING_SELECTED]
    return max(told, default=NOTHING_SELECTED)


def failed(root: Path) -> set[str]:
    """Return the names of the tests that failed when they were run last."""
    path = root / LAST_FAILED
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()


def try_again(root: Path, flags: Sequence[Sequence[str]], log: Path) -> int:
    """Try what failed once more; print and log what passes then."""
    before = failed(root)
    again = ("--last-failed", "--last-failed-no-failures", "none")
    status = combined([pytest([*each, *again]) for each in flags])
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
    parser.add_argument("--one-by-one", action="store_true", help="one session and one process")
    parser.add_argument("--beside-others", action="store_true", help="leave out the timed tests")
    given, rest = parser.parse_known_args()
    flags = [[*each, *rest] for each in sessions(given.select, one_by_one=given.one_by_one)]
    if given.beside_others:
        flags = flags[:1]
    elif not any(Path(word.split("::")[0]).exists() for word in rest) and len(flags) > 1:
        flags[-1] += holding_timed(Path("tests"))
    status = combined([pytest(each) for each in flags])
    log = os.environ.get("GENEPOOL_TRIED_AGAIN")
    if status != FAILED or not log:
        return status
    return try_again(Path.cwd(), flags, Path(log))


if __name__ == "__main__":
    sys.exit(main())
