"""How much of each machine may work: its seats get their next batch, or wait, so that it keeps to its share.

A machine earns CPU seconds as time passes, its share of its cores' time, and spends what its processes
really use. While it has spent more than it earned, none of its seats is handed a batch. So nothing is
burned or stopped: what is handed out is computed at full speed.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from genepool.scheduling.node_cpu import NodeCpu
from genepool.scheduling.rules import SeatState
from genepool.scheduling.shares import fair_share

# What a machine did not use is kept for so long, and what it used too much is held against it for so long.
_SAVED_SECONDS = 1.0
_OWED_SECONDS = 60.0
# Real use is told over so long.
_WINDOW_SECONDS = 60.0
_BIN_SECONDS = 1.0
# A core that is a rounding error away needs no seat of its own.
_NOTHING = 1e-9


@dataclass(eq=False, slots=True)
class _Account:
    """CPU seconds of one machine: what it earned and did not spend yet, and what it spent of late."""

    cores: float
    usual: float
    since: float
    share: float
    balance: float = 0.0
    at: float = 0.0
    spent: deque[tuple[float, float]] = field(default_factory=deque)
    seats: list[SeatState] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.share * self.cores

    @property
    def limited(self) -> bool:
        return self.share < 1.0

    def spend(self, seconds: float, now: float) -> None:
        """Earn until now, and spend; what was spent meanwhile comes off before anything is cut."""
        balance = self.balance + self.rate * max(0.0, now - self.at) - seconds
        # What is under way is earned already, and spent when it is told.
        most = self.rate * _SAVED_SECONDS + self._under_way(now)
        self.balance = min(most, max(-self.rate * _OWED_SECONDS, balance))
        self.at = now
        if seconds > 0.0:
            self._note(seconds, now)

    def used(self, now: float) -> float:
        """Return the share of its cores that it used, over the last minute or since it is known."""
        span = min(_WINDOW_SECONDS, now - self.since)
        self._forget(now)
        return sum(seconds for _, seconds in self.spent) / (self.cores * span) if span > 0 else 0.0

    def admitted_at(self, now: float) -> float:
        """Return when it may be handed a batch: now, or once it has earned what is under way."""
        lacking = self._under_way(now) - self.balance
        return now if lacking <= 0.0 else now + lacking / self.rate

    def _under_way(self, now: float) -> float:
        return sum(_under_way(seat, now) for seat in self.seats)

    def _note(self, seconds: float, now: float) -> None:
        if self.spent and now - self.spent[-1][0] < _BIN_SECONDS:
            since, before = self.spent.pop()
            self.spent.append((since, before + seconds))
        else:
            self.spent.append((now, seconds))
        self._forget(now)

    def _forget(self, now: float) -> None:
        while self.spent and now - self.spent[0][0] > _WINDOW_SECONDS:
            self.spent.popleft()


class CpuBudgets:
    """Says which seats may be handed a batch; those of a machine at its full share never wait.

    Attributes
    ----------
    again_at
        When the first seat may be handed a batch that had to wait; infinite when none had to.
    """

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}
        self._seats: list[SeatState] = []
        self._uneven = False
        self.again_at = math.inf

    @property
    def nodes(self) -> list[str]:
        """The machines that are known."""
        return list(self._accounts)

    def join(self, node: str, cores: float, usual: float, now: float) -> None:
        """Get to know a machine, or what it grants now.

        Parameters
        ----------
        node
            Its name.
        cores
            What its shares are shares of; infinite where nothing is to be limited.
        usual
            Its share while nobody wishes for another one.
        now
            The time.
        """
        known = self._accounts.get(node)
        if known is None:
            self._accounts[node] = _Account(cores, usual, now, usual, at=now)
        else:
            known.cores, known.usual = cores, usual

    def wish(self, node: str, share: float | None, now: float) -> float:
        """Give a machine another share from now on, None for its usual one; return it."""
        account = self._accounts[node]
        account.spend(0.0, now)
        account.share = account.usual if share is None else share
        return account.share

    def spend(self, node: str, seconds: float, now: float) -> None:
        """Enter CPU seconds that a process of a machine used, whatever for."""
        if node in self._accounts:
            self._accounts[node].spend(seconds, now)

    def look(self, seats: Iterable[SeatState], now: float) -> None:
        """Find out anew how many seats of each machine are fed, before batches are handed out."""
        self.again_at = math.inf
        self._seats = list(seats)
        limited = any(account.limited for account in self._accounts.values())
        if not (limited or self._uneven):
            return
        self._uneven, paces = limited, self._paces()
        level = fair_share(self._seats, 0.0, now).seconds
        for seat in self._seats:
            if seat.pace != paces[seat.number]:
                # As one that joins: level with the others.
                seat.pace = paces[seat.number]
                seat.computed = level * seat.pace
        for account in self._accounts.values():
            account.spend(0.0, now)

    def admits(self, seat: SeatState, now: float) -> bool:
        """Tell whether a seat may be handed a batch now; else ``again_at`` says when to ask again."""
        account = self._accounts.get(seat.node)
        if account is None or not account.limited:
            return True
        if not seat.pace:
            return False
        admitted = account.admitted_at(now)
        if admitted > now:
            self.again_at = min(self.again_at, admitted)
        return admitted <= now

    def measured(self, now: float) -> list[NodeCpu]:
        """Return what each machine that had a worker at the last look may use, and did."""
        found = []
        for node, account in self._accounts.items():
            own = [seat for seat in self._seats if seat.node == node]
            if own and math.isfinite(account.cores):
                kind, used = own[0].kind, account.used(now)
                found.append(NodeCpu(node, kind, len(own), account.cores, account.share, used))
        return found

    def _paces(self) -> dict[int, float]:
        """Return the part of its time that each seat may compute: as few seats as the share fills."""
        paces: dict[int, float] = {}
        for account in self._accounts.values():
            account.seats = []
        for seat in self._seats:
            paces[seat.number] = 1.0
            if seat.node in self._accounts:
                self._accounts[seat.node].seats.append(seat)
        for account in self._accounts.values():
            if account.limited:
                paces |= _paces_of(account)
        return paces


def _paces_of(account: _Account) -> dict[int, float]:
    fed = math.ceil(account.rate - _NOTHING)
    usable = [seat for seat in account.seats if seat.usable][:fed]
    pace = min(1.0, account.rate / len(usable)) if usable else 0.0
    return {seat.number: pace if seat in usable else 0.0 for seat in account.seats}


def _under_way(seat: SeatState, now: float) -> float:
    """Return the CPU seconds that are not spent yet of what a seat holds, overdue ones included."""
    if not seat.held:
        return 0.0
    front = seat.held[0]
    behind = sum(held.expected for held in seat.held) - front.expected
    return max(front.expected, now - front.started) + behind
