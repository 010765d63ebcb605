"""``/v1/events``: what happens, as server-sent events; one connection hears of any number of runs."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.exceptions import HTTPException

from genepool.api.access import Gate
from genepool.api.feed import Feed, News
from genepool.api.key_watch import KeyWatch
from genepool.api.problems import answers
from genepool.api_keys import ApiKey

LISTENERS_AT_MOST = 400
_MEDIA_TYPE = "text/event-stream"
_STREAM: dict[str, Any] = {
    "description": "Events, as they happen.",
    "content": {_MEDIA_TYPE: {"schema": {"type": "string"}}},
}
# A proxy must pass each event on at once.
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def routes(gate: Gate, feed: Feed) -> APIRouter:
    """Return the route of events."""
    router = APIRouter(prefix="/events", tags=["events"])
    watch = KeyWatch(gate.ring.listed)

    def room() -> None:
        if feed.listeners >= LISTENERS_AT_MOST:
            raise HTTPException(
                503, f"{LISTENERS_AT_MOST} listeners are here already: try again later", {"Retry-After": "30"}
            )

    @router.get(
        "",
        response_class=StreamingResponse,
        responses={200: _STREAM, **answers(503)},
        dependencies=[Depends(room)],
    )
    def events(
        key: Annotated[ApiKey, Depends(gate.reads)],
        run: Annotated[list[str] | None, Query(max_length=200)] = None,
        last_event_id: Annotated[str | None, Header(max_length=40)] = None,
    ) -> StreamingResponse:
        """Tell how runs, jobs and the service stand, and then each change.

        Events are `run`, `job` and `service`, each with a document; `reset` says that what happened since
        `Last-Event-ID` is not known any more, and how all stands now follows. `run` limits what is told of
        runs and their jobs to these. The stream ends when its key is revoked.
        """
        told = _told(feed, last_event_id, run or (), watch, key.id)
        return StreamingResponse(told, media_type=_MEDIA_TYPE, headers=_HEADERS)

    return router


async def _told(
    feed: Feed, mark: str | None, runs: Sequence[str], watch: KeyWatch, key: int
) -> AsyncIterator[bytes]:
    async for news in feed.listen(mark, runs):
        if watch.is_old():
            # It reads the history, which must not hold up the other listeners.
            await run_in_threadpool(watch.look)
        if not watch.lets_in(key):
            return
        match news:
            case "silence":
                yield KEEPALIVE_COMMENT
            case "reset":
                yield format_sse_event(event="reset", data_str="{}")
            case News(number, kind, _, data):
                yield format_sse_event(id=feed.mark(number), event=kind, data_str=data)
