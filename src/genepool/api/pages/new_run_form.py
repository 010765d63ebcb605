"""What was typed into the form of a new run, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import ImmutableMultiDict

from genepool.api.v1.new_run import NewRunBody

_HOUR = 3600.0
_SAMPLE = "btcusd_1h"
# Fields of the form alone.
OTHER_DATA, HOURS = "other_data", "hours"


@dataclass(frozen=True, slots=True)
class TypedRun:
    """A form as its user left it.

    Parameters
    ----------
    values
        What was typed, by field; several choices of one field parted by commas.
    body
        What is asked for; None while something is wrong.
    wrong
        What is wrong, by field.
    """

    values: Mapping[str, str]
    body: NewRunBody | None
    wrong: Mapping[str, str]


def read_form(form: ImmutableMultiDict[str, Any]) -> TypedRun:
    """Read a form, or the query of an address that fills it in.

    Parameters
    ----------
    form
        Texts by field; empty ones stand for what is usual.
    """
    values = {"data": _SAMPLE} | {name: _text(form.getlist(name)) for name in form}
    known = NewRunBody.model_fields
    asked = {name: value for name, value in values.items() if value and name in known}
    if values.get(OTHER_DATA):
        asked["data"] = values[OTHER_DATA]
    if values.get(HOURS):
        asked["time_limit"] = _seconds(values[HOURS])
    try:
        # Texts stand for numbers here.
        return TypedRun(values, NewRunBody.model_validate(asked, strict=False), {})
    except ValidationError as error:
        return TypedRun(values, None, {_field(one["loc"]): str(one["msg"]) for one in error.errors()})


def _text(parts: list[Any]) -> str:
    return ",".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def _seconds(hours: str) -> str:
    try:
        return str(float(hours) * _HOUR)
    except ValueError:
        return hours


def _field(place: tuple[int | str, ...]) -> str:
    name = str(place[0]) if place else "data"
    return HOURS if name == "time_limit" else name
