"""Which seat evaluates what, and what becomes of batches whose seat dies, leaves or falls silent.

A state machine: it is told of seats, answers, losses and the time, and says what to hand out, whom to
give up and which genomes to condemn. It knows neither Ray nor threads nor clocks.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from genepool.scheduling.backlog import Backlog, Portion
from genepool.scheduling.costs import CostBook
from genepool.scheduling.rules import (
    Accepted,
    Batch,
    Condemned,
    Handout,
    Held,
    Kind,
    Loss,
    Orders,
    Rules,
    SeatState,
    Work,
)
from genepool.scheduling.shares import Share, fair_share

# A second batch waits on a seat whose present one is short: longer ones outlast the round trip anyway.
_WINDOW = 2
_SHORT_SECONDS = 1.0
# A batch whose seat is silent runs on one other seat beside it, no more.
_COPIES = 2


class Dispatcher:
    """Hands out every genome asked for until each is answered or condemned.

    Parameters
    ----------
    rules
        The numbers to go by.
    costs
        What genomes cost; grows with every answer.
    """

    def __init__(self, rules: Rules, costs: CostBook) -> None:
        self._rules = rules
        self._costs = costs
        self._works: dict[int, Work] = {}
        self._backlog = Backlog(costs)
        self._again: deque[Batch] = deque()
        self._seats: dict[int, SeatState] = {}
        self._batches: dict[int, Batch] = {}
        self._heard: dict[str, float] = {}
        self._orders = Orders()
        self._next_ticket = 0
        self._next_batch = 0
        self._closing = False

    @property
    def seats(self) -> int:
        """How many seats there are that answer."""
        return sum(not seat.silent for seat in self._seats.values())

    @property
    def open(self) -> int:
        """How many genomes are neither answered nor condemned."""
        return len(self._works)

    @property
    def running(self) -> int:
        """How many genomes are with a seat."""
        return sum(len(batch.tickets) for batch in self._batches.values() if batch.copies)

    @property
    def waiting(self) -> int:
        """How many genomes are with nobody."""
        return self.open - self.running

    def ask(self, works: Sequence[Work]) -> range:
        """Queue genomes, those that take longest first; return their tickets in the order asked."""
        tickets = range(self._next_ticket, self._next_ticket + len(works))
        self._next_ticket = tickets.stop
        asked = dict(zip(tickets, works, strict=True))
        self._works.update(asked)
        self._backlog.add(asked)
        for seat in self._seats.values():
            seat.computed = 0.0
        self._closing = False
        return tickets

    def withdraw(self) -> None:
        """Forget whatever no seat holds, and what silent seats hold; nothing lost is repeated any more."""
        self._closing = True
        self._backlog.clear()
        self._again.clear()
        for batch in [batch for batch in self._batches.values() if not self._awaited(batch)]:
            self._settle(batch)
        kept = {ticket for batch in self._batches.values() for ticket in batch.tickets}
        self._works = {ticket: work for ticket, work in self._works.items() if ticket in kept}

    def abandon(self) -> None:
        """Forget everything that was asked for; answers that still come are passed over."""
        self.withdraw()
        for batch in list(self._batches.values()):
            self._settle(batch)

    def seat_joined(self, seat: int, node: str, kind: Kind, now: float) -> None:
        """Take a new seat in; its number was never used before."""
        others = fair_share(self._seats.values(), 0.0, now).seconds
        self._seats[seat] = SeatState(seat, node, kind, computed=others)
        self._heard[node] = now
        for batch in self._batches.values():
            batch.losses += batch.unproven.count(node)
            batch.unproven = [other for other in batch.unproven if other != node]

    def seat_left(self, seat: int, loss: Loss) -> None:
        """Let a seat go; only the batch that it was at is suspected, those behind it are not."""
        state = self._seats.pop(seat, None)
        if state is None:
            return
        self._backlog.forget(seat)
        for held in state.held:
            held.batch.copies.discard(seat)
        for held in reversed(list(state.held)[1:]):
            self._return(held.batch)
        if state.held and not state.held[0].batch.settled:
            front = state.held[0]
            mute = loss == "deadline" and self._heard[state.node] <= front.started
            self._blame(front.batch, loss, mute=state.node if mute else None)

    def seat_leaves(self, seat: int) -> bool:
        """Feed a seat no more, and tell whether it has finished what it holds."""
        state = self._seats.get(seat)
        if state is None:
            return True
        state.leaving = True
        return not state.held

    def seat_stays(self, seat: int) -> None:
        """Feed a seat again that was about to leave."""
        if seat in self._seats:
            self._seats[seat].leaving = False

    def answered(
        self, seat: int, batch: int, timed: Mapping[str, tuple[int, float]], waited: float, now: float
    ) -> Accepted | None:
        """Take an answer in; None when the batch was answered before, or the seat was given up.

        Parameters
        ----------
        seat, batch
            Who answered what.
        timed
            Genomes and seconds of computing, by strategy.
        waited
            Seconds that the worker had nothing to do before it began.
        now
            The time.
        """
        held = self._take_off(seat, batch, now)
        if held is None or held.batch.settled:
            return None
        compute = self._costs.observe_all(held.batch.names, timed)
        self._seats[seat].computed += compute
        overhead = max(0.0, now - held.handed - compute) if held.to_idle else waited
        self._settle(held.batch)
        return Accepted(held.batch.tickets, compute, compute + overhead)

    def broke_off(self, seat: int, batch: int, now: float) -> None:
        """Take note that scoring a batch raised something; the seat lives on."""
        held = self._take_off(seat, batch, now)
        if held is not None and not held.batch.settled:
            held.batch.copies.discard(seat)
            self._blame(held.batch, "broke_off")

    def tick(self, now: float) -> None:
        """Doubt seats that are beyond their deadline, and give up those far beyond it."""
        for seat in list(self._seats.values()):
            if seat.held and now >= self._given_up_at(seat):
                self._orders.give_up.append(seat.number)
                self.seat_left(seat.number, "deadline")
            elif seat.held and not seat.silent and now >= self._doubted_at(seat):
                self._doubt(seat)

    def next_deadline(self) -> float | None:
        """Return when ``tick`` will next have something to do."""
        busy = [seat for seat in self._seats.values() if seat.held]
        times = (self._given_up_at(seat) if seat.silent else self._doubted_at(seat) for seat in busy)
        return min(times, default=None)

    @staticmethod
    def _doubted_at(seat: SeatState) -> float:
        return seat.held[0].started + seat.held[0].batch.deadline

    def _given_up_at(self, seat: SeatState) -> float:
        return seat.held[0].started + self._rules.kill_factor * seat.held[0].batch.deadline

    def handouts(self, now: float) -> list[Handout]:
        """Fill idle seats first; far from the end, put a second batch behind the short ones."""
        orders: list[Handout] = []
        waiting = self._backlog.seconds()
        share = fair_share(self._seats.values(), math.inf if waiting is None else waiting, now)
        for depth in range(_WINDOW):
            if depth and (self._ends_soon() or any(batch.suspect for batch in self._again)):
                break  # who falls idle first takes what is left; and a suspect needs an idle seat
            orders.extend(self._fill(depth, share))
        return orders

    def _fill(self, depth: int, share: Share) -> Iterator[Handout]:
        for seat in self._seats.values():
            if len(seat.held) == depth and self._is_fed(seat) and (batch := self._batch_for(seat, share)):
                yield self._hand(batch, seat, share.now)

    def take_orders(self) -> Orders:
        """Return whom to give up and what to report, and forget it."""
        orders, self._orders = self._orders, Orders()
        return orders

    def _is_fed(self, seat: SeatState) -> bool:
        if not seat.usable or not seat.held:
            return seat.usable
        front = seat.held[0].batch
        if front.suspect or front.settled:
            return False
        expected = self._costs.expected(front.names)
        return expected is not None and expected < _SHORT_SECONDS

    def _batch_for(self, seat: SeatState, share: Share) -> Batch | None:
        for batch in self._again:
            if self._may_repeat(batch, seat):
                self._again.remove(batch)
                return batch
        kind = self._backlog.first_for(seat.kind)
        return None if kind is None else self._cut(kind, seat, share)

    def _cut(self, kind: Kind, seat: SeatState, share: Share) -> Batch | None:
        """Cut a seat's next batch off a queue, unless the seat had its share."""
        waiting = self._backlog.seconds() or 0.0
        if not share.grants(seat, self._backlog.next_seconds(kind, seat.number), waiting):
            return None
        seconds = min(self._rules.seconds_for(waiting, len(self._seats)), share.room(seat))
        return self._new_batch(self._backlog.take(kind, seat.number, seconds, self._rules.batch_size), kind)

    def _may_repeat(self, batch: Batch, seat: SeatState) -> bool:
        """Tell whether a seat may have a batch that was handed out before, or that others still hold."""
        if seat.number in batch.copies or (batch.suspect and seat.held):
            return False
        nodes = {self._seats[number].node for number in batch.copies}
        if seat.node in nodes and self._any_seat(lambda one: one.usable and one.node not in nodes):
            return False
        if not batch.solo:
            return True
        if self._any_seat(lambda one: any(held.batch.solo for held in one.held)):
            return False
        return seat.kind == "memory" or not self._any_seat(lambda one: one.usable and one.kind == "memory")

    def _any_seat(self, holds: Callable[[SeatState], bool]) -> bool:
        return any(map(holds, self._seats.values()))

    def _ends_soon(self) -> bool:
        return (self._backlog.seconds() or 0.0) < len(self._seats) * self._rules.batch_seconds

    def _new_batch(self, portion: Portion, kind: Kind, *, suspect: bool = False) -> Batch:
        batch = Batch(self._next_batch, portion.tickets, portion.names, kind, suspect=suspect)
        self._next_batch += 1
        self._batches[batch.number] = batch
        return batch

    def _hand(self, batch: Batch, seat: SeatState, now: float) -> Handout:
        batch.deadline = self._rules.deadline(self._costs.patience(batch.names))
        batch.copies.add(seat.number)
        seat.held.append(Held(batch, now, not seat.held, now, self._costs.expected(batch.names) or 0.0))
        return Handout(seat.number, batch.number, batch.tickets)

    def _take_off(self, seat: int, batch: int, now: float) -> Held | None:
        """Remove a batch from its seat, which thereby shows that it is alive."""
        state = self._seats.get(seat)
        held = next((one for one in state.held if one.batch.number == batch), None) if state else None
        if state is None or held is None:
            return None
        state.held.remove(held)
        state.silent = False
        self._heard[state.node] = now
        if state.held:
            state.held[0].started = now
        return held

    def _settle(self, batch: Batch) -> None:
        batch.settled = True
        self._batches.pop(batch.number, None)
        if batch in self._again:
            self._again.remove(batch)
        for ticket in batch.tickets:
            self._works.pop(ticket, None)

    def _doubt(self, seat: SeatState) -> None:
        """Feed a seat no more, and give what it holds to others; it may still answer first."""
        seat.silent = True
        front, *behind = seat.held
        for held in reversed(behind):
            self._return(held.batch)
        if not front.batch.settled and len(front.batch.copies) < _COPIES:
            self._return(front.batch)
            self._orders.retries.append("deadline")

    def _awaited(self, batch: Batch) -> bool:
        return any(not self._seats[number].silent for number in batch.copies)

    def _return(self, batch: Batch) -> None:
        """Queue a batch once more without blame; drop it instead when everything is being given up."""
        if batch.settled or batch in self._again:
            return
        if not self._closing:
            self._again.appendleft(batch)
        elif not self._awaited(batch):
            self._settle(batch)

    def _blame(self, batch: Batch, loss: Loss, mute: str | None = None) -> None:
        """Count a loss against a batch, and decide what becomes of it."""
        if mute is not None:
            batch.unproven.append(mute)
        elif self._counts(batch, loss):
            batch.losses += 1
        if self._closing:
            self._return(batch)
        elif not batch.copies:
            if batch in self._again:
                self._again.remove(batch)
            self._repeat(batch, loss)

    def _counts(self, batch: Batch, loss: Loss) -> bool:
        if loss == "node_left":
            batch.node_losses += 1
            return batch.node_losses > self._rules.node_losses
        if loss == "out_of_memory" and len(batch.tickets) == 1 and not batch.solo:
            # Ray ends several processes when memory runs short: only a genome on its own is to blame.
            batch.solo = batch.suspect = True
            return False
        return True

    def _repeat(self, batch: Batch, loss: Loss) -> None:
        """Queue a lost batch again, take it apart, or condemn its genome."""
        if batch.suspect and batch.losses >= self._rules.lone_failures:
            self._orders.condemned.extend(Condemned(ticket, loss) for ticket in batch.tickets)
            self._settle(batch)
            return
        self._orders.retries.append(loss)
        if len(batch.tickets) > 1 and batch.losses >= self._rules.batch_losses:
            self._split(batch)
            return
        if len(batch.tickets) == 1 and batch.losses and not batch.suspect:
            batch.suspect, batch.losses = True, 0
        self._again.appendleft(batch)

    def _split(self, batch: Batch) -> None:
        self._batches.pop(batch.number, None)
        batch.settled = True
        for ticket in reversed(batch.tickets):
            alone = Portion((ticket,), (self._works[ticket].strategy,))
            self._again.appendleft(self._new_batch(alone, batch.kind, suspect=True))
