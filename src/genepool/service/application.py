"""Puts the application of the service together: every resource and page with the ports that it asks."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.routing import BaseRoute

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.files.acknowledged_book import AcknowledgedBook
from genepool.adapters.files.acknowledged_jobs import AcknowledgedJobs
from genepool.adapters.files.catalogue import list_data
from genepool.adapters.store import SqlStore
from genepool.api.access import Gate
from genepool.api.app import application
from genepool.api.feed import Feed
from genepool.api.pages import (
    compare,
    data,
    files,
    fleet_portfolio,
    login,
    new_run,
    queue,
    run_atlas,
    run_champion,
    run_figures,
    run_genomes,
    run_orders,
    upload,
)
from genepool.api.pages import fleet as fleet_page
from genepool.api.pages import keys as keys_page
from genepool.api.pages import ledger as ledger_page
from genepool.api.pages import run as run_page
from genepool.api.pages import runs as runs_page
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.problem import problem_drawer
from genepool.api.sessions import Passes
from genepool.api.uploads import Inbox
from genepool.api.v1 import (
    atlases,
    batch_files,
    checks,
    cluster,
    datasets,
    events,
    exams,
    fleet,
    fleet_portfolios,
    genome_exports,
    genomes,
    jobs,
    keys,
    leaderboards,
    ledger,
    run_book,
    run_files,
    runs,
    schedules,
    strategies,
)
from genepool.bootstrap.export_programs import export_programs
from genepool.bootstrap.export_writers import WRITERS
from genepool.bootstrap.open_runs import OpenRuns
from genepool.program import program
from genepool.reading.client_data import OfferedCandles, client_data
from genepool.reading.file_candles import FileCandles
from genepool.reading.file_shelf import FileShelf
from genepool.settings import Settings
from genepool.usecases.named_run import find_run
from genepool.usecases.run_points import LuckCurves

# Bytes that a request may bring where files are sent.
UPLOADS = {"/v1/datasets": 200_000_000, "/data": 200_000_000}


def service_app(
    settings: Settings,
    store: SqlStore,
    gate: Gate,
    feed: Feed,
    passes: Passes,
    plain: Sequence[BaseRoute],
    standing: Callable[[], Mapping[str, Any]],
    acknowledged: AcknowledgedLog,
    unjudged: Callable[[str], object],
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings
        They name the folders.
    store
        The history, and what stands beside it.
    gate
        Who may ask.
    feed
        What happens.
    passes
        What the browser that the service opens comes with.
    plain
        What monitors ask, without a key.
    standing
        Tells where workers and runs stand.
    acknowledged
        The log of what clients were told.
    unjudged
        Has the verdict of a run found from its candles.
    """
    orders = AcknowledgedJobs(store.jobs, acknowledged)
    source = FileCandles(settings.home, partial(structlog.get_logger().warning, "data_doubtful"))
    shelf, inbox = FileShelf(settings.home), Inbox(settings.home / "uploads")
    data_named = partial(client_data, home=settings.home)

    def run_named(word: str) -> str:
        return find_run(word, store.summaries(), program()).spec.run

    # What a client orders is bred on candles that have a name, and on no file of the server.
    offered = OfferedCandles(source, settings.home)
    open_run, programs = OpenRuns(store, source).find, export_programs(settings)
    resources = [
        runs.routes(gate, store, orders, offered, open_run),
        run_book.routes(gate, AcknowledgedBook(store.book, acknowledged)),
        leaderboards.routes(gate, open_run),
        atlases.routes(gate, open_run),
        genomes.routes(gate, open_run),
        genome_exports.routes(gate, open_run, programs),
        checks.routes(gate, open_run),
        exams.routes(gate, open_run),
        fleet.routes(gate, store.book, store, unjudged),
        fleet_portfolios.routes(gate, store.book, open_run),
        run_files.routes(gate, store, orders, open_run, settings.results, WRITERS),
        jobs.routes(gate, orders, data_named, run_named),
        batch_files.routes(gate, orders, settings.results),
        schedules.routes(gate, orders, data_named, run_named),
        datasets.routes(gate, shelf, store, orders, inbox),
        strategies.routes(gate),
        ledger.routes(gate, store.ledger_book, store),
        keys.routes(gate),
        events.routes(gate, feed),
        cluster.routes(gate, standing),
    ]
    drawing, curves = Drawing(settings.grafana_page), LuckCurves(store)
    pages = [
        files.routes(),
        login.routes(gate, drawing, passes),
        runs_page.routes(gate, drawing, store.book),
        compare.routes(gate, drawing, open_run),
        fleet_page.routes(gate, drawing, store.book, store, unjudged),
        fleet_portfolio.routes(gate, drawing, store.book, open_run),
        new_run.routes(gate, drawing, store, orders, offered, partial(list_data, settings.home)),
        run_page.routes(gate, drawing, orders, open_run, standing),
        run_figures.routes(gate, open_run, curves),
        run_orders.routes(gate, drawing, store, orders),
        run_champion.routes(gate, drawing, store, open_run, curves, programs),
        run_genomes.routes(gate, drawing, open_run, programs),
        run_atlas.routes(gate, drawing, open_run),
        upload.routes(gate, drawing, shelf, inbox),
        data.routes(gate, drawing, shelf, store, orders, data_named, run_named),
        queue.routes(gate, drawing, orders, data_named, run_named, settings.results),
        ledger_page.routes(gate, drawing, store.ledger_book, store),
        keys_page.routes(gate, drawing),
    ]
    return application(gate, resources, pages, plain, problem_drawer(gate, drawing))
