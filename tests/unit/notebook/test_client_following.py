"""A job is followed to its end, by news where they come and by asking where they do not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from genepool.errors import ServiceUnavailable
from genepool.notebook import client_following
from genepool.notebook.client_following import Following

JOB = 7


@dataclass
class Heard:
    event: str
    document: dict[str, Any]
    id: str = ""
    data: str = ""

    def json(self) -> dict[str, Any]:
        return self.document


def job(state: str, number: int = JOB) -> dict[str, Any]:
    return {"id": number, "state": state}


class Service:
    """Says what it is told to, and notes what it is asked.

    Parameters
    ----------
    states
        Of the job, each time that it is asked for.
    news
        What each listener hears; an exception for one that is refused or cut.
    """

    def __init__(self, states: Sequence[str], news: Sequence[Sequence[Heard | Exception]]) -> None:
        self._states, self._news = iter(states), iter(news)
        self.marks: list[str] = []
        self.about: list[dict[str, Any]] = []

    def get(self, path: str, **_query: Any) -> Any:  # noqa: ANN401 - JSON
        assert path == f"/v1/jobs/{JOB}"
        return job(next(self._states))

    @contextmanager
    def events(self, mark: str, **query: Any) -> Iterator[Iterator[Heard]]:  # noqa: ANN401 - words of a query
        self.marks.append(mark)
        self.about.append(query)
        yield self._told(next(self._news))

    def _told(self, news: Sequence[Heard | Exception]) -> Iterator[Heard]:
        for one in news:
            if isinstance(one, Exception):
                raise one
            yield one


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_following, "_ASK_SECONDS", 0.0)


def states(service: Service, run: str | None = "bred") -> list[str]:
    found: list[Mapping[str, Any]] = list(Following(service, JOB, run).documents())
    return [str(one["state"]) for one in found]


def test_one_that_has_ended_is_not_listened_for() -> None:
    service = Service(["done"], [])
    assert states(service) == ["done"]
    assert service.marks == []


def test_only_news_of_the_job_count() -> None:
    news = [
        Heard("run", {"id": JOB, "state": "done"}),
        Heard("job", job("done", number=8)),
        Heard("reset", {}),
        Heard("job", job("running")),
        Heard("job", job("done")),
        Heard("job", job("queued")),
    ]
    service = Service(["queued"], [news])
    assert states(service) == ["queued", "running", "done"]
    assert service.about == [{"run": "bred"}]


def test_one_that_comes_back_says_what_it_heard_last() -> None:
    first: list[Heard | Exception] = [
        Heard("job", job("running"), "a-3"),
        Heard("service", {}, "a-4"),
        ServiceUnavailable("cut"),
    ]
    service = Service(["queued", "running"], [first, [Heard("job", job("done"), "a-5")]])
    assert states(service) == ["queued", "running", "running", "done"]
    assert service.marks == ["", "a-4"]


def test_where_no_news_come_the_job_is_asked_for() -> None:
    service = Service(["queued", "running", "running", "failed"], [[ServiceUnavailable("no place")]] * 3)
    assert states(service) == ["queued", "running", "running", "failed"]


def test_where_only_other_news_come_the_job_is_asked_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_following, "_QUIET_SECONDS", -1.0)
    service = Service(["running", "done"], [[Heard("service", {}, "a-1"), Heard("service", {}, "a-2")]])
    assert states(service) == ["running", "done"]


def test_a_job_without_a_run_listens_to_all() -> None:
    service = Service(["running"], [[Heard("job", job("cancelled"))]])
    assert states(service, run=None) == ["running", "cancelled"]
    assert service.about == [{}]
