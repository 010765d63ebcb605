"""Advice that works: a remedy that a refusal names is tried on the file, in memory, before it is printed.

A remedy is words of the command line, so it is tried by reading the file once more with these words.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from genepool.cli._bundles import UsageError, flags_of, read_words
from genepool.cli._data_flags import FileFlags
from genepool.errors import DataError, GenepoolError

Read = TypeVar("Read")

_FLAG = re.compile(r"(--[a-z-]+)(?: ('[^']*'|[^\s,;:']*'[^']*'|[^\s,;:]+))?")
# What the user has to fill in cannot be tried: HEADER, N, FILE, COLUMN=VALUE.
_BLANK = re.compile(r"(^|=)[A-Z]+$")
_BETWEEN = re.compile(r", or |, (?=[a-z]+ .*?--|--)| or (?=--)")


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
        told = tried(str(error), flags, read)
        if told == str(error):
            raise
        raise type(error)(told) from error


def tried(sentence: str, flags: FileFlags, read: Callable[[FileFlags], object]) -> str:
    """Return a refusal without the remedies that lead to the same refusal again."""
    start = sentence.rfind(": ", 0, max(sentence.find("--"), 0))
    if start < 0:
        return sentence
    what, remedies = sentence[:start], _BETWEEN.split(sentence[start + 2 :])
    helping = [remedy for remedy in remedies if _helps(remedy, what, flags, read)]
    if len(helping) == len(remedies):
        return sentence
    if not helping:
        return f"{what}: no flag helps, so correct the file, or give another"
    return f"{what}: {', or '.join(helping)}"


def _helps(remedy: str, what: str, flags: FileFlags, read: Callable[[FileFlags], object]) -> bool:
    """Say whether a file is read with a remedy, or refused for something else; blanks are the user's."""
    changed = _changed(remedy, flags)
    if changed is None:
        return True
    try:
        read(changed)
    except GenepoolError as error:
        return not str(error).startswith(what)
    return True


def _changed(remedy: str, flags: FileFlags) -> FileFlags | None:
    """Return the flags with a remedy's words, None where it has none that could be tried."""
    known = dict(zip(flags_of(FileFlags), (field.name for field in fields(FileFlags)), strict=True))
    words: list[str] = []
    names: list[str] = []
    for flag, value in _FLAG.findall(remedy):
        if flag not in known or _BLANK.search(value):
            return None
        names.append(known[flag])
        takes_value = not isinstance(getattr(FileFlags(), known[flag]), bool)
        try:
            words += [flag, *(shlex.split(value) if takes_value else [])]
        except ValueError:
            # A header of several words, of which only the first was taken.
            return None
    if not words:
        return None
    try:
        asked = read_words(FileFlags, tuple(words))
    except UsageError:
        # Such as "--timezone, such as Europe/Berlin": an example for the user, and nothing to try.
        return None
    said: dict[str, Any] = {name: getattr(asked, name) for name in names}
    lists = {name: [*getattr(flags, name), *value] for name, value in said.items() if isinstance(value, list)}
    return replace(flags, **{**said, **lists})
