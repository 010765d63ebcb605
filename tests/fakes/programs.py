"""Start the real program in a folder of its own."""

import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import structlog

from genepool.cli import _app
from tests.fakes.forked import Forked

# Small enough for seconds, with a learning seed so that some batches take longer than others.
SMALL_RUN = (
    "evolve", "--data", "synthetic:regimes:seed=3,candles=3000", "--preset", "all",
    "--strategies", "bollinger_bands,donchian_breakout,linear_svc_classifier",
    "--population-size", "20", "--seed", "11", "--mode", "local", "--workers", "1",
    "--name", "small", "--no-report", "--json",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int | str | None
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output of a command that succeeded."""
        assert self.code == 0, self.err
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


def environment(folder: Path) -> dict[str, str]:
    """Return this process's environment, with the program's own places inside a folder."""
    return {
        **os.environ,
        "GENEPOOL_HOME": str(folder / "home"),
        "GENEPOOL_RESULTS": str(folder / "results"),
        "PYTHONUNBUFFERED": "1",
        # Nobody listens there: the stack of this machine, if there is one, is none of a test's business.
        "GENEPOOL_SERVICE_PORT": "9",
    }


def start(folder: Path, *arguments: str) -> Forked:
    """Start the program; standard error is read line by line."""
    folder.mkdir(parents=True, exist_ok=True)
    return Forked(folder, environment(folder), arguments)


def here(folder: Path, *arguments: str) -> Said:
    """Run the program to its end in this process: a second faster than in one of its own."""
    return called(_app.run, folder, "genepool", *arguments)


def called(run: Callable[[], object], folder: Path, *words: str) -> Said:
    """Call what runs a program, with its words, in a folder and in this process; return what it said."""
    folder.mkdir(parents=True, exist_ok=True)
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    # A service of this process may log at any moment, and not into what the program prints.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        with (
            mock.patch.dict(os.environ, environment(folder)),
            mock.patch.object(sys, "argv", list(words)),
            contextlib.chdir(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            run()
    except SystemExit as left:
        return Said(left.code, out.getvalue(), err.getvalue())
    finally:
        signal.signal(signal.SIGTERM, before)
        structlog.reset_defaults()
    raise AssertionError("the program returned instead of leaving with an exit code")


def document(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run the program in a process of its own: it must succeed. Return the JSON document that it prints."""
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    parsed: dict[str, Any] = json.loads(out)
    return parsed


def wait_for(process: Forked, text: str) -> list[str]:
    """Read standard error until a line holds this text; return the lines read."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"the program ended without saying {text!r}: {''.join(lines)}")
