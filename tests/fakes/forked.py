"""Start the program from a process that has imported it already: a second less than from nothing.

All else is as in a program of its own: process, signals, standard streams, folder and environment.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from genepool.adapters.local.threads import cap_library_threads
from genepool.cli import main

# What a run imports by and by.
_PRELOADED = [
    "genepool.cli._app", "genepool.cli.evolve", "genepool.cli.backtest", "genepool.cli.data",
    "genepool.pool.loop", "genepool.adapters.local.evaluator", "genepool.adapters.report.write",
    "genepool.strategies.linear_svc_classifier", "genepool.strategies.pca_tree_quantile",
    "genepool.strategies.nadaraya_watson", "genepool.evolution.engine", "genepool.robustness.luck",
    "genepool.objectives.sharpe", "alembic.command", "alembic.autogenerate", "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg", "genepool.logs", "rich.live", __name__,
]  # fmt: skip


class Forked:
    """The part of ``subprocess.Popen`` that the tests of the program need."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        arguments: tuple[str, ...],
        program: Callable[[], object] = main,
    ) -> None:
        out, theirs_out = multiprocessing.Pipe(duplex=False)
        err, theirs_err = multiprocessing.Pipe(duplex=False)
        given = (str(folder), environment, arguments, theirs_out, theirs_err, program)
        self._process = _server().Process(target=_program, args=given)
        # The server starts with the first process, and what it imports then reads the caps of its threads.
        with mock.patch.dict(os.environ):
            cap_library_threads()
            self._process.start()
        theirs_out.close()
        theirs_err.close()
        self.stdout = os.fdopen(os.dup(out.fileno()), encoding="utf-8")
        self.stderr = os.fdopen(os.dup(err.fileno()), encoding="utf-8")
        out.close()
        err.close()

    @property
    def returncode(self) -> int | None:
        """The exit code, or the negative number of the signal that ended the process."""
        code: int | None = self._process.exitcode
        return code

    def send_signal(self, number: int) -> None:
        """Send the process a signal."""
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Send the process SIGKILL."""
        self._process.kill()

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Read both streams to their ends, and wait for the end of the process."""
        # Both at once: a program that waits for room in one pipe would never end the other.
        with ThreadPoolExecutor(1) as reading:
            told = reading.submit(self.stderr.read)
            out, err = self.stdout.read(), told.result()
        self._process.join(timeout)
        assert self.returncode is not None, f"the program did not end within {timeout} s"
        self.stdout.close()
        self.stderr.close()
        return out, err


def _server() -> Any:  # noqa: ANN401 - Windows has no such context, and mypy no type that holds everywhere
    method: Any = "forkserver"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(_PRELOADED)
    return context


def _program(
    folder: str,
    environment: dict[str, str],
    arguments: tuple[str, ...],
    out: Connection,
    err: Connection,
    program: Callable[[], object],
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, number in ((out, 1), (err, 2)):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.argv = ["genepool", *arguments]
    program()
