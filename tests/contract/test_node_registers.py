"""What every register of machines promises, whatever database it stands in."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from genepool.adapters.store import embedded_url, open_sql_store
from genepool.ports.nodes import NodeRegister
from genepool.scheduling.node_cpu import EVERY_NODE, NodeCpu
from tests.fakes.postgres import history_url

ONE = NodeCpu("one", "cpu", 2, 2.0, 0.75, 0.7)


@pytest.fixture(params=["sqlite", "postgres"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NodeRegister]:
    with ExitStack() as held:
        sqlite = request.param == "sqlite"
        url = embedded_url(tmp_path / "h.sqlite") if sqlite else held.enter_context(history_url())
        store = open_sql_store(url)
        held.callback(store.close)
        yield store.nodes


def test_nothing_is_wished_for_at_first(register: NodeRegister) -> None:
    assert register.shares() == {}
    assert list(register.seen()) == []


def test_the_newest_wish_for_a_machine_holds(register: NodeRegister) -> None:
    register.share("one", 0.25)
    register.share("one", 1 / 3)
    register.share("other", 1.0)
    assert register.shares() == {"one": 1 / 3, "other": 1.0}


def test_a_wish_for_every_machine_replaces_those_before(register: NodeRegister) -> None:
    register.share("one", 0.25)
    register.share(EVERY_NODE, 0.5)
    assert register.shares() == {EVERY_NODE: 0.5}
    register.share("one", 0.1)
    assert register.shares() == {EVERY_NODE: 0.5, "one": 0.1}


def test_a_wish_is_taken_back(register: NodeRegister) -> None:
    register.share(EVERY_NODE, 0.5)
    register.share("one", 0.25)
    register.share("one", None)
    assert register.shares() == {EVERY_NODE: 0.5}
    register.share(EVERY_NODE, None)
    assert register.shares() == {}


def test_machines_are_remembered_as_they_were_seen_last(register: NodeRegister) -> None:
    other = NodeCpu("other", "memory", 4, 3.5, 1.0, 0.98)
    register.note([ONE, other])
    newer = NodeCpu("one", "cpu", 1, 2.0, 0.5, 0.51)
    register.note([newer])
    assert [one.cpu for one in register.seen()] == [newer, other]
    assert all(one.seconds_ago < 60 for one in register.seen())
