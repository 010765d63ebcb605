"""A real Prometheus in a container, and a real exporter for it to scrape."""

import http.client
import json
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from typing_extensions import override

from genepool.adapters.prometheus import exposition
from tests.fakes.postgres import docker_answers

IMAGE = "prom/prometheus:v3.5.3"
MONITORING = Path(__file__).resolve().parents[2] / "monitoring"
_PATIENCE_SECONDS = 30
_LIFETIME_SECONDS = "900"


class Exporter:
    """Serves a registry at ``/metrics`` of a port of its own, as the coordinator does.

    Parameters
    ----------
    registry
        What is scraped.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._scrapes = 0
        self._scraped = threading.Condition()
        exporter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = exposition(registry)
                self.send_response(200)
                self.send_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
                self.end_headers()
                self.wfile.write(body)
                exporter._note()

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    def wait_for_scrape(self) -> None:
        """Return after the next scrape that begins and ends from now on."""
        with self._scraped:
            wanted = self._scrapes + 2
            assert self._scraped.wait_for(lambda: self._scrapes >= wanted, _PATIENCE_SECONDS), (
                "no scrape came"
            )

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _note(self) -> None:
        with self._scraped:
            self._scrapes += 1
            self._scraped.notify_all()


@dataclass(frozen=True, slots=True)
class PrometheusServer:
    """Where a Prometheus listens.

    Parameters
    ----------
    port
        On this machine.
    """

    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return what an instant query finds now."""
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found

    def ask(self, route: str, **parameters: str) -> dict[str, Any]:
        """Return the data of a route of its API."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", f"/api/v1/{route}?{urlencode(parameters)}")
            answer = json.loads(connection.getresponse().read())
        assert answer["status"] == "success", answer
        data: dict[str, Any] = answer["data"]
        return data

    def wait(self) -> None:
        """Return as soon as it is ready."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)) as connection:
                    connection.request("GET", "/-/ready")
                    if connection.getresponse().status == http.client.OK:
                        return
            except OSError:
                pass
            assert time.monotonic() < end, "Prometheus did not become ready"
            time.sleep(0.1)


@contextmanager
def prometheus_server(folder: Path, targets: Mapping[str, str]) -> Iterator[PrometheusServer]:
    """Run a Prometheus that scrapes every half second, with our rules, until the block ends.

    Parameters
    ----------
    folder
        Where its files may be written.
    targets
        Address by job.
    """
    if not docker_answers():
        pytest.skip("docker does not answer")
    folder.chmod(0o755)
    _configure(folder, targets)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        server = PrometheusServer(free.getsockname()[1])
    name = f"genepool-test-prometheus-{uuid.uuid4().hex[:8]}"
    command = [
        "docker", "run", "--rm", "--detach", "--name", name, "--network", "host", "--memory", "512m",
        "--volume", f"{folder}:/etc/prometheus:ro", "--tmpfs", "/prometheus:uid=65534",
        "--entrypoint", "timeout", IMAGE, _LIFETIME_SECONDS, "prometheus",
        "--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus",
        f"--web.listen-address=127.0.0.1:{server.port}",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    try:
        server.wait()
        yield server
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=False, capture_output=True)


def _configure(folder: Path, targets: Mapping[str, str]) -> None:
    config = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "400ms", "evaluation_interval": "500ms"},
        "rule_files": ["rules-*.yml"],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [address]}]} for job, address in targets.items()
        ],
    }
    # JSON is YAML.
    (folder / "prometheus.yml").write_text(json.dumps(config))
    for path in (MONITORING / "prometheus" / "rules").glob("*.yml"):
        hurried = path.read_text().replace("interval: 2m", "interval: 500ms")
        (folder / f"rules-{path.name}").write_text(hurried)
