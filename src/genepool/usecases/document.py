"""What a use case answers: frozen, and ready for JSON; commands and pages show the same one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any

# Of a field whose members stand among those of its document.
AMONG = MappingProxyType({"among": True})


@dataclass(frozen=True, slots=True)
class Document:
    """An answer; its fields, in their order, are the members of its JSON object."""

    def as_json(self) -> dict[str, Any]:
        """Return it as values that JSON has."""
        return members(self)


def members(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return the fields of a dataclass as values that JSON has, in their order."""
    found: dict[str, Any] = {}
    for field in fields(record):
        value = json_value(getattr(record, field.name))
        found |= value if "among" in field.metadata else {field.name: value}
    return found


def json_value(value: Any) -> Any:  # noqa: ANN401 - of any type
    """Return records as objects and sequences as lists, all the way down; anything else stays as it is."""
    if isinstance(value, Document):
        return value.as_json()
    if is_dataclass(value):
        return members(value)
    if isinstance(value, Mapping):
        return {name: json_value(inner) for name, inner in value.items()}
    return [json_value(inner) for inner in value] if isinstance(value, list | tuple) else value
