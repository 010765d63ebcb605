"""What ``genepool serve`` does once its flags are read: service, workers, pages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

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
from genepool.api_keys import ApiKey, fresh_key
from genepool.bootstrap.job_threads import job_threads
from genepool.bootstrap.laptop import open_laptop
from genepool.bootstrap.meters import Meters, open_meters
from genepool.bootstrap.open_runs import OpenRuns
from genepool.bootstrap.rung_following import LastRun, RungFollower, rung_following
from genepool.bootstrap.service import Service, open_service
from genepool.bootstrap.shared_breeding import SharedBreeding
from genepool.bootstrap.shown_run import ShownRun
from genepool.bootstrap.unjudged_runs import UnjudgedRuns
from genepool.history import RunSpec
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.pool.watchers import audience
from genepool.ports import KeyRing
from genepool.reading.file_candles import FileCandles
from genepool.service.application import UPLOADS, service_app
from genepool.settings import Settings
from genepool.usecases.resume_run import planned_again

# Told the address of the pages, and a link that opens them logged in, once.
Welcome: TypeAlias = Callable[[str, str], object]
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


def serving_until(stop: StopRequest, settings: Settings, port: int, welcome: Welcome | None = None) -> None:
    """Serve until asked to stop.

    Parameters
    ----------
    stop
        Asks for the end.
    settings
        They say what there is: history, cluster, cache, address.
    port
        Where; 0 for a free one.
    welcome
        Opens the pages for the person at this terminal; None for nobody.
    """
    with served(stop, settings, port) as answering:
        structlog.get_logger().info("coordinator_ready", host=settings.service_host, port=answering.port)
        if welcome is not None:
            address = _address(settings.service_host, answering.port)
            key = _own_key(answering.service.store.keys)
            welcome(address, f"{address}/login?word={answering.passes.issue(key)}")
        answering.service.work()


@contextmanager
def served(stop: StopRequest, settings: Settings, port: int) -> Iterator[Served]:
    """Answer requests and do jobs while the context lasts.

    Parameters
    ----------
    stop, settings, port
        As for ``serving_until``.
    """
    board, last = Board(), LastRun()
    with open_meters(settings, audience([board, last])) as meters, _opened(settings, meters, stop) as service:

        def progress() -> dict[str, Any]:
            standing = board.document(service.hindrance)
            return standing | {"cpus": service.cpus(), "history": service.history}

        store, passes = service.store, Passes()
        breeding = SharedBreeding(
            service.crew,
            service.front,
            ShownRun(meters.watcher, board.of),
            service.acknowledged,
            service.cpus,
        )
        recorded = OpenRuns(store, FileCandles(settings.home, _tell_doubt), most=1)
        unjudged = UnjudgedRuns(OpenRuns(store, FileCandles(settings.home, _tell_doubt), most=1).open)
        with (
            rung_following(RungFollower(last, recorded.open, meters.watcher).look),
            rung_following(unjudged.look, seconds=1.0),
            job_threads(
                settings,
                service.name,
                breeding,
                breeding.evaluating,
                stop,
                meters.watcher,
                service.acknowledged,
            ),
            Feed(store, store.jobs, progress, meters.watcher) as feed,
        ):
            plain = plain_pages(meters.exposition, progress, service.ready)
            told = service.acknowledged
            app = service_app(
                settings, store, Gate(store.keys), feed, passes, plain, progress, told, unjudged.ask
            )
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


def _own_key(keys: KeyRing) -> ApiKey:
    """Return the key of this machine's own browser, which nobody else has; made by the first start."""
    own = next((key for key in keys.listed() if key.name == _OWN and key.revoked_at is None), None)
    return own or keys.add(fresh_key(), _OWN, "admin")


def _address(host: str, port: int) -> str:
    there = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared
    return f"http://[{there}]:{port}" if ":" in there else f"http://{there}:{port}"


def _tell_doubt(sentence: str) -> None:
    sys.stderr.write(f"data        {sentence}\n")
