"""What runs inside a worker process: the problems asked for last, kept warm, and a watch on the parent."""

import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

from genepool.adapters.local.parcel import SentProblem
from genepool.backtest.scorer import MakeScorer
from genepool.crews.encoding import SentGenome
from genepool.crews.reply import Reply
from genepool.crews.scoring import BatchScorer


@dataclass(frozen=True, slots=True)
class Task:
    """A batch for a worker process: its number, what its genomes are scored against, and they."""

    batch: int
    problem: SentProblem
    genomes: Sequence[SentGenome]


# What a worker process says: None when it has started, then the number of each batch and what became of it.
Message: TypeAlias = tuple[int, Reply] | None


def work(parent: Connection, folder: Path, make_scorer: MakeScorer) -> None:
    """Score what comes in, until the parent closes the connection or is gone.

    Parameters
    ----------
    parent
        Brings tasks and takes messages.
    folder
        Where the parent keeps files for its workers.
    make_scorer
        How the genomes of a problem are scored.
    """
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, args=(folder,), name="parent-watch", daemon=True).start()
    scorer = BatchScorer()
    said: Message = None
    while True:
        try:
            parent.send(said)
            task: Task = parent.recv()
        except (EOFError, OSError):
            return
        said = task.batch, _evaluated(scorer, task, make_scorer)


def _evaluated(scorer: BatchScorer, task: Task, make_scorer: MakeScorer) -> Reply:
    return scorer.evaluate(task.problem.digest, lambda: make_scorer(task.problem.opened()), task.genomes)


def _follow_parent(folder: Path) -> None:
    # A parent killed by SIGKILL tells nobody, and a worker that waits for a batch would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # The parent could not delete it.
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
