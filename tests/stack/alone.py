"""A run of the launcher on this host, without the stack: the cluster must find what one process finds."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.validation.stack import LAUNCHER, ROOT

_SECONDS = 600


@contextmanager
def run_alone(home: Path, *flags: str) -> Iterator[Callable[[], str]]:
    """Evolve with a history in a folder, in the time that others leave; yield what waits for the digest."""
    environment = os.environ | {"GENEPOOL_HOME": str(home), "GENEPOOL_RESULTS": str(home)}
    command = [sys.executable, *LAUNCHER[1:], *flags, "--mode", "local", "--json"]
    process = subprocess.Popen(
        ["nice", "-n", "19", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )

    def digest() -> str:
        told, _ = process.communicate(timeout=_SECONDS)
        assert process.returncode == 0, told
        return str(json.loads(told)["digest"])

    try:
        yield digest
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
