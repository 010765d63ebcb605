"""A late generation of a long run is read in as many steps of SQLite as an early one."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from tests.fakes.histories import a_dynasty, a_spec

GENERATIONS = 60
# Steps of its machine from one count to the next.
STRIDE = 10


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """Return a history with one run, somebody of whose first generation lives to the end."""
    file = tmp_path_factory.mktemp("late") / "genepool.sqlite"
    with closing(open_sql_store(embedded_url(Path(file)))) as made:
        made.create(a_spec("long"))
        for record in a_dynasty(GENERATIONS):
            made.record("long", record)
        yield made


def steps(call: Callable[[], object]) -> int:
    """Return how many steps SQLite takes in a call."""
    taken = []

    def counting(connection: Any, *_: object) -> None:  # noqa: ANN401 - a driver's connection
        connection.connection.dbapi_connection.set_progress_handler(lambda: taken.append(STRIDE), STRIDE)

    event.listen(Engine, "before_cursor_execute", counting)
    try:
        call()
    finally:
        event.remove(Engine, "before_cursor_execute", counting)
    return sum(taken)


@pytest.mark.parametrize("count", [1, 5])
def test_generations_of_the_end_take_no_more_than_those_of_the_beginning(store: SqlStore, count: int) -> None:
    early = steps(lambda: store.generations("long", 5, count))
    late = steps(lambda: store.generations("long", GENERATIONS - 6, count))
    assert 0 < late < 1.2 * early


@pytest.mark.parametrize(
    "read",
    [
        lambda store: store.last_population("long"),
        lambda store: store.generation_lines("long", GENERATIONS - 5, 5),
    ],
    ids=["last population", "lines of generations"],
)
def test_what_is_read_of_the_end_takes_less_than_ten_generations(
    store: SqlStore, read: Callable[[SqlStore], object]
) -> None:
    ten = steps(lambda: store.generations("long", 5, 10))
    assert 0 < steps(lambda: read(store)) < ten
