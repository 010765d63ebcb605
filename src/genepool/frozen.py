"""Frozen dataclasses, built as fast as open ones."""

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import Any, TypeVar, cast

Kind = TypeVar("Kind")


def maker(kind: type[Kind]) -> Callable[..., Kind]:
    """Return a function that builds a frozen dataclass with slots from its values, in its fields' order.

    The constructor of a frozen class sets each field through ``object.__setattr__``: of twenty fields that
    takes ten times as long as setting them. The function fills an open class of the same slots and then
    turns the object into one of ``kind``.

    Parameters
    ----------
    kind
        A frozen dataclass with slots, whose construction checks nothing.

    Raises
    ------
    TypeError
        When the class checks or changes its values, or has no slots of its own.
    """
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type] # the caller gives a dataclass
    slots = vars(kind).get("__slots__")
    if hasattr(kind, "__post_init__") or slots is None or tuple(slots) != tuple(names):
        raise TypeError(f"{kind.__name__} is not a plain frozen dataclass with slots")
    opened = make_dataclass(f"Open{kind.__name__}", names, slots=True)

    def made(*values: Any) -> Kind:  # noqa: ANN401 - of the fields' types
        one: Any = opened(*values)
        one.__class__ = kind
        return cast("Kind", one)

    return made
