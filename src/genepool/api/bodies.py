"""What holds for every request that has a body: unknown members and unwritable text are refused."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from genepool.errors import ConfigError

Body = TypeVar("Body", bound="Strict")


class Strict(BaseModel):
    """A request: a member that is unknown, or of another type, is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, said: object) -> object:
        if not is_writable(said):
            raise ValueError("it holds a sign that no file or database can hold: leave it out")
        return said


def is_writable(said: Any) -> bool:  # noqa: ANN401 - whatever JSON has
    r"""Say whether all texts can be written: JSON may hold halves of signs, and the sign of number 0.

    Parameters
    ----------
    said
        A value that JSON has, as deep as a parser lets through.

    Examples
    --------
    >>> is_writable({"name": ["gold", 1]}), is_writable("\ud800"), is_writable({"a\0": 1})
    (True, False, False)
    """
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and ("\0" in one or any("\ud800" <= sign <= "\udfff" for sign in one)):
            return False
    return True


def understood(kind: type[Body], said: Mapping[str, Any]) -> Body:
    """Return the body that a form of a page says, where a program says it by JSON.

    Raises
    ------
    ConfigError
        When it is not understood; the message names the first field.
    """
    try:
        return kind(**said)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise ConfigError(f"{where} is not understood: {wrong['msg']}") from error
