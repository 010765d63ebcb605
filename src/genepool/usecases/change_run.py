"""Rename a recorded run, write a note on it, or delete it."""

import unicodedata
from dataclasses import dataclass

from genepool.errors import ConfigError
from genepool.names import checked_run_name
from genepool.ports import RunBook, RunChanges, RunPages
from genepool.usecases.document import Document
from genepool.usecases.list_runs import ListedRun, list_runs

LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class DeletedRun(Document):
    """A run that is gone.

    Parameters
    ----------
    run
        What it was called.
    evaluations
        How many evaluations went with it; those that other runs refer to stay.
    """

    run: str
    evaluations: int


def rename_run(run: str, name: str, changes: RunChanges, pages: RunPages) -> ListedRun:
    """Call a run otherwise, and return its line in the list.

    Raises
    ------
    ConfigError
        When a run cannot be named so.
    RunNotFound, RunBusy, RunExists
        As ``RunChanges.rename``.
    """
    checked = checked_run_name(name, "choose another name")
    changes.rename(run, checked)
    return list_runs([pages.summary(checked)])[0]


def note_run(run: str, text: str, changes: RunChanges, pages: RunPages) -> ListedRun:
    """Write a note on a run, in any state, and return its line in the list; an empty one takes it away.

    Raises
    ------
    ConfigError
        When the note is too long, or has signs that are no text.
    RunNotFound
        When there is no such run.
    """
    changes.note(run, checked_note(text))
    return list_runs([pages.summary(run)])[0]


def change_run(run: str, name: str | None, note: str | None, book: RunBook) -> ListedRun:
    """Rename a run and write a note on it, of both only what is given; return its line in the list.

    Raises
    ------
    ConfigError, RunNotFound, RunBusy, RunExists
        As ``rename_run`` and ``note_run``; nothing is changed then.
    """
    text = None if note is None else checked_note(note)
    if name is not None:
        run = rename_run(run, name, book, book).run
    if text is not None:
        book.note(run, text)
    return list_runs([book.summary(run)])[0]


def delete_run(run: str, changes: RunChanges) -> DeletedRun:
    """Delete a run, but none of its trials in the ledger, and no file that was made of it.

    Raises
    ------
    RunNotFound, RunBusy
        As ``RunChanges.delete``.
    """
    return DeletedRun(run, changes.delete(run))


def checked_note(text: str) -> str:
    """Return a note as it is kept.

    Raises
    ------
    ConfigError
        When it is too long, or has signs that are no text.
    """
    note = unicodedata.normalize("NFC", text).strip()
    if len(note) > LONGEST_NOTE:
        raise ConfigError(f"the note has {len(note):,} signs: shorten it to {LONGEST_NOTE:,}")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in note):
        raise ConfigError("the note holds control characters: write it as plain text")
    return note
