"""Events over HTTP: what a listener is told, what one hears that comes back, and one too many."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from genepool.api import key_watch
from genepool.api.v1 import events
from tests.fakes.histories import a_spec
from tests.fakes.service import LiveService, live_service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service")) as live:
        yield live


@contextmanager
def listening(service: LiveService, mark: str = "", **query: Any) -> Iterator[Iterator[ServerSentEvent]]:  # noqa: ANN401 - a query
    headers = {"Last-Event-ID": mark} if mark else {}
    with connect_sse(service.reader, "GET", "/v1/events", params=query, headers=headers) as source:
        assert source.response.status_code == 200
        yield source.iter_sse()


def until(heard: Iterator[ServerSentEvent], run: str) -> ServerSentEvent:
    """Return the first event of a run."""
    return next(one for one in heard if one.event == "run" and one.json()["run"] == run)


def test_a_stream_is_marked_as_one_and_kept_by_nobody(service: LiveService) -> None:
    with service.reader.stream("GET", "/v1/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "no-" in answer.headers["cache-control"]
        lines = answer.iter_lines()
        told = [
            next(line for line in lines if line.startswith(start)) for start in ("event:", "data:", "id:")
        ]
        assert all(len(line) > len("event: ") - 3 for line in told)


def test_one_that_comes_back_hears_what_it_missed_and_nothing_twice(service: LiveService) -> None:
    service.store.create(a_spec("before"))
    with listening(service) as heard:
        mark = until(heard, "before").id
    service.store.create(a_spec("missed"))
    with listening(service, mark) as heard:
        again = next(one for one in heard if one.event == "run")
    assert again.json()["run"] == "missed"
    assert again.id != mark


def test_one_whose_mark_is_not_known_is_told_to_begin_anew(service: LiveService) -> None:
    service.store.create(a_spec("known"))
    with listening(service, "another-3") as heard:
        assert next(heard).event == "reset"
        assert until(heard, "known").json()["state"]


def test_one_may_ask_for_some_runs_alone(service: LiveService) -> None:
    for name in ("wanted", "unwanted", "wanted-too"):
        service.store.create(a_spec(name))
    with listening(service, run=["wanted", "wanted-too"]) as heard:
        told = [until(heard, "wanted"), until(heard, "wanted-too")]
    with listening(service, run=["wanted-too"]) as heard:
        first = next(one for one in heard if one.event == "run")
    assert [one.json()["run"] for one in [*told, first]] == ["wanted", "wanted-too", "wanted-too"]


def test_a_listener_too_many_is_told_when_to_try_again(
    service: LiveService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LISTENERS_AT_MOST", 1)
    with listening(service) as heard:
        next(heard)
        refused = service.admin.get("/v1/events")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "30"
        assert "try again later" in refused.json()["detail"]


def test_a_stranger_hears_nothing(service: LiveService) -> None:
    answer: httpx.Response = service.stranger.get("/v1/events")
    assert answer.status_code == 401


def test_a_stream_ends_when_its_key_is_revoked(service: LiveService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_watch, "_SECONDS", 0.0)
    made = service.admin.post("/v1/keys", json={"name": "for a while", "scope": "read"}).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    with connect_sse(service.stranger, "GET", "/v1/events", headers=headers) as source:
        heard = source.iter_sse()
        next(heard)
        service.admin.delete(f"/v1/keys/{made['id']}")
        service.store.create(a_spec("afterwards"))
        with pytest.raises(StopIteration):
            until(heard, "afterwards")
