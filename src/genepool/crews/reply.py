"""What a worker answers to a batch.

This module must stay free of heavy imports: a worker of the cluster caps the threads of the numeric libraries
before it loads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genepool.errors import GenepoolError

if TYPE_CHECKING:
    from genepool.crews.encoding import SentEvaluations


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a batch.

    Parameters
    ----------
    evaluations
        The results in the order asked; None when scoring raised.
    timed
        Genomes and seconds of computing, by strategy.
    waited
        Seconds since the end of the batch before.
    threads
        Threads that the process has now, as its system counts them; 0 where it does not tell.
    cpu
        CPU seconds that the process used since it told so last, whatever for.
    error
        What scoring raised when it was on purpose, and concerns every genome alike.
    """

    evaluations: "SentEvaluations | None"
    timed: Mapping[str, tuple[int, float]]
    waited: float
    threads: int = 0
    cpu: float = 0.0
    error: GenepoolError | None = None
