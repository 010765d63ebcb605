"""Fill the template and write the file, whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from genepool.adapters.report.batch_page import batch_pages
from genepool.adapters.report.fleet_page import fleet_page
from genepool.adapters.report.page import page
from genepool.errors import ConfigError
from genepool.pool.report_data import ReportData
from genepool.usecases.fleet_document import FleetPortfolio
from genepool.usecases.market_batch import MarketBatch
from genepool.usecases.view_batch import PartView


def render_report(data: ReportData) -> str:
    """Return the report as one HTML document that needs nothing else."""
    return _rendered("report.html.j2", page=page(data))


def _rendered(template: str, **shown: object) -> str:
    loader = PackageLoader("genepool.adapters.report")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    style, script = (loader.get_source(environment, f"report.{kind}")[0] for kind in ("css", "js"))
    return environment.get_template(template).render(**shown, style=style, script=script)


def check_folder(folder: Path) -> None:
    """Find out before a run, not after it, that its report could not be written.

    Raises
    ------
    ConfigError
        When there can be no such folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot make the folder {folder} for the report: {error.strerror}; choose another "
            "--output or --no-report"
        ) from error


def write_report(path: Path, data: ReportData) -> Path:
    """Write the report of a run and return its path.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    return _written(path, render_report(data))


def write_batch(path: Path, batch: MarketBatch, view: PartView) -> Path:
    """Write the report of a batch: the table over its markets, then a page of each; return its path.

    Parameters
    ----------
    path
        The file; reports of its runs that lie beside it are linked.
    batch
        What its parts found.
    view
        Looks at the run of a part.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    pages = batch_pages(batch, path.parent, view)
    return _written(path, _rendered("batch.html.j2", page=pages.front, pages=pages.markets))


def write_fleet(path: Path, found: FleetPortfolio) -> Path:
    """Write the report of a fleet and return its path.

    Raises
    ------
    ConfigError
        When the file cannot be written.
    """
    return _written(path, _rendered("report.html.j2", page=fleet_page(found)))


def _written(path: Path, document: str) -> Path:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(document, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ConfigError(
            f"the report cannot be written to {path}: {error.strerror}; choose another folder or file"
        ) from error
    return path
