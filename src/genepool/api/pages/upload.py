"""Uploads: a file is chosen, what was understood of it is shown and corrected, and then it is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from genepool.api.access import Gate
from genepool.api.pages.candle_picture import POINTS, candle_picture
from genepool.api.pages.drawing import Drawing
from genepool.api.pages.moving import moved_to
from genepool.api.upload_form import SentFile, file_of, received
from genepool.api.uploads import Inbox
from genepool.api_keys import ApiKey
from genepool.errors import DataError
from genepool.reading.bundles import said_by
from genepool.reading.flags import FileFlags
from genepool.reading.form_fields import form_fields, shown_values
from genepool.remedies import Remedy
from genepool.usecases.datasets import Shelf, UploadedFile, take_upload
from genepool.usecases.describe_market import describe_market
from genepool.usecases.market_doubts import doubts_of
from genepool.usecases.preview_candles import preview_of

# What else the page sends: which button was pressed, and the words of a remedy.
_BUTTONS = ("keep", "with")
_HEADINGS = {
    "": "The market",
    "How to read the file": "How to read the file",
    "What to ask of the candles": "What to ask of the candles",
    "Funding": "Funding",
}
_GAPS_SHOWN = 12


def routes(gate: Gate, drawing: Drawing, shelf: Shelf, inbox: Inbox) -> APIRouter:
    """Return the routes of uploads.

    Parameters
    ----------
    gate, drawing
        Who may send files, and how it looks.
    shelf
        Where candles are kept.
    inbox
        Where files lie while they are read.
    """
    router = APIRouter(include_in_schema=False)
    runner = Annotated[ApiKey, Depends(gate.page_runs)]

    @router.get("/data/upload")
    def ask(request: Request, key: runner) -> Response:
        return drawing.page(request, key, "upload.html.j2", **_form(FileFlags()))

    # Who may not send files is told so before any is read.
    @router.post("/data/upload", dependencies=[Depends(gate.page_runs)])
    def look(request: Request, key: runner, form: Annotated[FormData, Depends(received)]) -> Response:
        sent, keeps = _corrected(form), form.get("keep") is not None
        with inbox.holding(sent) as upload:
            try:
                if keeps:
                    return moved_to(f"/data/{take_upload(upload, shelf, replacing=sent.replace).name}")
                shown = _understood(upload, shelf)
            except DataError as error:
                shown = {"refused": error, "remedies": _offered(error.remedies), "data": None}
        return drawing.page(
            request,
            key,
            "upload_understood.html.j2",
            sent=sent,
            **_form(said_by(FileFlags, sent.reading)),
            **shown,
        )

    return router


def _corrected(form: FormData) -> SentFile:
    """Return the file with what its user says, and what a remedy says beyond."""
    sent = file_of(form, _BUTTONS)
    more = [word for text in form.getlist("with") if isinstance(text, str) for word in text.splitlines()]
    return replace(sent, reading=(*sent.reading, *more))


def _understood(upload: UploadedFile, shelf: Shelf) -> Mapping[str, Any]:
    held = shelf.understand(upload)
    drawn = preview_of(upload.called, held.candles, POINTS)
    return {
        "refused": None,
        "data": describe_market(upload.called, held).as_json(),
        "name": shelf.name_for(held),
        "doubts": doubts_of(held, read_now=True),
        "picture": candle_picture(drawn),
        "gaps": [gap for gap in drawn.gaps if not gap.expected][:_GAPS_SHOWN],
    }


def _offered(remedies: tuple[Remedy, ...]) -> list[dict[str, str]]:
    """Return the remedies that one press of a button can try."""
    known = {field.flag for field in form_fields()}
    return [
        {
            "words": "\n".join(
                f"{flag.name}={flag.value}" if flag.value else flag.name for flag in one.flags
            ),
            "shown": " ".join(f"{flag.name} {flag.value}".strip() for flag in one.flags),
        }
        for one in remedies
        if one.can_be_tried and one.names <= known
    ]


def _form(said: FileFlags) -> dict[str, Any]:
    """Return the fields with their values, under the headings of the command's help."""
    panels = [
        (heading, [field for field in form_fields() if field.panel == panel])
        for panel, heading in _HEADINGS.items()
    ]
    return {"panels": panels, "values": shown_values(said), "plain": shown_values(FileFlags())}
