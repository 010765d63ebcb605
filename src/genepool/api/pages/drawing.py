"""Draws a page from its template; every text is escaped."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from genepool.adapters.report.notation import (
    count,
    percent,
    plain_percent,
    price,
    ratio,
    round_number,
    signed_percent,
)
from genepool.api.sessions import COOKIE, csrf_token
from genepool.api_keys import ApiKey

_MINUTE, _HOUR = 60.0, 3600.0
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
    """The templates of all pages.

    Parameters
    ----------
    grafana
        Address at which browsers reach Grafana; empty for none.
    """

    def __init__(self, grafana: str = "") -> None:
        # What the report is made of, a page may be made of too.
        rooms = ("genepool.api.pages", "genepool.adapters.report")
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(room) for room in rooms]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "places": PLACES,
            "version": version("genepool"),
            "grafana": grafana.rstrip("/"),
        }
        self._environment.filters |= {
            "count": count,
            "ratio": ratio,
            "percent": percent,
            "signed_percent": signed_percent,
            "moment": _moment,
            "second": _second,
            "plain_percent": plain_percent,
            "price": price,
            "plain": round_number,
            "lasting": _lasting,
            "json": _json,
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


def _lasting(seconds: float) -> str:
    """Write how long something takes, in the largest unit that it fills.

    Examples
    --------
    >>> _lasting(7 * 86_400), _lasting(43_200), _lasting(90), _lasting(0.2)
    ('7 d', '12 h', '1.5 min', '0.2 s')
    """
    units = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))
    least, unit = next((one for one in units if seconds >= one[0]), (1.0, "s"))
    return f"{seconds / least:.3g} {unit}"


def _json(said: object) -> str:
    """Write values that JSON has as people read them."""
    return json.dumps(said, indent=2, ensure_ascii=False)


def _moment(stamp: str | None) -> str:
    """Write a stamp of ISO 8601 as people read it."""
    return "" if stamp is None else stamp[:16].replace("T", " ")


def _second(stamp: str | None) -> str:
    """Write a stamp of ISO 8601 to the second."""
    return "" if stamp is None else stamp[:19].replace("T", " ")
