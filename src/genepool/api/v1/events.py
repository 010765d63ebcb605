"""``/v1/events``: what happens, as server-sent events; one connection hears of any number of runs."""

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from genepool.api.access import Gate
from genepool.api.feed import Feed
from genepool.api.problems import answers

LISTENERS_AT_MOST = 400


def routes(gate: Gate, feed: Feed) -> APIRouter:
    """Return the route of events."""
    router = APIRouter(prefix="/events", tags=["events"])

    def room() -> None:
        if feed.listeners >= LISTENERS_AT_MOST:
            raise HTTPException(
                503, f"{LISTENERS_AT_MOST} listeners are here already: try again later", {"Retry-After": "30"}
            )

    @router.get(
        "",
        response_class=EventSourceResponse,
        responses=answers(503),
        dependencies=[Depends(gate.reads), Depends(room)],
    )
    async def events(
        run: Annotated[list[str] | None, Query(max_length=200)] = None,
        last_event_id: Annotated[str | None, Header(max_length=40)] = None,
    ) -> AsyncIterable[ServerSentEvent]:
        """Tell how runs, jobs and the service stand, and then each change.

        Events are `run`, `job` and `service`, each with a document; `reset` says that what happened since
        `Last-Event-ID` is not known any more, and how all stands now follows. `run` limits what is told of
        runs and their jobs to these.
        """
        async for news in feed.listen(last_event_id, run or ()):
            if news is None:
                yield ServerSentEvent(event="reset", raw_data="{}")
            else:
                yield ServerSentEvent(id=feed.mark(news.number), event=news.kind, raw_data=news.data)

    return router
