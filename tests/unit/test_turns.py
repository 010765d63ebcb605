"""Whoever wants the room alone gets it alone, and before those who come later."""

from pathlib import Path
from threading import Event, Thread

from tests.fakes.turns import taking_turns

PATIENCE = 5.0


class Visitor:
    """Somebody who comes, stays until told to leave, and says when he is in."""

    def __init__(self, folder: Path, *, alone: bool) -> None:
        self.inside, self._leave = Event(), Event()
        self._thread = Thread(target=self._visit, args=(folder, alone), daemon=True)
        self._thread.start()

    def leave(self) -> None:
        self._leave.set()
        self._thread.join(PATIENCE)

    def _visit(self, folder: Path, alone: bool) -> None:
        with taking_turns(folder, alone=alone):
            self.inside.set()
            self._leave.wait(PATIENCE)


def test_many_share_the_room(tmp_path: Path) -> None:
    visitors = [Visitor(tmp_path, alone=False) for _ in range(3)]
    assert all(visitor.inside.wait(PATIENCE) for visitor in visitors)
    for visitor in visitors:
        visitor.leave()


def test_one_who_wants_it_alone_waits_for_the_others_and_they_for_him(tmp_path: Path) -> None:
    first = Visitor(tmp_path, alone=False)
    assert first.inside.wait(PATIENCE)
    alone = Visitor(tmp_path, alone=True)
    assert not alone.inside.wait(0.1)
    later = Visitor(tmp_path, alone=False)
    assert not later.inside.wait(0.1)
    first.leave()
    assert alone.inside.wait(PATIENCE)
    assert not later.inside.wait(0.1)
    alone.leave()
    assert later.inside.wait(PATIENCE)
    later.leave()
