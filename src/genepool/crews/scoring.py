"""What a worker does with a batch, on every machine alike: score it, strategy by strategy, on the clock."""

import time
from collections.abc import Callable, Sequence
from itertools import groupby

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.scorer import Scores, WarmScorers
from genepool.crews.encoding import SentGenome, pack_evaluations, unpack_genomes
from genepool.crews.reply import Reply
from genepool.errors import GenepoolError
from genepool.genome import Genome


class BatchScorer:
    """Scores batches, one after the other, each for a problem of its own; keeps warm scorers between them."""

    def __init__(self) -> None:
        self._scorers = WarmScorers()
        self._ended = time.perf_counter()
        self._told = 0.0

    def evaluate(self, problem: str, make: Callable[[], Scores], sent: Sequence[SentGenome]) -> Reply:
        """Score one batch.

        Parameters
        ----------
        problem
            Digest of what its genomes are scored against.
        make
            Makes the problem's scorer where it is not kept.
        sent
            The genomes.
        """
        waited = time.perf_counter() - self._ended
        timed: dict[str, tuple[int, float]] = {}
        evaluations, raised = None, None
        try:
            scorer = self._scorers.scorer(problem, make)
            evaluations = pack_evaluations(unstarved(_by_strategy(scorer, unpack_genomes(sent), timed)))
        except GenepoolError as error:
            raised = error
        except Exception:  # noqa: BLE001 - the dispatcher finds out which genome it was
            # What was kept may be what memory ran short for.
            self._scorers.forget()
        finally:
            self._ended = time.perf_counter()
        return Reply(evaluations, timed, waited, cpu=self._cpu(), error=raised)

    def _cpu(self) -> float:
        """Return what this process used since it was last asked: first of all, what it took to start."""
        before, self._told = self._told, time.process_time()
        return self._told - before

    def forget(self) -> None:
        """Let go of all that is kept."""
        self._scorers.forget()


def _by_strategy(
    scorer: Scores, genomes: Sequence[Genome], timed: dict[str, tuple[int, float]]
) -> list[Evaluation]:
    """Score genomes strategy by strategy, and enter what each strategy took."""
    found: dict[int, Evaluation] = {}
    order = sorted(range(len(genomes)), key=lambda place: genomes[place].strategy)
    for strategy, group in groupby(order, key=lambda place: genomes[place].strategy):
        places, began = list(group), time.perf_counter()
        found.update(zip(places, scorer.evaluate([genomes[place] for place in places]), strict=True))
        timed[strategy] = (len(places), time.perf_counter() - began)
    return [found[place] for place in range(len(genomes))]


def unstarved(evaluations: list[Evaluation]) -> list[Evaluation]:
    """Pass evaluations on, unless one failed for want of memory.

    Raises
    ------
    MemoryError
        When one did: that is no trait of its genome, which other runs would take it for.
    """
    if any((one.error or "").endswith("MemoryError") for one in evaluations):
        raise MemoryError
    return evaluations
