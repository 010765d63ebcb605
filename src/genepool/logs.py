"""Structured logging, configured once by the entry points; the core logs nothing."""

import logging
import sys

import structlog


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
