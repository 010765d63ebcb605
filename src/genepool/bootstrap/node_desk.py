"""Between the history and the workers: what users wish of machines, and what machines did of late."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from genepool.adapters.local.processes import SEAT
from genepool.errors import StoreError
from genepool.ports import Event, NodesMeasured
from genepool.ports.nodes import NodeRegister
from genepool.scheduling.node_cpu import EVERY_NODE, NodeCpu

_EVERY_SECONDS = 1.0


class NodeDesk:
    """Answers at once what share of a machine may work, and notes what was measured, in a thread of its own.

    It is a ``Watcher``. No run waits for the history because of it: while that is away, the newest wishes
    that were read hold.

    Parameters
    ----------
    here
        Name of this machine, by which users know it.
    every_seconds
        Between two looks into the history.
    """

    def __init__(self, here: str = "", every_seconds: float = _EVERY_SECONDS) -> None:
        self._every_seconds = every_seconds
        # Several machines may write into one history.
        self._names = {SEAT.node: here or socket.gethostname()}
        self._shares: Mapping[str, float] = {}
        self._measured: Sequence[NodeCpu] = ()

    def __call__(self, event: Event) -> None:
        """Take what was measured, to be noted soon."""
        if isinstance(event, NodesMeasured):
            self._measured = [replace(one, node=self._known_as(one.node)) for one in event.nodes]

    def budget_of(self, node: str) -> float | None:
        """Return the share of a machine that a user wishes for; None when nobody does."""
        shares = self._shares
        return shares.get(self._known_as(node), shares.get(EVERY_NODE))

    @contextmanager
    def following(self, register: NodeRegister) -> Iterator[None]:
        """Read wishes and note what was measured, again and again while the context lasts."""
        over = threading.Event()
        # A daemon: a database that is frozen must not hold up the end of the process.
        thread = threading.Thread(target=self._follow, args=(register, over), name="node-desk", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(_EVERY_SECONDS)

    def look(self, register: NodeRegister) -> None:
        """Read wishes, and note what was measured since the last look.

        Raises
        ------
        StoreError
            When the history is away.
        """
        self._shares = register.shares()
        measured, self._measured = self._measured, ()
        if measured:
            register.note(measured)

    def _follow(self, register: NodeRegister, over: threading.Event) -> None:
        while not over.is_set():
            # While it is away, the wishes that are known hold, and what is measured next is noted.
            with suppress(StoreError):
                self.look(register)
            over.wait(self._every_seconds)

    def _known_as(self, node: str) -> str:
        return self._names.get(node, node)
