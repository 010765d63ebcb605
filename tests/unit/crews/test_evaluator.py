"""What one dispatcher makes of a crew whose workers die, hang or break off; no process is started."""

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.crews.asked import Side
from genepool.crews.crew import Departure, Joined, WorkerAnswer
from genepool.crews.encoding import pack_genomes
from genepool.crews.evaluator import CrewEvaluator
from genepool.crews.scoring import BatchScorer
from genepool.genome import Genome
from genepool.jobs import WEIGHTS, Priority
from genepool.ports import Event, NodesMeasured, Seat
from genepool.scheduling.rules import DispatchRules, Work
from tests.fakes.scorers import POISON, named, numbered, tiny_problem

SEAT = Seat("here", "local")
PROBLEM = tiny_problem("arithmetic")


class Hands:
    """``Clock`` whose time passes only while a caller waits."""

    now = 0.0

    def seconds(self) -> float:
        return self.now


@dataclass
class FakeCrew:
    """Two workers in this process; a batch with the poisonous genome meets the fate.

    Parameters
    ----------
    clock
        Put ahead when no answer comes.
    fate
        ``"dies"``, ``"hangs"`` or ``"breaks off"``.
    together
        Problems that must be asked for before anybody is fed.
    cores, share
        What the machine has, and how much of it may work.
    cpu
        CPU seconds of a genome; a batch is answered at the next turn all the same.
    """

    clock: Hands
    fate: str
    together: int = 0
    cores: float = math.inf
    share: float = 1.0
    cpu: float = 0.0
    meet_seconds: float = 0.0
    ended: list[int] = field(default_factory=list)
    handed: list[tuple[str, int]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _problems: dict[str, Problem] = field(default_factory=dict)
    _tasks: dict[int, list[tuple[int, str, Sequence[Genome]]]] = field(default_factory=dict)
    _scorer: BatchScorer = field(default_factory=BatchScorer)

    @property
    def seats(self) -> list[Seat]:
        return [SEAT] * len(self._tasks)

    def seat(self, _number: int) -> Seat:
        return SEAT

    def hold(self, problem: Problem, _needed: Collection[str]) -> None:
        self._problems[problem.digest] = problem

    def departures(self, _now: float) -> list[Departure]:
        return []

    def recruit(self, _now: float) -> list[Joined]:
        new = [next(self._numbers) for _ in range(2 - len(self._tasks))]
        self._tasks |= {number: [] for number in new}
        return [Joined(number, SEAT, self.cores, self.share) for number in new]

    def fill(self, _node: str, _share: float) -> None:
        pass

    def mustering(self, _now: float) -> bool:
        return len(self._problems) < self.together

    def hand(self, number: int, batch: int, problem: str, genomes: Sequence[Genome]) -> None:
        self.handed.append((problem, len(genomes)))
        self._tasks[number].append((batch, problem, genomes))

    def answers(self, seconds: float) -> list[WorkerAnswer]:
        self.clock.now += seconds
        answers = [self._answer(number, *tasks[0]) for number, tasks in self._tasks.items() if tasks]
        return [answer for answer in answers if answer is not None]

    def _answer(
        self, number: int, batch: int, problem: str, genomes: Sequence[Genome]
    ) -> WorkerAnswer | None:
        poisoned = any(genome.values["number"] == POISON for genome in genomes)
        if poisoned and self.fate == "hangs":
            return None
        del self._tasks[number][0]
        if poisoned:
            return WorkerAnswer(number, batch, None, "worker_died" if self.fate == "dies" else None)
        make = self._problems[problem]
        reply = self._scorer.evaluate(problem, lambda: named(make), pack_genomes(genomes))
        # Every genome takes as long as any other.
        timed = {strategy: (asked, 0.01 * asked) for strategy, (asked, _) in reply.timed.items()}
        reply = replace(reply, timed=timed, cpu=self.cpu * len(genomes))
        return WorkerAnswer(number, batch, reply, None)

    def own_seconds(self) -> dict[str, float]:
        return {}

    def end(self, number: int) -> None:
        if self._tasks.pop(number, None) is not None:
            self.ended.append(number)

    def dismiss(self) -> list[int]:
        left = list(self._tasks)
        self._tasks.clear()
        return left

    def close(self) -> None:
        self.dismiss()


Made = tuple[CrewEvaluator, FakeCrew]


@pytest.fixture
def make() -> Callable[[str], Made]:
    def made(fate: str) -> Made:
        clock = Hands()
        crew = FakeCrew(clock, fate)
        describe = lambda genome, _problem: Work(genome.strategy, "local")  # noqa: E731
        return CrewEvaluator(crew, DispatchRules(batch_size=5), describe, clock), crew

    return made


@pytest.mark.parametrize(
    ("fate", "reason", "ended"),
    [
        ("dies", "the worker process died each time that it evaluated this genome", True),
        ("hangs", "the worker hung each time that it evaluated this genome", True),
        ("breaks off", "scoring broke off each time that this genome was evaluated", False),
    ],
)
def test_only_the_genome_that_costs_its_worker_fails(
    make: Callable[[str], Made], fate: str, reason: str, *, ended: bool
) -> None:
    evaluator, crew = make(fate)
    heard: list[Evaluation] = []
    evaluations = evaluator.evaluate(PROBLEM, numbered(40), heard.extend)
    (failed,) = [one for one in evaluations if one.scored is None]
    assert (failed.genome.values["number"], failed.error, failed.lost) == (POISON, reason, True)
    assert [one.genome for one in evaluations] == numbered(40)
    assert len(heard) == 40
    assert bool(crew.ended) == ended


def test_workers_stay_for_the_next_request(make: Callable[[str], Made]) -> None:
    evaluator, crew = make("dies")
    harmless = numbered(10)
    evaluator.evaluate(PROBLEM, harmless, lambda _: None)
    evaluator.evaluate(tiny_problem("arithmetic#other"), harmless, lambda _: None)
    assert crew.ended == []
    assert next(crew._numbers) == 2


def test_an_interactive_thread_gets_its_weight_beside_a_batch_one() -> None:
    clock = Hands()
    crew = FakeCrew(clock, "", together=2)
    describe = lambda genome, _problem: Work(genome.strategy, "local")  # noqa: E731
    evaluator = CrewEvaluator(crew, DispatchRules(batch_size=5), describe, clock)
    problems = {"interactive": tiny_problem("arithmetic#small"), "batch": tiny_problem("arithmetic#large")}
    healthy = [genome for genome in numbered(401) if genome.values["number"] != POISON]
    asked = {"interactive": healthy[:80], "batch": healthy}

    def evaluated(priority: Priority) -> list[Genome]:
        side = Side(weight=WEIGHTS[priority])
        found = evaluator.evaluate(problems[priority], asked[priority], lambda _: None, side)
        return [one.genome for one in found]

    classes: tuple[Priority, ...] = ("interactive", "batch")
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(evaluated, classes)) == [asked["interactive"], asked["batch"]]
    small = problems["interactive"].digest
    last = max(place for place, (problem, _) in enumerate(crew.handed) if problem == small)
    counts = Counter[str]()
    for problem, genomes in crew.handed[: last + 1]:
        counts[problem] += genomes
    # An eighth of 80 genomes, and a batch of five on either side while nothing was known of the cost.
    assert counts[problems["batch"].digest] <= 10 + 10


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_shares_nothing_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        Side(weight=weight)


def test_workers_wait_between_batches_so_that_their_machine_keeps_to_its_share() -> None:
    clock, told = Hands(), list[Event]()
    wishes: dict[str, float] = {}
    crew = FakeCrew(clock, "", cores=2, share=0.5, cpu=0.1)
    describe = lambda genome, _problem: Work(genome.strategy, "local")  # noqa: E731
    evaluator = CrewEvaluator(
        crew, DispatchRules(batch_size=5), describe, clock, told.append, budget_of=wishes.get
    )
    asked = [genome for genome in numbered(401) if genome.values["number"] != POISON]
    found = evaluator.evaluate(PROBLEM, asked, lambda _: None)
    assert [one.genome for one in found] == asked
    # Forty CPU seconds at one core's worth; the last batches are answered before they are earned.
    assert clock.now == pytest.approx(40, abs=2)
    measured = [event.nodes for event in told if isinstance(event, NodesMeasured)]
    assert len(measured) == 7
    assert measured[-1][0].used == pytest.approx(0.5, abs=0.05)

    began, wishes["here"] = clock.now, 0.25
    evaluator.evaluate(tiny_problem("arithmetic#later"), asked, lambda _: None)
    assert clock.now - began == pytest.approx(80, abs=4)
