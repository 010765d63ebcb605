"""A worker is killed in the middle of a run; the run recovers and ends."""

import json
import threading
import time
from collections.abc import Collection
from typing import Any

from infrastructure.core.compose.stack import StackError
from scripts.validation.stack import Stack
from scripts.validation.system.check import Check, Found
from scripts.validation.system.system import System

_WORKER = "ray-worker-1"
_MOST_SECONDS = 30.0
_LOOK_SECONDS = 0.25


def look(system: System) -> Found:
    """Kill it once the run is on its way; recovered means that another generation was recorded."""
    stack = system.stack
    document: dict[str, object] = {}
    flags = {
        "data": f"synthetic:regimes:seed={time.time_ns() % 1_000_000},candles=20000",
        "strategies": "linear_svc_classifier,pca_tree_quantile",
        "population_size": 100,
        "generations": 6,
    }
    run = threading.Thread(target=lambda: document.update(system.evolve(**flags)), daemon=True)
    run.start()
    names = _names(stack)
    try:
        _wait_for_work(stack, run)
        stack.docker("kill", names[0])
        recovered = _seconds_until_results(stack, run, names)
        run.join()
    finally:
        stack.docker("start", names[0])
    finished = document.get("generations") == flags["generations"]
    ended = "the run ended" if finished else "the run did not end"
    return Found(finished and recovered < _MOST_SECONDS, f"results again after {recovered:.1f} s, {ended}")


def _names(stack: Stack) -> tuple[str, ...]:
    """Return the names of one worker: its container's, and those by which its node may be known."""
    worker = stack.containers(_WORKER)[0]
    return worker.name, worker.short_name, worker.identity


def _wait_for_work(stack: Stack, run: threading.Thread) -> None:
    while run.is_alive():
        progress = _progress(stack)
        if progress.get("state") == "running" and progress.get("done"):
            return
        time.sleep(_LOOK_SECONDS)
    raise StackError("the run ended before its worker could be killed")


def _seconds_until_results(stack: Stack, run: threading.Thread, names: Collection[str]) -> float:
    """Wait until the dead worker is missed and results come in without it."""
    began = time.monotonic()
    before: object = None
    while run.is_alive():
        progress = _progress(stack)
        missed = all(node["node"] not in names for node in progress.get("nodes", ()))
        now = (progress.get("generation"), progress.get("done"))
        if missed and before not in {None, now}:
            break
        if missed and progress:
            before = now if before is None else before
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - began


def _progress(stack: Stack) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(stack.page("/progress"))
    except StackError:
        return {}
    return document


CHECK = Check(
    "a killed worker is got over", f"results within {_MOST_SECONDS:g} s, run ends", look, disturbs=True
)
