"""A parent killed by SIGKILL leaves no worker process behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0

PARENT = """
import time
from genepool.adapters.local.evaluator import LocalEvaluator
from genepool.genome import Genome
from tests.fakes import scorers

evaluator = LocalEvaluator(2, 1, scorers.named)
problem = scorers.tiny_problem("telling")
long = [Genome("s", (("number", 500.0 + k),)) for k in range(4)]
long = [Genome("s", (("number", 500.0 + k),)) for k in range(4)]
evaluator.evaluate(problem, scorers.numbered(20), lambda _: None)
print("idle", flush=True)
{then}
"""
THEN = {
    "idle": "time.sleep(600)",
    "busy": "evaluator.evaluate(problem, long, lambda _: None)",
}


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(map(alive, pids)):
        time.sleep(0.05)
    return {pid for pid in pids if alive(pid)}


@pytest.mark.chaos
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="process states are read from /proc")
@pytest.mark.parametrize("state", THEN)
def test_workers_follow_a_killed_parent_and_leave_no_file(state: str, tmp_path: Path) -> None:
    program = PARENT.format(then=THEN[state])
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        workers: set[int] = set()
        while (line := parent.stdout.readline().strip()) != "idle":
            workers.add(int(line))
        for _ in range(2 if state == "busy" else 0):
            workers.add(int(parent.stdout.readline()))
        assert workers
        assert parent.pid not in workers
        assert all(map(alive, workers))
        assert list(tmp_path.iterdir())
        parent.kill()
        parent.wait()
        left = wait_until_gone(workers)
        for pid in left:
            os.kill(pid, 9)
        assert not left
        assert not list(tmp_path.iterdir())
