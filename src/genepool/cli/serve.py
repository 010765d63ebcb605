"""``genepool serve``: the coordinator of a cluster, until it is told to stop."""

import signal
import sys
from types import FrameType
from typing import Any

import structlog
import typer

from genepool.api.board import Board
from genepool.api.hosts import KnownHosts
from genepool.api.limits import BodyLimit, RateLimit
from genepool.errors import ConfigError
from genepool.history import RunSpec
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.reading.file_candles import FileCandles
from genepool.settings import load_settings
from genepool.usecases.resume_run import planned_again


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve() -> None:
    """Evolve queued runs on the cluster, and show metrics and progress over HTTP, until stopped."""
    try:
        # They come with an extra that no laptop needs.
        from genepool.api.plain_pages import plain_application, plain_pages  # noqa: PLC0415
        from genepool.api.server import serving  # noqa: PLC0415
        from genepool.bootstrap.meters import open_meters  # noqa: PLC0415
        from genepool.bootstrap.service import open_service  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"a coordinator needs {error.name}, which is not installed: pip install 'genepool[platform]'"
        ) from error
    settings = load_settings()
    stop = StopRequest()
    _stop_on_signals(stop)
    board = Board()

    def plan_of(spec: RunSpec) -> Plan:
        return planned_again(spec, FileCandles(settings.home, _tell_doubt))

    with (
        open_meters(settings, board) as meters,
        open_service(settings, plan_of, meters.watcher, stop) as service,
    ):

        def progress() -> dict[str, Any]:
            standing = board.document(service.hindrance)
            return standing | {"cpus": service.cpus(), "history": service.history}

        pages = plain_application(plain_pages(meters.exposition, progress, service.ready))
        known = KnownHosts(
            RateLimit(BodyLimit(pages)), (settings.service_host, *settings.allowed_hosts.split(","))
        )
        with serving(known, settings.service_host, settings.service_port) as port:
            structlog.get_logger().info("coordinator_ready", host=settings.service_host, port=port)
            service.coordinator.work()


def _tell_doubt(sentence: str) -> None:
    print(f"data        {sentence}", file=sys.stderr, flush=True)


def _stop_on_signals(stop: StopRequest) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.make()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
