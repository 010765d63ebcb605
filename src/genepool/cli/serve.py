"""``genepool serve``: the service, until it is told to stop."""

import signal
import sys
import webbrowser
from types import FrameType
from typing import Annotated, Any

import typer

from genepool.errors import ConfigError
from genepool.pool.stop_request import StopRequest
from genepool.settings import Settings, load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port; 0 for a free one.", show_default="GENEPOOL_SERVICE_PORT"),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="GENEPOOL_SERVICE_HOST")
    ] = None,
    job_workers: Annotated[
        int | None,
        typer.Option(
            min=2,
            max=64,
            help="Jobs that are done at once; one place is kept for interactive ones.",
            show_default="GENEPOOL_JOB_WORKERS",
        ),
    ] = None,
    browser: Annotated[
        bool | None,
        typer.Option(
            "--browser/--no-browser",
            help="Open the pages, logged in.",
            show_default="at a terminal, on this machine alone",
        ),
    ] = None,
) -> None:
    """Serve pages and API, and breed what they ask for: here, or on the cluster; until stopped."""
    try:
        # It comes with an extra that most commands do not need.
        from genepool.service.serving import serving_until  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the service needs {error.name}, which is not installed: pip install 'genepool[serve]'"
        ) from error
    settings = _with(load_settings(), port, host, job_workers)
    stop = StopRequest()
    _stop_on_signals(stop)
    wanted = _at_a_terminal(settings) if browser is None else browser
    serving_until(stop, settings, 0 if port == 0 else settings.service_port, _welcome if wanted else None)


def _with(settings: Settings, port: int | None, host: str | None, job_workers: int | None) -> Settings:
    changes: dict[str, Any] = {}
    if port:
        changes["service_port"] = port
    if host:
        changes["service_host"] = host
    if job_workers:
        changes["job_workers"] = job_workers
    return settings.model_copy(update=changes)


def _welcome(address: str, link: str) -> None:
    print(f"pages       {address}", flush=True)
    if not webbrowser.open(link):
        print(f"open        {link}\n            (once, within two minutes)", flush=True)


def _at_a_terminal(settings: Settings) -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and not settings.ray_address


def _stop_on_signals(stop: StopRequest) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.make()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
