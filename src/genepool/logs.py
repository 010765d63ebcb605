"""Structured logging, configured once by the entry points; the core logs nothing."""

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

import structlog

_WRITING = threading.Lock()


class LineLogger:
    """Writes lines to a stream, and leaves out what the stream no longer takes.

    The reader of a log may end before its writer, and a disk may be full: neither may end a thread.

    Parameters
    ----------
    stream
        Where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line."""
        # A closed stream raises ValueError, everything else that befalls it is an OSError.
        with _WRITING, suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    log = debug = info = warning = error = critical = exception = msg


def configure(*, level: str = "INFO", as_json: bool | None = None) -> None:
    """Send log events to standard error.

    Parameters
    ----------
    level
        Lowest level shown, by its standard name.
    as_json
        One JSON object a line; by default whenever standard error is not a terminal.
    """
    machine = not sys.stderr.isatty() if as_json is None else as_json
    renderer = structlog.processors.JSONRenderer() if machine else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_to(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _to(stream: TextIO) -> Callable[..., LineLogger]:
    return lambda *_names: LineLogger(stream)
