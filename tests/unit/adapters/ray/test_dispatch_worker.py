"""What worker processes and the coordinator tell each other, and what a worker's image must hold."""

import subprocess
import sys
from pathlib import Path

import pytest
from ray.exceptions import ActorDiedError, ActorUnavailableError, OutOfMemoryError

from genepool.adapters.ray.actor import cap_threads
from genepool.adapters.ray.crew import RayCrew, _Worker, loss_of
from genepool.adapters.ray.membership import Membership, Node, nodes_of
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.scheduling.rules import Loss
from genepool.scheduling.threads import LIBRARY_THREADS

WORKER_IMPORTS = """
import sys
import genepool.adapters.ray.actor
assert "numpy" not in sys.modules, "numpy was loaded before its threads were capped"
import genepool.crews.scoring, genepool.adapters.ray.probe, genepool.indicators.bank
print(sorted({"structlog", "pandas", "pyarrow", "deap", "sqlalchemy", "typer", "rich"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_a_worker_needs_neither_tables_nor_screens_and_caps_threads_before_numpy_loads() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", WORKER_IMPORTS], check=False, capture_output=True, text=True
    )
    assert shown.stdout == "[]\n", shown.stderr


@pytest.mark.slow
def test_the_numeric_probe_gives_the_same_bits_in_another_process() -> None:
    program = "from genepool.adapters.ray.probe import numeric_fingerprint; print(numeric_fingerprint())"
    shown = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == numeric_fingerprint()


@pytest.mark.parametrize(
    ("environment", "loaded", "in_time"),
    [({}, False, True), ({}, True, False), (dict.fromkeys(LIBRARY_THREADS, "1"), True, True)],
    ids=["before loading", "after loading", "set by the image"],
)
def test_thread_caps_count_only_when_the_libraries_still_read_them(
    environment: dict[str, str], loaded: bool, in_time: bool
) -> None:
    environment = dict(environment)
    assert cap_threads(environment, loaded=loaded) == in_time
    assert environment == dict.fromkeys(LIBRARY_THREADS, "1")


def listed(key: str, *, alive: bool = True, cpus: float = 2.0, **more: object) -> dict[str, object]:
    """Return a node as Ray lists it."""
    return {"NodeID": key, "Alive": alive, "Resources": {"CPU": cpus}, "Labels": {}} | more


def test_nodes_that_are_dead_drain_or_grant_no_cpu_take_no_work() -> None:
    nodes = [listed("a"), listed("b", alive=False), listed("c"), listed("d", cpus=0.0)]
    assert nodes_of(nodes, {"c": 1}) == {"a": Node("a", "cpu", 2)}


def test_a_node_has_the_kind_of_its_label_or_of_its_resources() -> None:
    labelled = listed("a", Labels={"genepool.io/kind": "memory"})
    advertised = listed("b", Resources={"CPU": 1.0, "memory_optimized": 1.0})
    kinds = {key: node.kind for key, node in nodes_of([labelled, advertised, listed("c")], {}).items()}
    assert kinds == {"a": "memory", "b": "memory", "c": "cpu"}


@pytest.mark.parametrize(
    ("cpus", "memory", "limit"),
    [(1, 3 * 2**30, 3 * 2**30), (4, 4 * 2**30, 2.5 * 2**30), (16, 4 * 2**30, 2**30), (1, 0, None)],
    ids=["all of it", "what the others leave", "no less than a worker needs", "unknown"],
)
def test_a_worker_may_take_what_the_others_of_its_node_leave(
    cpus: int, memory: int, limit: float | None
) -> None:
    resources = {"CPU": float(cpus)} | ({"memory": float(memory)} if memory else {})
    (node,) = nodes_of([listed("a", Resources=resources)], {}).values()
    assert node.memory_limit == limit


CAPPED = """
import resource
from genepool.adapters.ray.actor import cap_memory
cap_memory(2**28)
import numpy as np
reserved = np.memmap("{file}", dtype=np.uint8, mode="w+", shape=2**30)
try:
    np.ones(2**29, dtype=np.uint8)
except MemoryError:
    print("contained")
cap_memory(2**30)
print(np.ones(2**29, dtype=np.uint8)[-1])
"""


@pytest.mark.slow
def test_a_process_gets_a_memory_error_beyond_its_own_share_and_what_is_shared_is_not_counted(
    tmp_path: Path,
) -> None:
    program = CAPPED.format(file=tmp_path / "shared")
    shown = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert shown.stdout == "contained\n1\n", shown.stderr


@pytest.mark.parametrize(
    ("error", "loss"),
    [
        (ActorDiedError(), "worker_died"),
        (ActorUnavailableError("no answer", None), "node_left"),
        (OutOfMemoryError("1 worker was killed"), "out_of_memory"),  # type: ignore[no-untyped-call]
    ],
    ids=["died", "unreachable", "memory"],
)
def test_rays_errors_tell_how_a_worker_was_lost(error: Exception, loss: Loss) -> None:
    assert loss_of(error) == loss


def test_a_node_on_which_no_worker_ever_starts_is_tried_again_for_as_long_as_the_run_lasts() -> None:
    membership = Membership(lambda: {"a": Node("a", "cpu", 2)}, period=3_600.0)
    crew = RayCrew(membership, lambda: "")
    try:
        for failure in range(2_000):
            crew._put_off(_Worker(failure, Node("a", "cpu", 2), None, None), 0.0, ActorDiedError())
        assert crew._trouble["a"].retry_at == 30.0
    finally:
        crew.close()
        membership.close()
