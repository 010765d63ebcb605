"""Whoever installs the core alone can use every command that needs no cluster."""

import subprocess
import sys

EXTRAS = ("ray", "psycopg", "redis", "msgpack", "prometheus_client", "grafana_api", "matplotlib", "ccxt")


def test_the_command_line_starts_without_any_extra() -> None:
    blocked = "import sys; sys.modules.update(dict.fromkeys(%r)); " % (EXTRAS,)  # noqa: UP031 - braces would clash
    start = "from genepool.cli._app import build; build()"
    done = subprocess.run(
        [sys.executable, "-c", blocked + start], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
