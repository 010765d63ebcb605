"""The desk answers from what it read last, and notes what it heard."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from genepool.bootstrap.node_desk import NodeDesk
from genepool.errors import StoreAway, StoreError
from genepool.ports import CrewChanged, NodesMeasured
from genepool.scheduling.node_cpu import EVERY_NODE, NodeCpu, SeenNode

MEASURED = NodeCpu("this machine", "local", 2, 4.0, 0.75, 0.5)


@dataclass
class Register:
    """``NodeRegister`` in memory."""

    wishes: dict[str, float] = field(default_factory=dict)
    noted: list[NodeCpu] = field(default_factory=list)
    away: bool = False

    def shares(self) -> Mapping[str, float]:
        if self.away:
            raise StoreAway("away")
        return dict(self.wishes)

    def share(self, node: str, share: float | None) -> None:
        raise NotImplementedError

    def note(self, nodes: Sequence[NodeCpu]) -> None:
        self.noted.extend(nodes)

    def seen(self) -> Sequence[SeenNode]:
        raise NotImplementedError


def test_nobody_wishes_for_anything_before_it_looked() -> None:
    assert NodeDesk("desk").budget_of("ray-worker-1") is None


def test_a_machine_has_its_own_share_and_others_that_of_every_node() -> None:
    desk = NodeDesk("desk")
    desk.look(Register({"desk": 0.25, EVERY_NODE: 0.5}))
    assert desk.budget_of("this machine") == 0.25
    assert desk.budget_of("ray-worker-1") == 0.5


def test_what_was_measured_is_noted_once_under_the_name_that_users_know() -> None:
    desk, register = NodeDesk("desk"), Register()
    desk(NodesMeasured([MEASURED]))
    desk(CrewChanged([]))
    desk.look(register)
    desk.look(register)
    assert register.noted == [replace(MEASURED, node="desk")]


def test_while_the_history_is_away_the_wishes_that_were_read_hold() -> None:
    desk, register = NodeDesk("desk"), Register({"desk": 0.25})
    desk.look(register)
    register.away = True
    with pytest.raises(StoreError):
        desk.look(register)
    assert desk.budget_of("this machine") == 0.25


def test_it_follows_the_history_and_outlives_its_absence() -> None:
    desk, register = NodeDesk("desk", every_seconds=0.005), Register({"desk": 0.25}, away=True)
    with desk.following(register):
        register.away = False
        until = time.monotonic() + 10
        while desk.budget_of("this machine") is None and time.monotonic() < until:
            time.sleep(0.005)
    assert desk.budget_of("this machine") == 0.25
