"""What happens, for all who watch: one thread looks, and any number of listeners are told."""

import asyncio
import json
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeAlias

import structlog

from genepool.errors import StoreError
from genepool.history import RunStanding
from genepool.ports import JobQueue, ListenersCounted, Watcher
from genepool.usecases.job_document import job_document

_LOOK_SECONDS = 0.5
_AWAY_SECONDS = 5.0
# So much may be missed and still be told again.
_KEPT = 4_000
_JOBS = 200
_SILENCE_SECONDS = 15.0

# What is told between news.
Aside: TypeAlias = Literal["reset", "silence"]


class Standings(Protocol):
    """Who tells where runs stand."""

    def standings(self) -> list[RunStanding]:
        """Return where the newest runs stand, and all that have not ended."""
        ...


@dataclass(frozen=True, slots=True)
class News:
    """Something that changed.

    Parameters
    ----------
    number
        Counts all news of this process.
    kind
        ``run``, ``job`` or ``service``.
    about
        The run that it is about; empty for none.
    data
        As JSON text.
    """

    number: int
    kind: str
    about: str
    data: str


class Feed:
    """Looks twice a second while somebody listens, and keeps the newest news for those who come back.

    Parameters
    ----------
    history, jobs
        Where it looks.
    service
        Where the service stands, as values that JSON has.
    watcher
        Told how many listen.
    """

    def __init__(
        self,
        history: Standings,
        jobs: JobQueue,
        service: Callable[[], Mapping[str, Any]],
        watcher: Watcher = lambda _: None,
    ) -> None:
        self._history = history
        self._jobs = jobs
        self._service = service
        self._watcher = watcher
        self._boot = secrets.token_hex(4)
        self._kept: deque[News] = deque(maxlen=_KEPT)
        self._number = 0
        self._latest: dict[tuple[str, str], News] = {}
        self._wakers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="feed", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more, and let all listeners go."""
        self._over.set()
        self._wake()
        self._thread.join()

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._wakers)

    def mark(self, number: int) -> str:
        """Return what a listener says when it comes back."""
        return f"{self._boot}-{number}"

    async def listen(self, mark: str | None, runs: Iterable[str] = ()) -> AsyncIterator[News | Aside]:
        """Yield what happens, from a mark on.

        ``"reset"`` comes first when something since then is not known any more, and ``"silence"`` when
        nothing has happened for a while.

        Parameters
        ----------
        mark
            Of the last news that the listener has; None for a new one, which is told how all stands now.
        runs
            The only runs that it wants to hear of; none for all.
        """
        wanted, waker = frozenset(runs), asyncio.Event()
        with self._lock:
            self._wakers[waker] = asyncio.get_running_loop()
        self._watcher(ListenersCounted(self.listeners))
        try:
            number = self._number_of(mark)
            if number is None:
                if mark is not None:
                    yield "reset"
                number = 0
            while not self._over.is_set():
                waker.clear()
                for news in self._after(number):
                    number = news.number
                    if not wanted or not news.about or news.about in wanted:
                        yield news
                try:
                    async with asyncio.timeout(_SILENCE_SECONDS):
                        await waker.wait()
                except TimeoutError:
                    # A listener that has gone is noticed when something is sent to it.
                    yield "silence"
        finally:
            with self._lock:
                self._wakers.pop(waker, None)
            self._watcher(ListenersCounted(self.listeners))

    def look(self) -> None:
        """Look once, and tell what changed."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {
            ("run", one.run): _of_run(one) for one in self._history.standings()
        }
        found |= {("job", str(job.id)): job_document(job).as_json() for job in self._jobs.jobs(count=_JOBS)}
        found["service", ""] = self._service()
        with self._lock:
            fresh = [news for place, document in found.items() if (news := self._news(place, document))]
            self._kept.extend(fresh)
            self._latest = {place: news for place, news in self._latest.items() if place in found}
        if fresh:
            self._wake()

    def _news(self, place: tuple[str, str], document: Mapping[str, Any]) -> News | None:
        text, before = json.dumps(document), self._latest.get(place)
        if before is not None and before.data == text:
            return None
        self._number += 1
        about = "" if place[0] == "service" else str(document.get("run") or "")
        news = self._latest[place] = News(self._number, place[0], about, text)
        return news

    def _watch(self) -> None:
        while not self._over.is_set():
            seconds = _LOOK_SECONDS
            if self._wakers:
                try:
                    self.look()
                except StoreError as error:
                    structlog.get_logger().warning("feed_cannot_look", reason=str(error))
                    seconds = _AWAY_SECONDS
                except Exception:  # noqa: BLE001 - without this thread nobody hears of anything until a restart
                    structlog.get_logger().exception("feed_failed_to_look")
                    seconds = _AWAY_SECONDS
            self._over.wait(seconds)

    def _number_of(self, mark: str | None) -> int | None:
        boot, _, number = (mark or "").partition("-")
        if boot != self._boot or not (number.isascii() and number.isdigit()) or len(number) > 15:  # noqa: PLR2004 - no longer ones are given out
            return None
        oldest = self._kept[0].number if self._kept else 1
        return int(number) if oldest - 1 <= int(number) <= self._number else None

    def _after(self, number: int) -> list[News]:
        with self._lock:
            if number == 0:
                # A new listener hears the newest of each alone.
                return sorted(self._latest.values(), key=lambda news: news.number)
            return [news for news in self._kept if news.number > number]

    def _wake(self) -> None:
        with self._lock:
            wakers = list(self._wakers.items())
        for waker, loop in wakers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(waker.set)


def _of_run(one: RunStanding) -> dict[str, Any]:
    return {"run": one.run, "state": one.state, "generations": one.generations}
