"""Advice that works: a remedy that a refusal names is tried on the file, in memory, before it is printed."""

from collections.abc import Callable
from dataclasses import fields, replace
from enum import IntEnum
from typing import Any, TypeVar

from genepool.errors import DataError, GenepoolError
from genepool.reading.bundles import UsageError, flags_of, read_words
from genepool.reading.flags import FileFlags
from genepool.remedies import Remedy, by_hand

Read = TypeVar("Read")

_NOTHING_HELPS = by_hand("no flag helps, so correct the file, or give another")
# A large file takes seconds to read, and the user waits for the advice.
_MOST_READINGS = 12
_MOST_STEPS = 3


class _Outcome(IntEnum):
    """What came of trying a remedy, the best last."""

    USELESS = 0
    FURTHER = 1
    READ_WITH_MORE = 2
    READ = 3


def read_with_advice(flags: FileFlags, read: Callable[[FileFlags], Read]) -> Read:
    """Return what reading gives; of a refusal's remedies only those that help are named.

    Parameters
    ----------
    flags
        What the user says of the file.
    read
        Reads it.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    try:
        return read(flags)
    except DataError as error:
        helping = Trials(read).helping(error, flags)
        if helping == error.remedies:
            raise
        raise error.offering(*helping) from error


def of_command(error: DataError, kind: type[Any]) -> DataError:
    """Return a refusal with those of its remedies whose flags a command has.

    Parameters
    ----------
    error
        The refusal.
    kind
        The command's bundle of flags.
    """
    known = set(flags_of(kind))
    return error.offering(*(remedy for remedy in error.remedies if remedy.names <= known))


class Trials:
    """Tries remedies on one file.

    Parameters
    ----------
    read
        Reads the file as flags say.
    """

    def __init__(self, read: Callable[[FileFlags], object]) -> None:
        self._read = read
        self._left = _MOST_READINGS

    def helping(self, error: DataError, said: FileFlags) -> tuple[Remedy, ...]:
        """Return the remedies of a refusal that help, with what else the file needs after each.

        Those with which it is read go before those that need others too, and these before those that only
        lead to another refusal. What the user does by hand, or has to fill in, is not tried and stays.
        """
        tried = {
            remedy: self._tried(remedy, error, said, _MOST_STEPS)
            for remedy in error.remedies
            if remedy.can_be_tried
        }
        best = max([_Outcome.FURTHER, *(outcome for outcome, _ in tried.values())])
        kept = []
        for remedy in error.remedies:
            outcome, whole = tried.get(remedy, (best, remedy))
            kept += [whole] if outcome is best else []
        return tuple(kept) or ((_NOTHING_HELPS,) if error.remedies else ())

    def _tried(
        self, remedy: Remedy, error: DataError, said: FileFlags, steps: int
    ) -> tuple[_Outcome, Remedy]:
        changed = with_remedy(said, remedy)
        if changed is None:
            return _Outcome.USELESS, remedy
        if not self._left:
            return _Outcome.FURTHER, remedy
        self._left -= 1
        try:
            self._read(changed)
        except DataError as other:
            if _is_the_same(other, error):
                return _Outcome.USELESS, remedy
            return self._followed(remedy, other, changed, steps - 1)
        except GenepoolError:
            # Such as two flags that exclude each other.
            return _Outcome.USELESS, remedy
        return _Outcome.READ, remedy

    def _followed(
        self, remedy: Remedy, other: DataError, changed: FileFlags, steps: int
    ) -> tuple[_Outcome, Remedy]:
        """Return a remedy that led to another refusal, with the remedy of that one if it has any."""
        for after in other.remedies if steps else ():
            if after.can_be_tried:
                outcome, whole = self._tried(after, other, changed, steps)
                if outcome >= _Outcome.READ_WITH_MORE:
                    return _Outcome.READ_WITH_MORE, remedy.then(whole)
        return _Outcome.FURTHER, remedy


def with_remedy(said: FileFlags, remedy: Remedy) -> FileFlags | None:
    """Return what the user says of a file with a remedy's flags, None where the command has no such ones."""
    names = dict(zip(flags_of(FileFlags), (field.name for field in fields(FileFlags)), strict=True))
    if not remedy.names <= names.keys():
        return None
    words = [word for flag in remedy.flags for word in (flag.name, flag.value) if word]
    try:
        asked = read_words(FileFlags, tuple(words))
    except UsageError:
        return None
    given: dict[str, Any] = {names[name]: getattr(asked, names[name]) for name in remedy.names}
    lists = {name: [*getattr(said, name), *value] for name, value in given.items() if isinstance(value, list)}
    return replace(said, **{**given, **lists})


def _is_the_same(other: DataError, error: DataError) -> bool:
    """Say whether a refusal is the one before again, perhaps of another row: it offers nothing else."""
    offered = {remedy.names for remedy in other.remedies if remedy.flags}
    before = {remedy.names for remedy in error.remedies if remedy.flags}
    return other.what == error.what or (bool(offered) and offered <= before)
