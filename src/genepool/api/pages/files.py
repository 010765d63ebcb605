"""Serves style, scripts and their licences; nothing of them comes from another place."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from genepool.api.pages.drawing import STATIC


def routes() -> APIRouter:
    """Return the routes of what pages are drawn with."""
    router = APIRouter(include_in_schema=False)
    # The pages have the report's own hand.
    templates = files("genepool.adapters.report").joinpath("templates")
    style, script = (
        templates.joinpath(f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")
    )
    keep = {"Cache-Control": "max-age=3600"}

    @router.get("/static/report.css")
    def report_style() -> Response:
        return Response(style, media_type="text/css", headers=keep)

    @router.get("/static/report.js")
    def report_script() -> Response:
        return Response(script, media_type="text/javascript", headers=keep)

    router.routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    return router
