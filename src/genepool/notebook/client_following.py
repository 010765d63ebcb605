"""Follows a job of a service until it has ended: by its events, and by asking where those do not come."""

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, suppress
from typing import Any, Protocol

from genepool.errors import ServiceUnavailable
from genepool.jobs import ENDED

_ASK_SECONDS = 1.0
# So long after the last news of the job it is asked for, whatever else is told.
_QUIET_SECONDS = 30.0


class _Event(Protocol):
    """One event."""

    @property
    def event(self) -> str:
        """What kind it is of."""
        ...

    @property
    def id(self) -> str:
        """What a listener says when it comes back."""
        ...

    def json(self) -> Any:  # noqa: ANN401 - as JSON has it
        """Return what it tells."""
        ...


class ServiceLine(Protocol):
    """The connection to a service."""

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - as JSON has it
        """Ask for a document."""
        ...

    def events(self, mark: str, **query: Any) -> AbstractContextManager[Iterator[_Event]]:  # noqa: ANN401 - words of a query
        """Yield what happens, from a mark on."""
        ...


class Following:
    """One job that is followed.

    Parameters
    ----------
    line
        The connection.
    job
        Its number.
    run
        Its run, for the service to tell of nothing else; None where it has none.
    """

    def __init__(self, line: ServiceLine, job: int, run: str | None) -> None:
        self._line = line
        self._job = job
        self._about = {} if run is None else {"run": run}
        self._mark = ""

    def documents(self) -> Iterator[Mapping[str, Any]]:
        """Yield the job's document now, and whenever it has changed, until the job has ended.

        Raises
        ------
        ServiceUnavailable
            When the service stays away for longer than the client's patience.
        """
        while True:
            document = self._line.get(f"/v1/jobs/{self._job}")
            yield document
            if document["state"] in ENDED:
                return
            # It left, or has no place for a listener: until it has, it is asked.
            with suppress(ServiceUnavailable), closing(self._told()) as told:
                for document in told:
                    yield document
                    if document["state"] in ENDED:
                        return
            time.sleep(_ASK_SECONDS)

    def _told(self) -> Generator[Mapping[str, Any]]:
        quiet = time.monotonic()
        with self._line.events(self._mark, **self._about) as heard:
            for event in heard:
                self._mark = event.id or self._mark
                document = event.json() if event.event == "job" else {}
                if document.get("id") == self._job:
                    yield document
                    quiet = time.monotonic()
                elif time.monotonic() - quiet > _QUIET_SECONDS:
                    return
