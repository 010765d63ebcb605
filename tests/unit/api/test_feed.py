"""Those who watch are told what changes, each of them once, also after a break."""

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.api import feed as feed_module
from genepool.api.feed import Aside, Feed, News
from genepool.history import RunStanding
from genepool.jobs import NewJob
from genepool.ports import JobQueue


class Runs:
    """Where runs stand, as a test says."""

    def __init__(self) -> None:
        self.stand: dict[str, RunStanding] = {}

    def at(self, run: str, state: Any, generations: int) -> None:  # noqa: ANN401 - a state
        self.stand[run] = RunStanding(run, state, generations)

    def standings(self) -> list[RunStanding]:
        return list(self.stand.values())


@pytest.fixture
def queue(tmp_path: Path) -> Any:  # noqa: ANN401 - a generator's value
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as store:
        yield store.jobs


def heard(
    feed: Feed,
    count: int,
    mark: str | None = None,
    runs: tuple[str, ...] = (),
    do: Callable[[], object] = list,
) -> list[News | Aside]:
    """Return the first news of a listener; something is done once it listens."""

    async def listen() -> list[News | Aside]:
        found: list[News | Aside] = []
        listening = feed.listen(mark, runs)
        do()
        async for news in listening:
            found.append(news)
            if len(found) == count:
                break
        await listening.aclose()  # type: ignore[attr-defined] # an async generator
        return found

    return asyncio.run(asyncio.wait_for(listen(), 5))


def told(news: News | Aside) -> tuple[str, dict[str, Any]]:
    assert isinstance(news, News)
    return news.kind, json.loads(news.data)


def test_a_new_listener_hears_how_all_stands_and_then_each_change(queue: JobQueue) -> None:
    runs = Runs()
    feed = Feed(runs, queue, lambda: {"state": "idle"})
    runs.at("a", "running", 1)
    feed.look()
    runs.at("a", "running", 2)
    feed.look()
    first = heard(feed, 2)
    assert [told(news) for news in first] == [
        ("service", {"state": "idle"}),
        ("run", {"run": "a", "state": "running", "generations": 2}),
    ]

    def finish() -> None:
        runs.at("a", "finished", 3)
        feed.look()

    (last,) = heard(feed, 1, feed.mark(3), do=finish)
    assert told(last) == ("run", {"run": "a", "state": "finished", "generations": 3})


def test_what_stays_as_it_is_is_told_once(queue: JobQueue) -> None:
    feed = Feed(Runs(), queue, dict)
    queue.submit(NewJob("evolve", run="a"))
    for _ in range(3):
        feed.look()
    kinds = [told(news)[0] for news in heard(feed, 2)]
    assert sorted(kinds) == ["job", "service"]


def test_a_listener_that_was_away_hears_what_it_missed(queue: JobQueue) -> None:
    runs = Runs()
    feed = Feed(runs, queue, dict)
    feed.look()
    mark = feed.mark(1)
    for generation in (1, 2, 3):
        runs.at("a", "running", generation)
        feed.look()
    missed = heard(feed, 3, mark)
    assert [told(news)[1]["generations"] for news in missed] == [1, 2, 3]


@pytest.mark.parametrize("mark", ["otherboot-1", "nonsense", "", "-", "x-99999999999999999999"])
def test_a_mark_of_another_process_begins_anew_and_says_so(queue: JobQueue, mark: str) -> None:
    feed = Feed(Runs(), queue, dict)
    feed.look()
    reset, now = heard(feed, 2, mark)
    assert reset == "reset"
    assert told(now)[0] == "service"


def test_silence_is_told_so_that_a_listener_that_has_gone_is_noticed(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genepool.api.feed._SILENCE_SECONDS", 0.02)
    feed = Feed(Runs(), queue, dict)
    feed.look()
    assert heard(feed, 3)[1:] == ["silence", "silence"]


def test_one_connection_may_hear_of_some_runs_alone(queue: JobQueue) -> None:
    runs = Runs()
    feed = Feed(runs, queue, dict)
    for run in ("a", "b", "c"):
        runs.at(run, "running", 0)
    feed.look()
    found = [told(news) for news in heard(feed, 3, runs=("a", "c"))]
    assert [document.get("run") for kind, document in found if kind == "run"] == ["a", "c"]


def test_the_end_of_the_service_lets_listeners_go(queue: JobQueue) -> None:
    async def listen() -> int:
        with Feed(Runs(), queue, dict) as feed:
            listening = feed.listen(None)
            await anext(listening)
            assert feed.listeners == 1
            feed.__exit__(None, None, None)
            rest = [news async for news in listening]
            assert feed.listeners == 0
            return len(rest)

    assert asyncio.run(asyncio.wait_for(listen(), 10)) == 0


def test_a_look_that_fails_unforeseen_is_not_the_last_one(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "_AWAY_SECONDS", 0.01)
    asked: list[int] = []

    def service() -> dict[str, Any]:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("dictionary changed size during iteration")
        return {"state": "idle"}

    with capture_logs() as lines, Feed(Runs(), queue, service) as feed:
        [news] = heard(feed, 1)
    assert told(news) == ("service", {"state": "idle"})
    assert "feed_failed_to_look" in [line["event"] for line in lines]
