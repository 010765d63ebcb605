"""What one thread asked the cluster for, and what it will find when it looks."""

from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import ray

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import MakeScorer
from genepool.errors import GenepoolError, Interrupted, ServiceUnavailable
from genepool.genome import Genome
from genepool.ports import BatchFinished, Watcher

# Problems that stay in the object store while nobody asks for them.
_PROBLEMS_HELD = 8


@dataclass(frozen=True, slots=True)
class Side:
    """Who asks.

    Parameters
    ----------
    watcher
        Told of the work on what it asked for; None for nobody.
    interrupted
        Tells whether its user wants to stop; asked while no worker answers.
    """

    watcher: Watcher | None = None
    interrupted: Callable[[], bool] = lambda: False


@dataclass(eq=False, slots=True)
class Asked:
    """Genomes that a thread waits for.

    Parameters
    ----------
    tickets
        Their names, in the order asked.
    genomes
        By ticket.
    problem
        Digest of what they are scored against.
    side
        Who asks.

    Attributes
    ----------
    found
        Evaluations so far, by ticket.
    news
        Finished batches that the thread has not seen yet.
    error
        What scoring raised that concerns every genome alike.
    """

    tickets: range
    genomes: dict[int, Genome]
    problem: str
    side: Side
    found: dict[int, Evaluation] = field(default_factory=dict)
    news: deque[Sequence[Evaluation]] = field(default_factory=deque)
    error: GenepoolError | None = None

    @property
    def told(self) -> bool:
        """Whether there is something to see."""
        return bool(self.news) or self.error is not None

    def of(self, tickets: Sequence[int]) -> list[Genome]:
        """Return the genomes of some tickets."""
        return [self.genomes[ticket] for ticket in tickets]

    def keep(self, tickets: Sequence[int], evaluations: Sequence[Evaluation]) -> None:
        """Enter evaluations for the thread to find."""
        self.found.update(zip(tickets, evaluations, strict=True))
        self.news.append(evaluations)

    def tell(self, batch_finished: BatchFinished) -> None:
        """Report what was found to the thread that asked, all of it even when it wants to stop.

        Raises
        ------
        Interrupted
            When the thread wants to stop.
        GenepoolError
            What scoring raised that concerns every genome alike.
        """
        interruption = None
        while self.news:
            try:
                batch_finished(self.news.popleft())
            except Interrupted as error:
                interruption = error
        if interruption is not None:
            raise interruption
        if self.error is not None:
            refused, self.error = self.error, None
            raise refused


class SharedProblems:
    """Problems in the object store of the cluster, each of which travels once to a node.

    Parameters
    ----------
    make_scorer
        How their genomes are scored; it travels with them.
    """

    def __init__(self, make_scorer: MakeScorer) -> None:
        self._make_scorer = make_scorer
        self._held: OrderedDict[str, Any] = OrderedDict()

    def __getitem__(self, problem: str) -> Any:  # noqa: ANN401 - Ray's references have no type of their own
        """Return the reference to a problem, given by its digest, and to how its genomes are scored."""
        return self._held[problem]

    def hold(self, problem: Problem, needed: Collection[str]) -> None:
        """Put a problem into the store unless it is there; those asked for longest ago go, if not needed.

        Raises
        ------
        ServiceUnavailable
            When the cluster cannot take it.
        """
        digest = problem.digest
        if digest in self._held:
            self._held.move_to_end(digest)
            return
        try:
            self._held[digest] = ray.put((problem, self._make_scorer))
        except Exception as error:
            # Ray raises many kinds, and none of them is the fault of the run.
            raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error
        spare = [other for other in self._held if other not in needed and other != digest]
        for other in spare[: max(0, len(self._held) - _PROBLEMS_HELD)]:
            del self._held[other]

    def clear(self) -> None:
        """Free all of them."""
        self._held.clear()
