"""Genomes are evaluated on a Ray cluster, spread over every CPU that it grants."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import ray
import structlog

from genepool.adapters.ray.crew import Answer, Crew, Departure
from genepool.adapters.ray.encoding import unpack_evaluations
from genepool.adapters.ray.membership import Membership
from genepool.adapters.ray.probe import numeric_fingerprint
from genepool.adapters.ray.session import Session
from genepool.backtest.evaluate import evaluate_batch
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.errors import Interrupted, ServiceUnavailable
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.ports import BatchFinished, BatchWork, Clock, RetryReason, WorkWatcher
from genepool.scheduling.absence import Absence
from genepool.scheduling.costs import CostBook
from genepool.scheduling.dispatch import Dispatcher
from genepool.scheduling.rules import Accepted, Condemned, Loss, Rules, Work
from genepool.strategies import seed_strategies

# The signature of genepool.backtest.evaluate.evaluate_batch.
Score = Callable[[Problem, Sequence[Genome], IndicatorBank], list[Evaluation]]

# Histories from this length on prefer machines with much memory: a bank of their indicator rows is large.
LONG_HISTORY = 200_000
_TURN_SECONDS = 0.25
_MEET_SECONDS = 0.1
_LIST_SECONDS = 10.0
_CONDEMNED: dict[Loss, str] = {
    "worker_died": "the worker process died each time that it evaluated this genome",
    "node_left": "the worker process died each time that it evaluated this genome",
    "deadline": "the worker hung each time that it evaluated this genome",
    "out_of_memory": "the worker ran out of memory each time that it evaluated this genome",
    "broke_off": "scoring broke off each time that this genome was evaluated",
}
_RETRIED: dict[Loss, RetryReason] = {
    "worker_died": "worker_died",
    "node_left": "node_left",
    "deadline": "deadline",
    "out_of_memory": "out_of_memory",
    "broke_off": "worker_died",
}


class Cluster:
    """A Ray cluster that this process takes part in.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of the cluster, or the address of its head.

    Raises
    ------
    ServiceUnavailable
        When the cluster does not answer.
    """

    def __init__(self, address: str = "auto") -> None:
        self._session = Session(address)
        self.membership = Membership()

    @property
    def cpus(self) -> int:
        """CPUs that the cluster grants now; the first time it waits for the list of nodes."""
        self.membership.wait_for_list(_LIST_SECONDS)
        return sum(node.cpus for node in self.membership.nodes.values())

    def close(self) -> None:
        """Leave the cluster; may be called twice."""
        self.membership.close()
        self._session.close()


class RayEvaluator:
    """Scores genomes on every CPU of a cluster; the same bits for any number of workers and nodes.

    Workers may die, hang, leave and join at any time. Only a genome that is alone with its worker each
    time that the worker is lost comes back as failed.

    Parameters
    ----------
    problem
        What genomes are scored against; it goes into the object store once.
    cluster
        Where; it is left open by ``close``.
    watcher
        Told of the work, from the thread that calls ``evaluate``.
    clock
        Monotonic time.
    interrupted
        Tells whether the user wants to stop; asked while there is nobody to evaluate anything.
    score
        How a batch is scored; a module-level function, since workers import it.
    seats_at_most
        Workers in all; None for one on every granted CPU.
    rules
        Batch sizes, deadlines and how many failures condemn a genome.
    memory_limit
        Bytes of memory of its own that each worker may take; None to go by the memory of its node.

    Raises
    ------
    ConfigError
        When there would be no genome in a batch.
    """

    def __init__(
        self,
        problem: Problem,
        cluster: Cluster,
        watcher: WorkWatcher,
        clock: Clock,
        *,
        interrupted: Callable[[], bool] = lambda: False,
        score: Score = evaluate_batch,
        seats_at_most: int | None = None,
        batch_size: int | None = None,
        rules: Rules | None = None,
        memory_limit: int | None = None,
    ) -> None:
        rules = rules or Rules()
        rules = replace(rules, batch_size=batch_size) if batch_size is not None else rules
        self._watcher = watcher
        self._clock = clock
        self._interrupted = interrupted
        self._long = len(problem.candles) >= LONG_HISTORY
        self._dispatcher = Dispatcher(rules, CostBook())
        held = ray.put((problem, score))
        self._crew = Crew(held, cluster.membership, numeric_fingerprint, seats_at_most, memory_limit)
        self._wanted: dict[int, Genome] = {}
        self._found: dict[int, Evaluation] = {}
        self._queue = (0, 0)
        self._meet_at = clock.seconds()
        self._absence = Absence()
        self._most_threads = 0

    @property
    def most_threads(self) -> int:
        """Threads of the worker process that had the most after a batch, Ray's own among them."""
        return self._most_threads

    def evaluate(self, genomes: Sequence[Genome], batch_finished: BatchFinished) -> list[Evaluation]:
        """Return one evaluation per genome, in the order asked.

        Without a worker it waits for one to join, as long as it takes.

        Raises
        ------
        Interrupted
            When ``batch_finished`` raised it; running batches have been waited for and reported.
        ServiceUnavailable
            When the connection to the cluster is lost for good.
        """
        tickets = self._dispatcher.ask([self._work(genome) for genome in genomes])
        self._wanted, self._found = dict(zip(tickets, genomes, strict=True)), {}
        try:
            self._work_off(batch_finished)
        except Interrupted:
            self._dispatcher.withdraw()
            self._drain(batch_finished)
            raise
        except ray.exceptions.RayError as error:
            raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error
        finally:
            self._dispatcher.abandon()
            self._report_queue()
        return [self._found[ticket] for ticket in tickets]

    def close(self) -> None:
        """End the workers, say so, and free the problem; may be called twice."""
        had = bool(self._crew.seats)
        self._crew.close()
        self._crew.held = None
        if had:
            self._watcher.crew_changed([])

    def _work(self, genome: Genome) -> Work:
        strategy = seed_strategies().get(genome.strategy)
        if strategy is None:
            return Work(genome.strategy, "memory" if self._long else "cpu")
        heavy = self._long or strategy.learning
        return Work(genome.strategy, "memory" if heavy else "cpu", strategy.family(genome))

    def _work_off(self, batch_finished: BatchFinished) -> None:
        while self._dispatcher.open:
            self._meet()
            self._hand_out()
            self._report_queue()
            self._turn(batch_finished)
            self._lament()

    def _hand_out(self) -> None:
        now = self._clock.seconds()
        if self._crew.mustering(now):
            return
        for order in self._dispatcher.handouts(now):
            self._crew.hand(order.seat, order.batch, [self._wanted[ticket] for ticket in order.tickets])

    def _drain(self, batch_finished: BatchFinished) -> None:
        while self._dispatcher.open:
            try:
                self._turn(batch_finished)
            except Interrupted:
                continue

    def _meet(self) -> None:
        """Take in workers that are ready, and let those go whose node leaves."""
        now, changed = self._clock.seconds(), False
        if now < self._meet_at:
            return
        self._meet_at = now + _MEET_SECONDS
        for departure in self._crew.departures(now):
            changed |= self._part(departure)
        for joined in self._crew.recruit(now):
            self._dispatcher.seat_joined(joined.number, joined.seat.node, joined.seat.worker_kind, now)
            changed = True
        if changed:
            self._watcher.crew_changed(self._crew.seats)

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

    def _turn(self, batch_finished: BatchFinished) -> None:
        """Take in what is answered, and do what follows from it and from the time."""
        due = self._dispatcher.next_deadline()
        pause = _TURN_SECONDS if due is None else min(_TURN_SECONDS, max(0.0, due - self._clock.seconds()))
        interruption = None
        for answer in self._crew.answers(pause):
            try:
                self._take(answer, batch_finished)
            except Interrupted as error:
                interruption = error
        self._dispatcher.tick(self._clock.seconds())
        try:
            self._obey(batch_finished)
        except Interrupted as error:
            interruption = error
        if interruption is not None:
            raise interruption

    def _take(self, answer: Answer, batch_finished: BatchFinished) -> None:
        now = self._clock.seconds()
        if answer.loss is not None:
            self._dispatcher.seat_left(answer.number, answer.loss)
            self._crew.end(answer.number)
            self._watcher.crew_changed(self._crew.seats)
            return
        reply = answer.reply
        self._most_threads = max(self._most_threads, reply.threads if reply else 0)
        if reply is None or reply.evaluations is None:
            if reply is not None and reply.error is not None:
                raise reply.error
            self._dispatcher.broke_off(answer.number, answer.batch, now)
            return
        seat = self._crew.seat(answer.number)
        accepted = self._dispatcher.answered(answer.number, answer.batch, reply.timed, reply.waited, now)
        if accepted is not None:
            genomes = [self._wanted[ticket] for ticket in accepted.tickets]
            evaluations = unpack_evaluations(genomes, reply.evaluations)
            self._watcher.batch_evaluated(
                BatchWork(
                    seat.node,
                    seat.worker_kind,
                    evaluations,
                    accepted.compute_seconds,
                    accepted.turnaround_seconds,
                )
            )
            self._report(accepted, evaluations, batch_finished)

    def _report(
        self, accepted: Accepted, evaluations: Sequence[Evaluation], batch_finished: BatchFinished
    ) -> None:
        self._found.update(zip(accepted.tickets, evaluations, strict=True))
        batch_finished(evaluations)

    def _obey(self, batch_finished: BatchFinished) -> None:
        orders = self._dispatcher.take_orders()
        for number in orders.give_up:
            self._crew.end(number)
        if orders.give_up:
            self._watcher.crew_changed(self._crew.seats)
        for loss in orders.retries:
            self._watcher.batch_retried(_RETRIED[loss])
        failed = [self._condemn(condemned) for condemned in orders.condemned]
        if failed:
            batch_finished(failed)

    def _condemn(self, condemned: Condemned) -> Evaluation:
        genome = self._wanted[condemned.ticket]
        self._watcher.genome_quarantined(genome.strategy)
        failed = self._found[condemned.ticket] = Evaluation(
            genome, None, _CONDEMNED[condemned.loss], lost=True
        )
        return failed

    def _report_queue(self) -> None:
        queue = self._dispatcher.waiting, self._dispatcher.running
        if queue != self._queue:
            self._queue = queue
            self._watcher.queue_changed(*queue)

    def _lament(self) -> None:
        """While nobody can evaluate anything, say so after a while, and heed who wants to stop."""
        anybody = bool(self._dispatcher.seats)
        word = self._absence.look(self._clock.seconds(), anybody=anybody)
        if word == "missing":
            structlog.get_logger().warning("no worker answers: waiting for nodes to join or to come back")
        elif word == "back":
            structlog.get_logger().info("workers answer again")
        if not anybody and self._interrupted():
            raise Interrupted("stopped while no worker answered")
