"""The form that brings a file of candles, with the flags that say how it is read as its fields."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from genepool.api.bodies import is_writable
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.reading.form_fields import form_fields, is_on

_FIELDS_AT_MOST = 200
_FIELD_BYTES = 16_384
_APART = frozenset({"file", "name", "replace", "source", "licence"})


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file with what its user says of it.

    Parameters
    ----------
    upload
        Its bytes, and what its user calls it.
    reading
        Words of a command line.
    source, licence
        Where the data come from.
    replace
        Whether candles of another market may go for it.
    """

    upload: UploadFile
    reading: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    replace: bool = False


async def received(request: Request) -> AsyncIterator[FormData]:
    """Yield a form, for a route to depend on: it is read once the client has been let in, and not before.

    Raises
    ------
    ConfigError
        When it cannot be read.
    ServiceUnavailable
        When there is no room for it.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ConfigError("send the file as multipart/form-data, in the field `file`")
    try:
        form = await request.form(max_files=1, max_fields=_FIELDS_AT_MOST, max_part_size=_FIELD_BYTES)
    except HTTPException as error:
        raise ConfigError(f"the form cannot be read: {error.detail}") from error
    except OSError as error:
        raise no_room(error) from error
    try:
        yield form
    finally:
        # What was spooled to disk has no name there, and vanishes when it is closed.
        await run_in_threadpool(_close, form)


def sent_file(form: Annotated[FormData, Depends(received)]) -> SentFile:
    """Return what a form brings.

    Raises
    ------
    ConfigError
        When a field is missing, unknown or not understood.
    """
    return file_of(form)


def file_of(form: FormData, others: Collection[str] = ()) -> SentFile:
    """Return what a form brings that may have other fields too.

    Raises
    ------
    ConfigError
        As ``sent_file``.
    """
    file = form.get("file")
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        raise ConfigError("the form has no file: send one in the field `file`")
    texts = {name: [text for text in form.getlist(name) if isinstance(text, str)] for name in form}
    if not is_writable([file.filename, texts]):
        raise ConfigError("the form holds a sign that no file can hold: leave it out")
    known = {field.name: field for field in form_fields()}
    if unknown := sorted(texts.keys() - known.keys() - _APART - set(others)):
        raise ConfigError(f"there is no field {unknown[0][:60]!r}: choose from {', '.join(sorted(known))}")
    texts["symbol"] = [_symbol_of(texts)]
    words = [word for name, field in known.items() for word in field.words(texts.get(name, []))]
    replacing = is_on("replace", _one(texts, "replace"))
    return SentFile(file, tuple(words), _one(texts, "source"), _one(texts, "licence"), replacing)


def no_room(error: OSError) -> ServiceUnavailable:
    """Return the refusal of a file that cannot be written while it is read."""
    return ServiceUnavailable(
        f"the file cannot be kept while it is read ({error.strerror}): free space there"
    )


def _symbol_of(texts: Mapping[str, list[str]]) -> str:
    name, symbol = _one(texts, "name"), _one(texts, "symbol")
    if name and symbol and name != symbol:
        raise ConfigError("name and symbol are one thing: give one of them")
    return name or symbol


def _one(texts: Mapping[str, list[str]], name: str) -> str:
    return next(iter(texts.get(name, [])), "").strip()


def _close(form: FormData) -> None:
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            value.file.close()
