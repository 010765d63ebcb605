"""The terms of a job: a request as values that JSON has, and back."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from genepool.errors import ConfigError

Request = TypeVar("Request")


def request_of(kind: type[Request], terms: Mapping[str, Any]) -> Request:
    """Return the request that a job's terms tell of.

    Parameters
    ----------
    kind
        A dataclass.
    terms
        Its members by name, perhaps read back from JSON.

    Raises
    ------
    ConfigError
        When a member is unknown or missing; the message names it.
    """
    named = {field.name: field for field in fields(kind)}  # type: ignore[arg-type] # any dataclass
    if unknown := sorted(terms.keys() - named.keys()):
        raise ConfigError(f"a request has no {unknown[0]!r}: choose from {', '.join(named)}")
    for name, field in named.items():
        if name not in terms and field.default is MISSING and field.default_factory is MISSING:
            raise ConfigError(f"a request needs {name!r}: add it")
    return kind(**{name: tuple(said) if isinstance(said, list) else said for name, said in terms.items()})
