"""Records of a JSON text, one after the other: a list of them, one a line, or somewhere within a document."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from genepool.adapters.files.header_names import MARKET_NAMES, NAMES
from genepool.adapters.files.headers import plain_header
from genepool.errors import InvalidCandles

Record = Mapping[str, Any] | Sequence[Any]

_PIECE = 65_536
_BETWEEN = re.compile(r"[\s,]*")
_DEEPEST = 4
# Numbers stay as they are written, to be read as those of any other text.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_FEWEST = 2
_NAMED = 5


class Readable(Protocol):
    """A text that is read little by little."""

    def read(self, size: int = -1) -> str:
        """Return the next characters, none at the end."""
        ...


def begins_json(text: str) -> bool:
    """Say whether a text begins as JSON does: with a list or an object, not with a word in brackets."""
    return bool(re.match(r"\s*(\[\s*([\[{\]\"]|-?\d)|\{\s*[\"}])", text.lstrip("\ufeff")))


def streamed(source: str, text: Readable, longest: int) -> Iterator[Record]:
    """Yield the records of a list, or of lines of objects, without holding more than one.

    Parameters
    ----------
    source
        Name of the file, for messages.
    text
        JSON.
    longest
        Characters that one record may have.

    Raises
    ------
    InvalidCandles
        When it is no JSON, or a record is too long.
    """
    held = text.read(_PIECE).lstrip("\ufeff \t\r\n")
    # A list of values at the beginning is a record in a line of its own.
    in_list = bool(re.match(r"\[\s*([\[{\]]|$)", held))
    place, count = int(in_list), 0
    while True:
        place = _BETWEEN.match(held, place).end()  # type: ignore[union-attr] # it matches anything
        if in_list and held.startswith("]", place):
            return
        try:
            record, place = _DECODER.raw_decode(held, place)
        except (ValueError, RecursionError) as error:
            more = text.read(_PIECE)
            held, place = held[place:] + more, 0
            if not more and (held or in_list):
                raise _no_json(source, count + 1) from error
            if not more:
                return
            if len(held) > longest:
                raise InvalidCandles(
                    f"{source}, record {count + 1}: it is no JSON, or longer than {longest:,} characters: "
                    "give a list with one candle a record"
                ) from error
            continue
        count += 1
        yield record


def within(
    source: str, document: Mapping[str, Any]
) -> tuple[Sequence[Record], Sequence[str], Mapping[str, str]]:
    """Return the records that a document holds somewhere, their header if it says one, and its market.

    Parameters
    ----------
    source
        Name of the file, for messages.
    document
        A JSON object: what an exchange answers, or columns.

    Raises
    ------
    InvalidCandles
        When it holds none, or several lists of them.
    """
    market = {
        name: value
        for name, value in document.items()
        if isinstance(value, str) and plain_header(name) in MARKET_NAMES
    }
    columns, rows, index = (document.get(name) for name in ("columns", "data", "index"))
    if isinstance(columns, list) and isinstance(rows, list):
        return *_split(columns, rows, index), market
    if isinstance(rows, list) and isinstance(document.get("schema"), dict):
        return rows, (), market
    found = list(_tables(document, "", 0)) or _beside_each_other(document)
    if len(found) == 1:
        return found[0][1], (), market
    if not found:
        raise InvalidCandles(f"{source} holds no list of candles: give a list of lists or objects, or CSV")
    names = ", ".join(name for name, _ in found[:_NAMED])
    raise InvalidCandles(f"{source} holds several lists ({names}): save one of them by itself")


def _split(columns: list[Any], rows: list[Any], index: object) -> tuple[Sequence[Record], Sequence[str]]:
    """Return the rows of pandas' orient "split" and their header, the index before the columns."""
    names = [str(name) for name in columns]
    if (
        not isinstance(index, list)
        or len(index) != len(rows)
        or not all(isinstance(row, list) for row in rows)
    ):
        return rows, names
    return [[key, *row] for key, row in zip(index, rows, strict=True)], ["", *names]


