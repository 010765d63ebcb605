"""Draws a page from its template; every text is escaped."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from genepool.adapters.report.notation import count, percent, ratio, signed_percent
from genepool.api.sessions import COOKIE, csrf_token
from genepool.api_keys import ApiKey

STATIC = Path(__file__).parent / "static"
# By address and word, in the order in which they stand at the top.
PLACES: Mapping[str, str] = {
    "/runs": "Runs",
    "/new": "New run",
    "/fleet": "Fleet",
    "/queue": "Queue",
    "/data": "Data",
    "/ledger": "Ledger",
    "/keys": "Keys",
}


class Drawing:
    """The templates of all pages."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("genepool.api.pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.globals |= {"places": PLACES, "version": version("genepool")}
        self._environment.filters |= {
            "count": count,
            "ratio": ratio,
            "percent": percent,
            "signed_percent": signed_percent,
            "moment": _moment,
        }

    def page(
        self,
        request: Request,
        key: ApiKey | None,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **shown: Any,  # noqa: ANN401 - whatever the template shows
    ) -> HTMLResponse:
        """Return a page, or the part of one that a template draws.

        Parameters
        ----------
        request
            What is answered.
        key
            Whose browser asks; None for nobody's.
        template
            Its file.
        status, headers
            Of the answer.
        shown
            What the template shows.
        """
        cookie = request.cookies.get(COOKIE, "")
        told = {"here": request.url.path, "key": key, "csrf": csrf_token(cookie) if key else ""}
        text = self._environment.get_template(template).render(**told, **shown)
        return HTMLResponse(text, status, {"Cache-Control": "no-store", **(headers or {})})


def _moment(stamp: str | None) -> str:
    """Write a stamp of ISO 8601 as people read it."""
    return "" if stamp is None else stamp[:16].replace("T", " ")
