"""What an entry of the journal says: a generation, evaluations of one that was not ended, or a run's end."""

from collections.abc import Callable, Sequence
from functools import partial

import msgpack

from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreError
from genepool.history import GenerationRecord, RunState
from genepool.plain import Plain, evaluation_values, generation_values, read_evaluation, read_generation
from genepool.ports import EvolutionStore

GENERATION = 1
EVALUATIONS = 2
ENDING = 3


def generation_body(record: GenerationRecord) -> bytes:
    """Return the body of an entry.

    Raises
    ------
    StoreError
        When a number is not finite: one NaN would top every leaderboard.
    """
    try:
        return _packed(generation_values(record))
    except ValueError as error:
        raise StoreError(
            f"generation {record.population.generation} holds a number that is not finite: history stores "
            "finite numbers or the reason for a failure"
        ) from error


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


def carry(kind: int, run: str, body: bytes, store: EvolutionStore) -> None:
    """Write an entry into a history.

    Raises
    ------
    StoreError
        When the history does not take it, or the entry says nothing that this version understands.
    """
    try:
        write = _WRITERS[kind](run, msgpack.unpackb(body), store)
    except (ValueError, LookupError, TypeError, msgpack.UnpackException) as error:
        raise StoreError(
            f"the journal holds an entry of run {run} that this version of genepool cannot read ({error}): "
            "carry it to the history with the version that wrote it"
        ) from error
    write()


def _generation(run: str, values: Plain, store: EvolutionStore) -> Callable[[], None]:
    return partial(store.record, run, read_generation(values))


def _evaluations(_run: str, values: Plain, store: EvolutionStore) -> Callable[[], None]:
    problem_digest, evaluations = values
    return partial(store.remember, problem_digest, [read_evaluation(one) for one in evaluations])


def _ending(run: str, values: Plain, store: EvolutionStore) -> Callable[[], None]:
    state, digest = values
    return partial(store.finish, run, state, digest)


_WRITERS = {GENERATION: _generation, EVALUATIONS: _evaluations, ENDING: _ending}


def _packed(values: Plain) -> bytes:
    packed: bytes = msgpack.packb(values)
    return packed
