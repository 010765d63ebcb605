"""Lists of runs cost what they show, however many runs were abandoned: none is asked for by itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from sqlite3 import Connection as Lock
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.adapters.store.claims import FileClaims
from genepool.adapters.store.tables import runs
from genepool.history import RunFilter
from tests.fakes.histories import a_spec
from tests.fakes.postgres import history_url

FEW, MANY = 3, 40


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], SqlStore]]:
    with ExitStack() as held:
        kind = request.param
        url = embedded_url(tmp_path / "h.sqlite") if kind == "sqlite" else held.enter_context(history_url())

        def opener() -> SqlStore:
            store = open_sql_store(url)
            held.callback(store.close)
            return store

        yield opener


def let_die(store: SqlStore, opened: Callable[[], SqlStore]) -> None:
    """End a store as the death of its process does, longer ago than a restart takes."""
    store.close()
    with opened()._access.writing() as connection:
        connection.execute(update(runs).values(lease_until=None))


def abandon(opened: Callable[[], SqlStore], count: int, first: int = 0) -> None:
    """Leave runs as a process does that dies: they are running, and nobody owns them."""
    gone = opened()
    for number in range(first, first + count):
        gone.create(a_spec(f"run-{number}"))
        gone.claim(f"run-{number}")
    let_die(gone, opened)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield the statements that are sent while the context lasts."""
    sent: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", count)


LOOKS: dict[str, Callable[[SqlStore], object]] = {
    "standings": SqlStore.standings,
    "summaries": SqlStore.summaries,
    "page": lambda store: store.book.page(RunFilter()),
    "page by state": lambda store: store.book.page(RunFilter(states=("interrupted",))),
    "one": lambda store: store.book.summary("run-1"),
}


def test_a_look_sends_as_many_statements_for_many_abandoned_runs_as_for_few(
    opened: Callable[[], SqlStore],
) -> None:
    store, sent = opened(), dict[str, int]()
    abandon(opened, FEW)
    for what, look in LOOKS.items():
        with counted() as statements:
            look(store)
        sent[what] = len(statements)
    abandon(opened, MANY, FEW)
    for what, look in LOOKS.items():
        with counted() as statements:
            look(store)
        assert len(statements) == sent[what], what
    assert {one.state for one in store.summaries()} == {"interrupted"}


def test_a_lock_file_that_was_free_is_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opener() -> SqlStore:
        return open_sql_store(embedded_url(tmp_path / "h.sqlite"))

    abandon(opener, FEW)
    store, opens, connect = opener(), list[str](), FileClaims._connect

    def noted(claims: FileClaims, run: str, patience: float) -> Lock:
        opens.append(run)
        return connect(claims, run, patience)

    monkeypatch.setattr(FileClaims, "_connect", noted)
    store.book.summary("run-0")
    assert opens == ["run-0"], "what is asked of one run looks at its file alone"
    store.standings()
    assert sorted(opens) == ["run-0", "run-1", "run-2"]
    for look in LOOKS.values():
        look(store)
    assert len(opens) == FEW
    store.close()


def test_a_run_that_was_found_abandoned_is_running_once_a_process_takes_it_up(
    opened: Callable[[], SqlStore],
) -> None:
    abandon(opened, 2)
    store, other = opened(), opened()
    for _ in range(2):
        assert {one.run: one.state for one in store.standings()}["run-0"] == "interrupted"
        other.claim("run-0")
        assert {one.run: one.state for one in store.standings()} == {
            "run-0": "running",
            "run-1": "interrupted",
        }
        let_die(other, opened)
        assert {one.run: one.state for one in store.standings()}["run-0"] == "interrupted"
        other = opened()
