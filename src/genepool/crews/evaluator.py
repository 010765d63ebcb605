"""Genomes are evaluated by a crew, for any number of threads at once; one dispatcher decides."""

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.crews.asked import Asked, Side
from genepool.crews.crew import Crew, Departure, WorkerAnswer
from genepool.crews.encoding import unpack_evaluations
from genepool.crews.losses import CONDEMNED, RETRIED
from genepool.crews.reply import Reply
from genepool.crews.turns import Turns
from genepool.errors import Interrupted
from genepool.genome import Genome
from genepool.ports import (
    BatchEvaluated,
    BatchFinished,
    BatchRetried,
    Clock,
    CrewChanged,
    GenomeQuarantined,
    NodesMeasured,
    QueueChanged,
    Watcher,
)
from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import Condemned, DispatchRules, Work

# Says what dispatching has to know of a genome of a problem.
DescribeWork: TypeAlias = Callable[[Genome, Problem], Work]

# The share of a machine that may work, by its name; None for the usual one.
BudgetOf: TypeAlias = Callable[[str], float | None]

_TURN_SECONDS = 0.25
_MEASURED_SECONDS = 5.0


class CrewEvaluator:
    """Scores genomes on the workers of a crew; the same bits for any number of them.

    Several threads may ask at once, each for genomes of a problem of its own: they share the workers
    by their weights. Workers stay warm from one request to the next. They may die, hang, leave and join at
    any time. Only a genome that is alone with its worker each time that the worker is lost comes back as
    failed.

    Parameters
    ----------
    crew
        The workers.
    rules
        Batch sizes, deadlines and how many failures condemn a genome.
    describe
        Says what dispatching has to know of a genome.
    clock
        Monotonic time.
    watcher
        Told of all work, from whichever thread moves it on; never from two at once.
    after_turn
        Told after each turn the time, and whether any worker answers.
    budget_of
        The share of a machine that may work now, above 0 and at most 1; None for its usual one. Asked at
        each turn, so it must answer at once.
    """

    def __init__(
        self,
        crew: Crew,
        rules: DispatchRules,
        describe: DescribeWork,
        clock: Clock,
        watcher: Watcher = lambda _: None,
        after_turn: Callable[[float, bool], None] = lambda _now, _anybody: None,
        budget_of: BudgetOf = lambda _: None,
    ) -> None:
        self._crew = crew
        self._describe = describe
        self._clock = clock
        self._watcher = watcher
        self._after_turn = after_turn
        self._budget_of = budget_of
        self._measured_at = clock.seconds()
        self._dispatcher = Dispatcher(rules)
        self._turns = Turns()
        self._asked: list[Asked] = []
        self._queue = (0, 0)
        self._meet_at = -math.inf
        self._idle_since = math.inf
        self._most_threads = 0

    @property
    def most_threads(self) -> int:
        """Threads of the worker process that had the most after a batch; 0 where workers do not tell."""
        return self._most_threads

    def evaluate(
        self,
        problem: Problem,
        genomes: Sequence[Genome],
        batch_finished: BatchFinished,
        side: Side | None = None,
    ) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        Without a worker it waits for one to join, as long as it takes.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; running batches have been waited for and reported.
        GenepoolError
            When scoring raised one that concerns every genome alike, or the crew cannot work.
        """
        with self._turns.lead():
            asked = self._ask(problem, genomes, side or Side())
        try:
            self._wait_for(asked, batch_finished)
        except Interrupted:
            self._give_up(asked, batch_finished)
            raise
        finally:
            with self._turns.lead():
                self._dismiss(asked)
        return [asked.found[ticket] for ticket in asked.tickets]

    def give_back(self, idle_seconds: float) -> None:
        """End the workers when nobody has asked for anything for so long."""
        with self._turns.lead():
            if not self._asked and self._clock.seconds() >= self._idle_since + idle_seconds:
                self._idle_since = math.inf
                self._end_workers()

    def close(self) -> None:
        """End the workers, say so, and let go of the problems; may be called twice."""
        self._end_workers()
        self._crew.close()

    def _end_workers(self) -> None:
        seats = self._crew.dismiss()
        for number in seats:
            self._dispatcher.seat_left(number, "node_left")
        if seats:
            self._watcher(CrewChanged([]))

    def _ask(self, problem: Problem, genomes: Sequence[Genome], side: Side) -> Asked:
        self._crew.hold(problem, {other.problem for other in self._asked})
        works = [self._describe(one, problem) for one in genomes]
        tickets = self._dispatcher.ask(works, problem.sent_as, side.weight)
        asked = Asked(tickets, dict(zip(tickets, genomes, strict=True)), problem.sent_as, side)
        self._asked.append(asked)
        return asked

    def _dismiss(self, asked: Asked) -> None:
        self._dispatcher.abandon(asked.tickets)
        self._asked.remove(asked)
        self._idle_since = self._clock.seconds()
        self._report_queue()

    def _wait_for(self, asked: Asked, batch_finished: BatchFinished) -> None:
        """Move the work on, in turn with others, until all genomes of a request are answered.

        Raises
        ------
        Interrupted
            When the listener raised it, or the user wants to stop while no worker answers.
        """
        while asked.told or self._dispatcher.unsettled(asked.tickets):
            with self._turns.lead_unless(lambda: asked.told) as leading:
                if leading and self._dispatcher.unsettled(asked.tickets):
                    self._take_turn()
            asked.tell(batch_finished)
            alone = not self._dispatcher.seats and self._dispatcher.unsettled(asked.tickets)
            if alone and asked.side.interrupted():
                raise Interrupted("stopped while no worker answered")

    def _give_up(self, asked: Asked, batch_finished: BatchFinished) -> None:
        """Wait for what runs of a request, and report it."""
        with self._turns.lead():
            self._dispatcher.withdraw(asked.tickets)
        while asked.told or self._dispatcher.unsettled(asked.tickets):
            with suppress(Interrupted):
                self._wait_for(asked, batch_finished)

    def _take_turn(self) -> None:
        self._meet()
        self._keep_budgets()
        self._hand_out()
        self._report_queue()
        self._turn()
        self._after_turn(self._clock.seconds(), bool(self._dispatcher.seats))

    def _keep_budgets(self) -> None:
        """Hear what machines may use now, enter what this process used, and tell what was used of late."""
        now, budgets = self._clock.seconds(), self._dispatcher.budgets
        for node in budgets.nodes:
            self._crew.fill(node, budgets.wish(node, self._budget_of(node), now))
        for node, seconds in self._crew.own_seconds().items():
            budgets.spend(node, seconds, now)
        if now >= self._measured_at + _MEASURED_SECONDS and (measured := budgets.measured(now)):
            self._measured_at = now
            self._watcher(NodesMeasured(measured))

    def _hand_out(self) -> None:
        now = self._clock.seconds()
        if self._crew.mustering(now):
            return
        for order in self._dispatcher.handouts(now):
            asked = self._asked_by(order.tickets)
            self._crew.hand(order.seat, order.batch, asked.problem, asked.of(order.tickets))

    def _asked_by(self, tickets: Sequence[int]) -> Asked:
        return next(asked for asked in self._asked if tickets[0] in asked.tickets)

    def _meet(self) -> None:
        """Take in workers that are ready, and let those go whose node leaves."""
        now, changed = self._clock.seconds(), False
        if now < self._meet_at:
            return
        self._meet_at = now + self._crew.meet_seconds
        for departure in self._crew.departures(now):
            changed |= self._part(departure)
        for joined in self._crew.recruit(now):
            self._dispatcher.budgets.join(joined.seat.node, joined.cores, joined.share, now)
            self._dispatcher.seat_joined(joined.number, joined.seat.node, joined.seat.worker_kind, now)
            changed = True
        if changed:
            self._watcher(CrewChanged(self._crew.seats))

    def _part(self, departure: Departure) -> bool:
        """Let a worker finish what it holds, then let it go; tell whether it went."""
        if departure.back:
            self._dispatcher.seat_stays(departure.number)
            return False
        if not self._dispatcher.seat_leaves(departure.number) and not departure.overdue:
            return False
        self._dispatcher.seat_left(departure.number, "node_left")
        self._crew.end(departure.number)
        return True

    def _turn(self) -> None:
        """Take in what is answered, and do what follows from it and from the time."""
        deadline = self._dispatcher.next_deadline()
        due = min(self._dispatcher.budgets.again_at, math.inf if deadline is None else deadline)
        pause = min(_TURN_SECONDS, max(0.0, due - self._clock.seconds()))
        for answer in self._crew.answers(pause):
            self._take(answer)
        self._dispatcher.tick(self._clock.seconds())
        self._obey()

    def _take(self, answer: WorkerAnswer) -> None:
        now, reply = self._clock.seconds(), answer.reply
        if reply is not None:
            self._dispatcher.budgets.spend(self._crew.seat(answer.number).node, reply.cpu, now)
        if answer.loss is not None:
            self._dispatcher.seat_left(answer.number, answer.loss)
            self._crew.end(answer.number)
            self._watcher(CrewChanged(self._crew.seats))
        elif reply is None or (reply.evaluations is None and reply.error is None):
            self._dispatcher.broke_off(answer.number, answer.batch, now)
        elif reply.evaluations is None:
            if tickets := self._dispatcher.refused(answer.number, answer.batch, now):
                self._asked_by(tickets).error = reply.error
        else:
            self._accept(answer, reply, now)
        self._most_threads = max(self._most_threads, reply.threads if reply else 0)

    def _accept(self, answer: WorkerAnswer, reply: Reply, now: float) -> None:
        """Pass the results of a batch on, unless another worker was faster."""
        accepted = self._dispatcher.answered(answer.number, answer.batch, reply.timed, reply.waited, now)
        if accepted is None or reply.evaluations is None:
            return
        asked, seat = self._asked_by(accepted.tickets), self._crew.seat(answer.number)
        evaluations = unpack_evaluations(asked.of(accepted.tickets), reply.evaluations)
        work = BatchEvaluated(
            seat.node, seat.worker_kind, evaluations, accepted.compute_seconds, accepted.turnaround_seconds
        )
        for watcher in self._watchers(asked):
            watcher(work)
        asked.keep(accepted.tickets, evaluations)

    def _obey(self) -> None:
        orders = self._dispatcher.take_orders()
        for number in orders.give_up:
            self._crew.end(number)
        if orders.give_up:
            self._watcher(CrewChanged(self._crew.seats))
        for loss in orders.retries:
            self._watcher(BatchRetried(RETRIED[loss]))
        for condemned in orders.condemned:
            self._condemn(condemned)

    def _condemn(self, condemned: Condemned) -> None:
        asked = self._asked_by([condemned.ticket])
        (genome,) = asked.of([condemned.ticket])
        for watcher in self._watchers(asked):
            watcher(GenomeQuarantined(genome.strategy))
        failed = Evaluation(genome, None, CONDEMNED[condemned.loss], lost=True)
        asked.keep([condemned.ticket], [failed])

    def _watchers(self, asked: Asked) -> list[Watcher]:
        return [self._watcher, *([asked.side.watcher] if asked.side.watcher else [])]

    def _report_queue(self) -> None:
        queue = self._dispatcher.waiting, self._dispatcher.running
        if queue != self._queue:
            self._queue = queue
            self._watcher(QueueChanged(*queue))
