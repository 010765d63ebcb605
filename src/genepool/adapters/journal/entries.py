"""What an entry of the journal says: a generation, evaluations of one that was not ended, or a run's end."""

from collections.abc import Callable, Sequence
from functools import partial

import msgpack

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreError
from genepool.history import RunState
from genepool.plain import Plain, evaluation_values, read_evaluation

GENERATION = 1
EVALUATIONS = 2
ENDING = 3


def evaluations_body(problem_digest: str, evaluations: Sequence[Evaluation]) -> bytes:
    """Return the body of an entry.

    Raises
    ------
    StoreError
        When a number is not finite.
    """
    try:
        return _packed([problem_digest, [evaluation_values(evaluation) for evaluation in evaluations]])
    except ValueError as error:
        raise StoreError("an evaluation holds a number that is not finite") from error


def ending_body(state: RunState, digest: str | None) -> bytes:
    """Return the body of an entry."""
    return _packed([state, digest])


def carry(kind: int, run: str, bodies: Sequence[bytes], store: BulkHistory) -> None:
    """Write entries of one kind and run into a history; several only when they are generations.

    Raises
    ------
    StoreError
        When the history does not take them, or they say nothing that this version understands.
    """
    if kind == GENERATION:
        # As the history itself packed them, so that carrying many of them costs little.
        store.record_packed(run, bodies)
        return
    try:
        write = _WRITERS[kind](run, msgpack.unpackb(bodies[0]), store)
    except (ValueError, LookupError, TypeError, msgpack.UnpackException) as error:
        raise StoreError(
            f"the journal holds an entry of run {run} that this version of genepool cannot read ({error}): "
            "carry it to the history with the version that wrote it"
        ) from error
    write()


def _evaluations(_run: str, values: Plain, store: BulkHistory) -> Callable[[], None]:
    problem_digest, evaluations = values
    return partial(store.remember, problem_digest, [read_evaluation(one) for one in evaluations])


def _ending(run: str, values: Plain, store: BulkHistory) -> Callable[[], None]:
    state, digest = values
    return partial(store.finish, run, state, digest)


_WRITERS = {EVALUATIONS: _evaluations, ENDING: _ending}


def _packed(values: Plain) -> bytes:
    packed: bytes = msgpack.packb(values)
    return packed
