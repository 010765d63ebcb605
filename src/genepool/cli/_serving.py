"""What ``genepool serve`` does once its flags are read: service, workers, pages."""

import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI

from genepool.api.access import Gate
from genepool.api.board import Board
from genepool.api.feed import Feed
from genepool.api.hosts import KnownHosts
from genepool.api.limits import BodyLimit, RateLimit
from genepool.api.measured import Measured
from genepool.api.plain_pages import plain_pages
from genepool.api.safe_headers import SafeHeaders
from genepool.api.server import serving
from genepool.api.sessions import Passes
from genepool.api_keys import fresh_key
from genepool.bootstrap.job_threads import job_threads
from genepool.bootstrap.laptop import open_laptop
from genepool.bootstrap.meters import Meters, open_meters
from genepool.bootstrap.service import Service, open_service
from genepool.bootstrap.shared_breeding import SharedBreeding
from genepool.bootstrap.shown_run import ShownRun
from genepool.cli._output import screen
from genepool.cli._service_app import UPLOADS, service_app
from genepool.history import RunSpec
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.ports import KeyRing
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.resume_run import planned_again

# What the key of a machine's own browser is called.
_OWN = "this machine's browser"


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers.

    Parameters
    ----------
    port
        Where it listens.
    service
        What it works with.
    passes
        Open sessions of browsers.
    app
        What answers.
    """

    port: int
    service: Service
    passes: Passes
    app: FastAPI


def serving_until(stop: StopRequest, settings: Settings, port: int, *, browser: bool) -> None:
    """Serve until asked to stop.

    Parameters
    ----------
    stop
        Asks for the end.
    settings
        They say what there is: history, cluster, cache, address.
    port
        Where; 0 for a free one.
    browser
        Whether to open the pages, logged in.
    """
    with served(stop, settings, port) as answering:
        structlog.get_logger().info("coordinator_ready", host=settings.service_host, port=answering.port)
        if browser:
            _welcome(answering.service.store.keys, answering.passes, settings.service_host, answering.port)
        answering.service.work()


@contextmanager
def served(stop: StopRequest, settings: Settings, port: int) -> Iterator[Served]:
    """Answer requests and do jobs while the context lasts.

    Parameters
    ----------
    stop, settings, port
        As for ``serving_until``.
    """
    board = Board()
    with open_meters(settings, board) as meters, _opened(settings, meters, stop) as service:

        def progress() -> dict[str, Any]:
            standing = board.document(service.hindrance)
            return standing | {"cpus": service.cpus(), "history": service.history}

        store, passes = service.store, Passes()
        breeding = SharedBreeding(
            service.crew, service.front, ShownRun(meters.watcher, board.of), service.acknowledged, stop
        )
        with (
            job_threads(settings, service.name, breeding, stop, meters.watcher),
            Feed(store, store.jobs, progress, meters.watcher) as feed,
        ):
            plain = plain_pages(meters.exposition, progress, service.ready)
            app = service_app(settings, store, Gate(store.keys), feed, passes, plain, progress)
            names = (settings.service_host, *settings.allowed_hosts.split(","))
            measured = Measured(app, meters.watcher)
            known = SafeHeaders(KnownHosts(RateLimit(BodyLimit(measured, UPLOADS)), names))
            with serving(known, settings.service_host, port) as found:
                yield Served(found, service, passes, app)


@contextmanager
def _opened(settings: Settings, meters: Meters, stopping: Callable[[], bool]) -> Iterator[Service]:
    def plan_of(spec: RunSpec) -> Plan:
        return planned_again(spec, FileCandles(settings.home, _tell_doubt))

    if settings.ray_address:
        with open_service(settings, plan_of, meters.watcher, stopping) as service:
            yield service
    else:
        with open_laptop(settings, meters.watcher, stopping) as service:
            yield service


def _welcome(keys: KeyRing, passes: Passes, host: str, port: int) -> None:
    """Open the pages for the person at this terminal, with a key of their own."""
    own = next((key for key in keys.listed() if key.name == _OWN and key.revoked_at is None), None)
    if own is None:
        own = keys.add(fresh_key(), _OWN, "admin")
    there = "127.0.0.1" if host in {"0.0.0.0", ""} else host  # noqa: S104 - compared
    address = f"http://[{there}]:{port}" if ":" in there else f"http://{there}:{port}"
    screen().print(f"pages       {address}", soft_wrap=True)
    link = f"{address}/login?word={passes.issue(own)}"
    if not webbrowser.open(link):
        screen().print(f"open        {link}\n            (once, within two minutes)", soft_wrap=True)


def _tell_doubt(sentence: str) -> None:
    print(f"data        {sentence}", file=sys.stderr, flush=True)
