"""Every command loads without what only some of its runs need."""

import subprocess
import sys

import pytest

EXTRAS = (
    "ray",
    "psycopg",
    "redis",
    "prometheus_client",
    "fastapi",
    "starlette",
    "uvicorn",
    "python_multipart",
    "grafana_api",
    "matplotlib",
    "ccxt",
)


# They take their time to load, and shipped candles are read without them.
SLOW = ("pandas", "ray", "matplotlib")


@pytest.mark.slow
@pytest.mark.parametrize("libraries", [EXTRAS, SLOW], ids=["no extra", "nothing slow"])
def test_every_command_loads_without(libraries: tuple[str, ...]) -> None:
    blocked = "import sys; sys.modules.update(dict.fromkeys(%r)); " % (libraries,)  # noqa: UP031 - braces would clash
    start = "from genepool.cli._commands import COMMANDS, loaded; [loaded(name) for name in COMMANDS]"
    done = subprocess.run(
        [sys.executable, "-c", blocked + start], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
