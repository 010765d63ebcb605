"""Puts the application of the service together: every resource and page with the ports that it asks."""

from collections.abc import Sequence
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.routing import BaseRoute

from genepool.adapters.store import SqlStore
from genepool.api.access import Gate
from genepool.api.app import application
from genepool.api.feed import Feed
from genepool.api.pages import data, files, login, queue, upload
from genepool.api.pages import keys as keys_page
from genepool.api.pages import ledger as ledger_page
from genepool.api.pages import runs as runs_page
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.problem import problem_drawer
from genepool.api.sessions import Passes
from genepool.api.uploads import Inbox
from genepool.api.v1 import datasets, events, jobs, keys, ledger, runs, schedules, strategies
from genepool.program import program
from genepool.reading.client_data import OfferedCandles, client_data
from genepool.reading.file_candles import FileCandles
from genepool.reading.file_shelf import FileShelf
from genepool.settings import Settings
from genepool.usecases.named_run import find_run

# Bytes that a request may bring where files are sent.
UPLOADS = {"/v1/datasets": 200_000_000, "/data": 200_000_000}


def service_app(
    settings: Settings, store: SqlStore, gate: Gate, feed: Feed, passes: Passes, plain: Sequence[BaseRoute]
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
    """
    source = FileCandles(settings.home, partial(structlog.get_logger().warning, "data_doubtful"))
    shelf, inbox = FileShelf(settings.home), Inbox(settings.home / "uploads")
    data_named = partial(client_data, home=settings.home)

    def run_named(word: str) -> str:
        return find_run(word, store.summaries(), program()).spec.run

    resources = [
        runs.routes(gate, store, store.jobs, source, OfferedCandles(source, settings.home)),
        jobs.routes(gate, store.jobs, data_named, run_named),
        schedules.routes(gate, store.jobs, data_named, run_named),
        datasets.routes(gate, shelf, store, store.jobs, inbox),
        strategies.routes(gate),
        ledger.routes(gate, store.book),
        keys.routes(gate),
        events.routes(gate, feed),
    ]
    drawing = Drawing()
    pages = [
        files.routes(),
        login.routes(gate, drawing, passes),
        runs_page.routes(gate, drawing, store),
        upload.routes(gate, drawing, shelf, inbox),
        data.routes(gate, drawing, shelf, store, store.jobs, data_named, run_named),
        queue.routes(gate, drawing, store.jobs, data_named, run_named),
        ledger_page.routes(gate, drawing, store.book, store),
        keys_page.routes(gate, drawing),
    ]
    return application(gate, resources, pages, plain, problem_drawer(gate, drawing))
