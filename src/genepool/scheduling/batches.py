"""Which genomes are evaluated together, and in which order."""

from collections.abc import Collection, Sequence
from itertools import groupby

from genepool.scheduling.rules import Family

# A batch this large takes a tenth of a second on 100,000 candles: soon enough for Ctrl-C.
LARGEST_BATCH = 64
LARGEST_LEARNING_BATCH = 4
# While every worker still has this many batches to come, no worker waits long for the last one.
_BATCHES_PER_WORKER = 2


def plan_batches(
    strategies: Sequence[str],
    learning: Collection[str],
    workers: int,
    batch_size: int | None = None,
    families: Sequence[Family] = (),
) -> list[list[int]]:
    """Group genomes by strategy, so that they share indicator rows, and order the groups for balance.

    Learning strategies come first because one of their genomes may take as long as a batch of the
    others, and batches shrink towards the end so that all workers finish together.

    Parameters
    ----------
    strategies
        Strategy name of each genome, in the order asked.
    learning
        Names of the strategies that refit a model.
    workers
        How many batches run at once.
    batch_size
        Genomes in a batch at most; None to choose.
    families
        Of each genome: those of one strategy and family, which share their fits, follow each other. None
        has one when there are none.

    Returns
    -------
    list of list of int
        Positions of the genomes in each batch; every position occurs once.
    """
    related = families or [()] * len(strategies)
    order = sorted(
        range(len(strategies)),
        key=lambda k: (strategies[k] not in learning, strategies[k], related[k], k),
    )
    remaining = len(order)
    batches = []
    for name, group in groupby(order, key=lambda k: strategies[k]):
        positions = list(group)
        while positions:
            size = batch_size or _guided_size(remaining, workers, name in learning)
            batches.append(positions[:size])
            remaining -= len(batches[-1])
            positions = positions[size:]
    return batches


def _guided_size(remaining: int, workers: int, learns: bool) -> int:
    share = -(-remaining // (_BATCHES_PER_WORKER * workers))
    return min(share, LARGEST_LEARNING_BATCH if learns else LARGEST_BATCH)
