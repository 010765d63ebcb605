"""The cluster manager where Ray's own autoscaler owns the machines: what it asks for, and when."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from genepool.errors import ConfigError
from infrastructure.core.ray_cluster import RayCluster, demand

ROOT = Path(__file__).resolve().parents[2]
MANAGER = ROOT / "infrastructure/core/cluster_manager.py"
QUIET = """
genepool_cpu_budget{node="one",worker_kind="cpu"} 1
genepool_evaluations_total{strategy="rsi",node="one",worker_kind="cpu",result="ok"} 100
genepool_work_seconds_total{node="one",worker_kind="cpu"} 100
"""
# Two hundred genomes of a second each, on one CPU at work and one that is not.
LOADED = f"""{QUIET}
genepool_actors{{node="one",worker_kind="cpu"}} 1
genepool_queue_genomes{{state="waiting"}} 200
"""
LOOK = ("autoscale", "--platform", "ray", "--once", "--json")

Manage = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def coordinator(metrics: str) -> Iterator[str]:
    """Serve a canned page of metrics, and yield its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/metrics" else 404)
            self.end_headers()
            self.wfile.write(metrics.encode())

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/metrics"
        server.shutdown()


def manager(address: str) -> Manage:
    """Return what starts the manager beside a cluster."""

    def called(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(MANAGER), *arguments],
            capture_output=True, text=True, check=False, cwd=ROOT,
            env=os.environ | {"RAY_ADDRESS": address},
        )  # fmt: skip

    return called


def asked_for() -> list[dict[str, float]]:
    """Return the demand that lies with Ray's head, where its autoscaler reads it."""
    from ray._private.ray_constants import AUTOSCALER_RESOURCE_REQUEST_CHANNEL  # noqa: PLC0415
    from ray.experimental.internal_kv import _internal_kv_get  # noqa: PLC0415 - a second to load

    asked: list[dict[str, float]] = json.loads(_internal_kv_get(AUTOSCALER_RESOURCE_REQUEST_CHANNEL) or "[]")
    return asked


class ClusterManager:
    """One look at a cluster of a node of each kind: `test_ray_evaluator.py` has one."""

    def test_one_look_at_a_silent_coordinator_asks_for_nothing_and_leaves_with_4(
        self, manage: Manage
    ) -> None:
        done = manage(*LOOK, "--min", "3", "--max", "8", "--metrics-url", "http://127.0.0.1:9/metrics")
        assert done.returncode == 4, done.stderr
        assert json.loads(done.stdout)["blind"]
        assert asked_for() == []

    def test_one_look_at_work_that_waits_asks_rays_autoscaler_for_more_nodes(self, manage: Manage) -> None:
        with coordinator(LOADED) as address:
            done = manage(*LOOK, "--min", "2", "--max", "5", "--metrics-url", address)
        assert done.returncode == 0, done.stderr
        step = json.loads(done.stdout)
        assert step["nodes"] == {"cpu": 1, "memory": 1}
        assert sum(step["wanted"].values()) == 5
        assert sorted(map(str, asked_for())) == sorted(
            [str({"cpu_optimized": 1.0})] * step["wanted"]["cpu"]
            + [str({"memory_optimized": 2.0})] * step["wanted"]["memory"]
        )

    def test_one_look_at_a_quiet_cluster_within_its_bounds_leaves_the_demand_as_it_was(
        self, manage: Manage
    ) -> None:
        before = asked_for()
        with coordinator(QUIET) as address:
            done = manage(*LOOK, "--min", "2", "--max", "5", "--metrics-url", address)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["done"] == []
        assert asked_for() == before


def test_every_node_wanted_is_a_bundle_that_no_node_holds_twice() -> None:
    entries = [{"Resources": {"CPU": 8.0, "cpu_optimized": 8.0}}, {"Resources": {"CPU": 4.0}}]
    assert demand({"cpu": 2, "memory": 1}, entries) == [
        {"cpu_optimized": 8.0},
        {"cpu_optimized": 8.0},
        {"memory_optimized": 1.0},
    ]


def test_a_node_of_rays_autoscaler_is_not_drained_by_hand() -> None:
    with pytest.raises(ConfigError, match="replace it at once"):
        RayCluster().drain("10.0.0.7")
