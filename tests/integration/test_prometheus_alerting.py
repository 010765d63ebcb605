"""A real Alertmanager, told by a webhook's address alone, passes on what operators should hear of."""

import http.client
import json
import queue
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from tests.fakes.postgres import docker_answers
from tests.fakes.prometheus_server import MONITORING

pytestmark = pytest.mark.slow

IMAGE = "prom/alertmanager:v0.28.1"
_PATIENCE_SECONDS = 30


class Webhook:
    """Hears of alerts at a port of its own."""

    def __init__(self) -> None:
        self._heard: queue.Queue[list[str]] = queue.Queue()
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()
                webhook._heard.put([alert["labels"]["alertname"] for alert in told["alerts"]])

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/alerts"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def hears(self, last: str) -> list[str]:
        """Return all alerts up to the one that is sent last."""
        heard: list[str] = []
        while last not in heard:
            heard += self._heard.get(timeout=_PATIENCE_SECONDS)
        return heard

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """Return a receiver of alerts."""
    made = Webhook()
    yield made
    made.close()


@pytest.fixture
def port(webhook: Webhook, tmp_path: Path) -> Iterator[int]:
    """Return the port of an Alertmanager with our configuration, changed as the runbooks say."""
    if not docker_answers():
        pytest.skip("docker does not answer")
    config = (MONITORING / "alertmanager/alertmanager.yml").read_text()
    config = config.replace("receiver: nobody", "receiver: webhook", 1).replace(
        "group_wait: 30s", "group_wait: 1s"
    )
    (tmp_path / "alertmanager.yml").write_text(config)
    (tmp_path / "alert_webhook_url").write_text(webhook.url + "\n")
    tmp_path.chmod(0o755)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        chosen: int = free.getsockname()[1]
    name = f"genepool-test-alertmanager-{uuid.uuid4().hex[:8]}"
    command = [
        "docker", "run", "--rm", "--detach", "--name", name, "--network", "host",
        "--volume", f"{tmp_path}:/etc/alertmanager:ro",
        "--volume", f"{tmp_path / 'alert_webhook_url'}:/run/secrets/alert_webhook_url:ro",
        "--tmpfs", "/alertmanager:uid=65534", IMAGE,
        "--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager",
        f"--web.listen-address=127.0.0.1:{chosen}", "--cluster.listen-address=",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    try:
        wait(chosen)
        yield chosen
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=False, capture_output=True)


def test_people_hear_of_the_cause_and_not_of_the_watchdog_or_of_what_follows(
    port: int, webhook: Webhook
) -> None:
    raise_alerts(port, CoordinatorDown="critical", NoProgress="critical", Watchdog="none")
    heard = webhook.hears("CoordinatorDown")
    # What was raised with it would have been sent with it: a second later all of that is in.
    raise_alerts(port, CacheDown="warning")
    assert heard + webhook.hears("CacheDown") == ["CoordinatorDown", "CacheDown"]


def raise_alerts(port: int, **severities: str) -> None:
    """Tell Alertmanager of alerts, as Prometheus does."""
    now = datetime.now(UTC).isoformat()
    alerts = [
        {"labels": {"alertname": name, "severity": severity}, "startsAt": now}
        for name, severity in severities.items()
    ]
    assert ask(port, "POST", "/api/v2/alerts", json.dumps(alerts)) == http.client.OK


def ask(port: int, method: str, path: str, body: str | None = None) -> int:
    """Return the status of a request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status


def wait(port: int) -> None:
    """Return as soon as Alertmanager is ready."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if ask(port, "GET", "/-/ready") == http.client.OK:
                return
        except OSError:
            pass
        assert time.monotonic() < end, "Alertmanager did not become ready"
        time.sleep(0.1)
