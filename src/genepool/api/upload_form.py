"""The form that brings a file of candles, with the flags that say how it is read as its fields."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, fields

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from genepool.api.v1.bodies import is_writable
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.reading.bundles import flags_of
from genepool.reading.flags import FileFlags

_FIELDS_AT_MOST = 200
_FIELD_BYTES = 16_384
_ON = frozenset({"on", "true", "1", "yes"})
_OFF = frozenset({"", "off", "false", "0", "no"})
# It names another file of the machine that reads this one.
_UNSAID = frozenset({"funding"})
_APART = frozenset({"name", "replace", "source", "licence"})


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


def reading_fields() -> Mapping[str, type]:
    """Return the fields of a form that say how a file is read, by name, with ``bool`` for switches."""
    plain = vars(FileFlags())
    return {field.name: type(plain[field.name]) for field in fields(FileFlags) if field.name not in _UNSAID}


async def sent_file(request: Request) -> AsyncIterator[SentFile]:
    """Yield what a form brings, for a route to depend on once it has let the client in.

    Raises
    ------
    ConfigError
        When the form cannot be read, or has a field that there is not.
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
        yield _said(form)
    finally:
        # It closes what was spooled to disk, which has no name there and vanishes with that.
        await run_in_threadpool(_close, form)


def _said(form: FormData) -> SentFile:
    file, known = form.get("file"), reading_fields()
    if not isinstance(file, UploadFile):
        raise ConfigError("the form has no file: send one in the field `file`")
    texts = {name: [text for text in form.getlist(name) if isinstance(text, str)] for name in form}
    del texts["file"]
    if not is_writable([file.filename, texts]):
        raise ConfigError("the form holds a sign that no file can hold: leave it out")
    if unknown := sorted(texts.keys() - known.keys() - _APART):
        raise ConfigError(f"there is no field {unknown[0][:60]!r}: choose from {', '.join(sorted(known))}")
    symbol = _name_of(texts)
    words = [*([f"--symbol={symbol}"] if symbol else [])]
    for (name, kind), flag in zip(known.items(), _flags(), strict=True):
        words += _words(name, flag, kind, texts.get(name, [])) if name != "symbol" else []
    replacing = _is_on("replace", _one(texts, "replace"))
    return SentFile(file, tuple(words), _one(texts, "source"), _one(texts, "licence"), replacing)


def _name_of(texts: Mapping[str, list[str]]) -> str:
    name, symbol = _one(texts, "name"), _one(texts, "symbol")
    if name and symbol and name != symbol:
        raise ConfigError("name and symbol are one thing: give one of them")
    return name or symbol


def _flags() -> list[str]:
    return [
        flag
        for flag, field in zip(flags_of(FileFlags), fields(FileFlags), strict=True)
        if field.name not in _UNSAID
    ]


def _words(name: str, flag: str, kind: type, texts: list[str]) -> list[str]:
    """Return the words of one flag: its value stands in the same word, so that it is no flag itself."""
    if kind is bool:
        return [flag] if any(_is_on(name, text) for text in texts) else []
    said = [text for text in texts if text]
    if len(said) > 1 and kind is not list:
        raise ConfigError(f"the form says {name} {len(said)} times: say it once")
    return [f"{flag}={text}" for text in said]


def _one(texts: Mapping[str, list[str]], name: str) -> str:
    return next(iter(texts.get(name, [])), "").strip()


def _is_on(name: str, text: str) -> bool:
    if text.lower() not in _ON | _OFF:
        raise ConfigError(f"{name} is {text[:40]!r}: say true or false")
    return text.lower() in _ON


def _close(form: FormData) -> None:
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            value.file.close()


def no_room(error: OSError) -> ServiceUnavailable:
    """Return the refusal of a file that cannot be written while it is read."""
    return ServiceUnavailable(
        f"the file cannot be kept while it is read ({error.strerror}): free space there"
    )