def _beside_each_other(document: Mapping[str, Any]) -> list[tuple[str, Sequence[Record]]]:
    """Return the records of columns that stand in different places of a document, as Yahoo answers them."""
    lists = dict(_columns(document, 0))
    lengths = {len(values) for values in lists.values()}
    if len(lists) <= _DEEPEST or len(lengths) != 1 or lengths.pop() < _FEWEST:
        return []
    return [("", [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)])]


def _columns(held: object, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of plain values by their names; objects stand alone in lists."""
    if isinstance(held, list) and len(held) == 1:
        held = held[0]
    if not isinstance(held, dict) or depth > 2 * _DEEPEST:
        return
    for name, value in held.items():
        if isinstance(value, list) and len(value) >= _FEWEST and not isinstance(value[0], list | dict):
            yield name, value
        else:
            yield from _columns(value, depth + 1)


def flat(record: Record) -> Record:
    """Return a record whose objects are written out: ``{"mid": {"o": 1}}`` as ``{"mid.o": 1}``."""
    if not isinstance(record, dict) or not any(isinstance(value, dict) for value in record.values()):
        return record
    found: dict[str, Any] = {}
    for name, value in record.items():
        # A database says in a name that begins with $ of what type the one value is.
        for inner, part in value.items() if isinstance(value, dict) else [("", value)]:
            found[f"{name}.{inner}" if inner and not inner.startswith("$") else name] = part
    return found


def _tables(held: object, name: str, depth: int) -> Iterator[tuple[str, Sequence[Record]]]:
    """Yield what looks like a table in a document: records, columns, or rows by their time."""
    if isinstance(held, list) and len(held) >= _FEWEST and all(isinstance(row, list | dict) for row in held):
        yield name, held
    elif isinstance(held, dict) and depth < _DEEPEST:
        columns = {key: value for key, value in held.items() if isinstance(value, list | dict)}
        table = _by_columns(columns) or _by_rows(columns)
        if table:
            yield name, table
            return
        for key, value in columns.items():
            yield from _tables(value, key, depth + 1)


def _by_columns(columns: Mapping[str, Any]) -> list[Record]:
    """Return the records of columns: lists of equal length, or pandas' objects of equal keys."""
    values = list(columns.values())
    if len(values) > _DEEPEST and all(isinstance(value, dict) for value in values) and _share_keys(values):
        first = list(values[0])
        if not any(plain_header(name) in NAMES["open"] for name in first):
            timed = any(plain_header(name) in NAMES["time"] for name in columns)
            return [
                {**({} if timed else {"": key}), **{name: column[key] for name, column in columns.items()}}
                for key in first
            ]
    lists = {name: value for name, value in columns.items() if isinstance(value, list)}
    lengths = {len(value) for value in lists.values()}
    scalars = all(value and not isinstance(value[0], list | dict) for value in lists.values())
    if len(lists) > _DEEPEST and len(lengths) == 1 and scalars:
        return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return []


def _by_rows(rows: Mapping[str, Any]) -> list[Record]:
    """Return the records of an object whose keys are the times."""
    values = list(rows.values())
    flat = all(isinstance(value, dict) and not _holds_more(value) for value in values)
    if len(values) < _FEWEST or not flat or not _share_keys(values):
        return []
    return [{"": key, **value} for key, value in rows.items()]


def _share_keys(values: Sequence[Mapping[str, Any]]) -> bool:
    return all(value.keys() == values[0].keys() for value in values)


def _holds_more(value: Mapping[str, Any]) -> bool:
    return any(isinstance(part, list | dict) for part in value.values())


def _no_json(source: str, record: int) -> InvalidCandles:
    return InvalidCandles(
        f"{source}, record {record}: this is no JSON, or it is cut short: fetch or write it again"
    )
