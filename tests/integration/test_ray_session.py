"""What is said of a Ray cluster that is not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UNREACHABLE = """
from genepool.adapters.ray.cluster import Cluster
from genepool.errors import ServiceUnavailable
try:
    Cluster("127.0.0.1:9")
except ServiceUnavailable as error:
    print(error)
"""


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named_with_advice() -> None:
    environment = os.environ | {"RAY_AUTH_MODE": "disabled", "RAY_gcs_rpc_server_connect_timeout_s": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", UNREACHABLE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert "no Ray cluster answers at '127.0.0.1:9'" in shown.stdout, shown.stderr
    assert "--mode local" in shown.stdout
