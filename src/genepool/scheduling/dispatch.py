"""Which seat evaluates what, and what becomes of batches whose seat dies, leaves or falls silent.

A state machine: it is told of seats, answers, losses and the time, and says what to hand out, which seats
to give up and which genomes to condemn. It knows neither Ray nor threads nor clocks.
"""

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from genepool.scheduling.backlog import Portion
from genepool.scheduling.cpu_budgets import CpuBudgets
from genepool.scheduling.repeats import counts_against, fate, may_repeat
from genepool.scheduling.requests import Request, Requests
from genepool.scheduling.rules import (
    Accepted,
    Batch,
    Condemned,
    DispatchRules,
    Handout,
    HeldBatch,
    Kind,
    Loss,
    Orders,
    SeatState,
    Work,
)
from genepool.scheduling.shares import Share, fair_share

# A second batch waits on a seat whose present one is short.
_WINDOW = 2
# A batch whose seat is silent runs on one other seat beside it, no more.
_COPIES = 2


class Dispatcher:
    """Hands out every genome asked for until each is answered or condemned.

    Several requests share the seats' time by their weights, cheap genomes or costly ones.

    Parameters
    ----------
    rules
        The numbers to go by.
    requests
        What is asked for, and what is known of its problems; it grows with every answer.

    Attributes
    ----------
    budgets
        How much of each machine may work.
    """

    def __init__(self, rules: DispatchRules, requests: Requests | None = None) -> None:
        self._rules = rules
        self._requests = requests or Requests()
        self.budgets = CpuBudgets()
        self._again: deque[Batch] = deque()
        self._seats: dict[int, SeatState] = {}
        self._batches: dict[int, Batch] = {}
        self._heard: dict[str, float] = {}
        self._orders = Orders()
        self._next_ticket = 0
        self._next_batch = 0

    @property
    def seats(self) -> int:
        """How many seats there are that answer."""
        return sum(not seat.silent for seat in self._seats.values())

    @property
    def open(self) -> int:
        """How many genomes are neither answered nor condemned."""
        return self._requests.genomes

    def unsettled(self, tickets: range) -> bool:
        """Whether some genomes of a request are neither answered nor condemned."""
        request = self._requests.of(tickets)
        return request is not None and bool(request.works)

    @property
    def running(self) -> int:
        """How many genomes are with a seat."""
        return sum(len(batch.tickets) for batch in self._batches.values() if batch.copies)

    @property
    def waiting(self) -> int:
        """How many genomes no seat holds."""
        return self.open - self.running

    def ask(self, works: Sequence[Work], problem: str = "", weight: float = 1.0) -> range:
        """Queue genomes of a problem, those that take longest first; return tickets in the order asked."""
        tickets = range(self._next_ticket, self._next_ticket + len(works))
        self._next_ticket = tickets.stop
        if not self.open:
            for seat in self._seats.values():
                seat.computed = 0.0
        if works:
            self._requests.add(tickets, works, problem, weight)
        return tickets

    def withdraw(self, tickets: range) -> None:
        """Forget what no seat holds of a request, and what silent seats hold; nothing of it is repeated."""
        request = self._requests.of(tickets)
        if request is None:
            return
        request.closing = True
        self._again = deque(batch for batch in self._again if batch.request != request.number)
        for batch in [batch for batch in self._batches_of(request) if not self._awaited(batch)]:
            self._settle(batch)
        request.withdraw(self._batches_of(request))

    def abandon(self, tickets: range) -> None:
        """Forget a request; answers that still come are passed over."""
        request = self._requests.of(tickets)
        if request is None:
            return
        for batch in self._batches_of(request):
            self._settle(batch)
        self._requests.drop(request)

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
        self._requests.forget(seat)
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
            The seat that answered, and what.
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
        compute = self._requests.settle(held.batch, timed, held.expected)
        self._seats[seat].computed += compute
        overhead = max(0.0, now - held.handed - compute) if held.to_idle else waited
        self._settle(held.batch)
        return Accepted(held.batch.tickets, compute, compute + overhead)

    def broke_off(self, seat: int, batch: int, now: float) -> None:
        """Enter that scoring a batch raised something; the seat lives on."""
        held = self._take_off(seat, batch, now)
        if held is not None and not held.batch.settled:
            held.batch.copies.discard(seat)
            self._blame(held.batch, "broke_off")

    def refused(self, seat: int, batch: int, now: float) -> tuple[int, ...]:
        """Return the genomes of a batch that every worker would refuse; none once it is settled."""
        held = self._take_off(seat, batch, now)
        if held is None or held.batch.settled:
            return ()
        held.batch.copies.discard(seat)
        return held.batch.tickets

    def tick(self, now: float) -> None:
        """Doubt seats that are beyond their deadline, and give up those far beyond it."""
        for seat in list(self._seats.values()):
            if seat.held and now >= seat.given_up_at(self._rules.kill_factor):
                self._orders.give_up.append(seat.number)
                self.seat_left(seat.number, "deadline")
            elif seat.held and not seat.silent and now >= seat.doubted_at:
                self._doubt(seat)

    def next_deadline(self) -> float | None:
        """Return when ``tick`` will next have something to do."""
        times = (seat.due_at(self._rules.kill_factor) for seat in self._seats.values() if seat.held)
        return min(times, default=None)

    def handouts(self, now: float) -> list[Handout]:
        """Fill idle seats first; far from the end, put a second batch behind the short ones."""
        orders: list[Handout] = []
        self.budgets.look(self._seats.values(), now)
        waiting = self._requests.waiting_seconds()
        share = fair_share(self._seats.values(), math.inf if waiting is None else waiting, now)
        for depth in range(_WINDOW):
            if depth and (self._ends_soon() or any(batch.suspect for batch in self._again)):
                break  # the first idle seat takes what is left; and a suspect needs an idle seat
            orders.extend(self._fill(depth, share))
        return orders

    def _fill(self, depth: int, share: Share) -> Iterator[Handout]:
        for seat in self._seats.values():
            if len(seat.held) != depth or not self._requests.feed(seat):
                continue
            if self.budgets.admits(seat, share.now) and (batch := self._batch_for(seat, share)):
                yield self._hand(batch, seat, share.now)

    def take_orders(self) -> Orders:
        """Return which seats to give up and what to report, and forget it."""
        orders, self._orders = self._orders, Orders()
        return orders

    def _batch_for(self, seat: SeatState, share: Share) -> Batch | None:
        for batch in self._again:
            if may_repeat(batch, seat, self._seats.values()):
                self._again.remove(batch)
                return batch
        for request in self._requests.in_turn():
            kind = request.backlog.first_for(seat.kind)
            if kind is not None and (cut := self._cut(request, kind, seat, share)):
                return cut
        return None

    def _cut(self, request: Request, kind: Kind, seat: SeatState, share: Share) -> Batch | None:
        """Cut a seat's next batch off a request's queue, unless the seat had its share."""
        waiting = self._requests.waiting_seconds() or 0.0
        if not share.grants(seat, request.backlog.next_seconds(kind, seat.number), waiting):
            return None
        own = request.backlog.seconds() or 0.0
        seconds = min(self._rules.seconds_for(own, len(self._seats)), share.room(seat))
        portion = request.backlog.take(kind, seat.number, seconds, self._rules.batch_size)
        return self._new_batch(request, portion, kind)

    def _ends_soon(self) -> bool:
        return (self._requests.waiting_seconds() or 0.0) < len(self._seats) * self._rules.batch_seconds

    def _new_batch(self, request: Request, portion: Portion, kind: Kind, *, suspect: bool = False) -> Batch:
        batch = Batch(self._next_batch, portion.tickets, portion.names, kind, request.number, suspect=suspect)
        self._next_batch += 1
        self._batches[batch.number] = batch
        return batch

    def _hand(self, batch: Batch, seat: SeatState, now: float) -> Handout:
        expected = self._requests[batch.request].hand(batch, self._rules)
        batch.copies.add(seat.number)
        seat.held.append(HeldBatch(batch, now, not seat.held, now, expected))
        return Handout(seat.number, batch.number, batch.tickets)

    def _take_off(self, seat: int, batch: int, now: float) -> HeldBatch | None:
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
        self._requests[batch.request].forget(batch.tickets)

    def _doubt(self, seat: SeatState) -> None:
        """Feed a seat no more, and give what it holds to others; it may still answer first."""
        seat.silent = True
        front, *behind = seat.held
        for held in reversed(behind):
            self._return(held.batch)
        if not front.batch.settled and len(front.batch.copies) < _COPIES:
            self._return(front.batch)
            self._orders.retries.append("deadline")

    def _batches_of(self, request: Request) -> list[Batch]:
        return [batch for batch in self._batches.values() if batch.request == request.number]

    def _awaited(self, batch: Batch) -> bool:
        return any(not self._seats[number].silent for number in batch.copies)

    def _return(self, batch: Batch) -> None:
        """Queue a batch once more without blame; drop it instead when everything is being given up."""
        if batch.settled or batch in self._again:
            return
        if not self._requests[batch.request].closing:
            self._again.appendleft(batch)
        elif not self._awaited(batch):
            self._settle(batch)

    def _blame(self, batch: Batch, loss: Loss, mute: str | None = None) -> None:
        """Count a loss against a batch, and decide what becomes of it."""
        if mute is not None:
            batch.unproven.append(mute)
        elif counts_against(batch, loss, self._rules):
            batch.losses += 1
        if self._requests[batch.request].closing:
            self._return(batch)
        elif not batch.copies:
            if batch in self._again:
                self._again.remove(batch)
            self._repeat(batch, loss)

    def _repeat(self, batch: Batch, loss: Loss) -> None:
        """Queue a lost batch again, take it apart, or condemn its genome."""
        decided = fate(batch, self._rules)
        if decided == "condemned":
            self._orders.condemned.extend(Condemned(ticket, loss) for ticket in batch.tickets)
            self._settle(batch)
            return
        self._orders.retries.append(loss)
        if decided == "split":
            self._split(batch)
        else:
            self._again.appendleft(batch)

    def _split(self, batch: Batch) -> None:
        self._batches.pop(batch.number, None)
        batch.settled = True
        request = self._requests[batch.request]
        for ticket in reversed(batch.tickets):
            alone = Portion((ticket,), (request.works[ticket].strategy,))
            self._again.appendleft(self._new_batch(request, alone, batch.kind, suspect=True))
