"""What runs inside a worker process: the problems asked for last, kept warm, and a watch on the parent."""

import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Sequence
from multiprocessing.connection import wait
from pathlib import Path

from genepool.adapters.local.parcel import SentProblem
from genepool.backtest.evaluation import Evaluation
from genepool.backtest.scorer import MakeScorer, WarmScorers
from genepool.genome import Genome

# One of each per worker process; the process pool offers no other place for what its initializer makes.
_kept: list[tuple[MakeScorer, WarmScorers]] = []


def start(folder: Path, make_scorer: MakeScorer) -> None:
    """Prepare this worker process; the pool calls it once.

    Parameters
    ----------
    folder
        Where the parent keeps files for its workers.
    make_scorer
        How the genomes of a problem are scored.
    """
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, args=(folder,), name="parent-watch", daemon=True).start()
    _kept[:] = [(make_scorer, WarmScorers())]


def ready() -> None:
    """Show that this worker process has started."""


def evaluate(sent: SentProblem, genomes: Sequence[Genome]) -> list[Evaluation]:
    """Score one batch in this worker process."""
    ((make_scorer, scorers),) = _kept
    return scorers.scorer(sent.digest, lambda: make_scorer(sent.opened())).evaluate(genomes)


def _follow_parent(folder: Path) -> None:
    # A parent killed by SIGKILL tells nobody, and a worker that waits for its queue would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # The parent could not delete it.
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
