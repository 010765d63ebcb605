"""What one thread asked a crew for, and what it will find when it looks."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from genepool.backtest.evaluation import Evaluation
from genepool.errors import GenepoolError, Interrupted
from genepool.genome import Genome
from genepool.jobs import WEIGHTS
from genepool.ports import BatchFinished, Watcher


@dataclass(frozen=True, slots=True)
class Side:
    """The caller of an evaluator.

    Parameters
    ----------
    watcher
        Told of the work on what it asked for; None for no watcher.
    interrupted
        Tells whether its user wants to stop; asked while no worker answers.
    weight
        Its part of the workers' time is this, divided by the weights of all callers at once.
    """

    watcher: Watcher | None = None
    interrupted: Callable[[], bool] = lambda: False
    weight: float = WEIGHTS["normal"]

    def __post_init__(self) -> None:
        if not 0 < self.weight < math.inf:
            raise ValueError(f"a weight of {self.weight} shares nothing: give a positive number")


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
            When the listener raised it.
        GenepoolError
            When scoring raised one that concerns every genome alike.
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
