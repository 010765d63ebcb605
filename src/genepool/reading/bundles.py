"""Flags that several commands share, each declared once: as a field of a dataclass."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

import typer

from genepool.errors import ConfigError

Asked = ParamSpec("Asked")
Bundle = TypeVar("Bundle")
# Click's, of which Typer may bring a copy of its own.
UsageError = cast("type[Exception]", typer.BadParameter.__base__)


def with_bundles(command: Callable[Asked, None]) -> Callable[..., None]:
    """Return a command that has a flag for each field of the dataclasses among its parameters.

    The flags stand where the dataclass stands; the command is called with the dataclass.

    Parameters
    ----------
    command
        What typer runs; each field of such a dataclass is annotated with its ``typer.Option``.
    """
    shown: list[inspect.Parameter] = []
    bundles: dict[str, type[Any]] = {}
    for name, parameter in inspect.signature(command).parameters.items():
        kind: Any = parameter.annotation
        if is_dataclass(kind):
            bundles[name] = kind  # type: ignore[assignment] # a class, not an instance
            shown += _flags_of(kind)  # type: ignore[arg-type] # as above
        else:
            shown.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(command)
    def called(**given: Any) -> None:  # noqa: ANN401 - whatever the flags are
        for name, kind in bundles.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        command(**given)  # type: ignore[call-arg] # as its signature says

    called.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined] # what typer reads
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    return called


def words_of(bundle: object) -> tuple[str, ...]:
    """Return the words of a command line that say what differs from the defaults."""
    words: list[str] = []
    for field, flag in zip(fields(bundle), flags_of(type(bundle)), strict=True):  # type: ignore[arg-type] # any dataclass
        value = getattr(bundle, field.name)
        if value == _default(field):
            continue
        for part in value if isinstance(value, list) else [value]:
            words += [flag] if part is True else [flag, str(part)]
    return tuple(words)


def read_words(kind: type[Bundle], words: tuple[str, ...]) -> Bundle:
    """Return the bundle that ``words_of`` told of.

    Raises
    ------
    UsageError
        When there is no such flag, or it lacks its value.
    """
    held: list[Bundle] = []

    def keep(bundle: Bundle) -> None:
        held.append(bundle)

    keep.__annotations__["bundle"] = kind
    app = typer.Typer(add_completion=False)
    app.command()(with_bundles(keep))
    typer.main.get_command(app).main(list(words), standalone_mode=False)
    return held[0]


def said_by(kind: type[Bundle], words: tuple[str, ...]) -> Bundle:
    """Return the bundle that the words of a request tell of.

    Raises
    ------
    ConfigError
        When they are not understood.
    """
    try:
        return read_words(kind, tuple(words))
    except (UsageError, IndexError) as error:
        # A word that asks for help reads nothing.
        raise ConfigError(f"the words {' '.join(words)!r} are not understood: {error}") from error


def flags_of(kind: type[Any]) -> list[str]:
    """Return the flag of each field, such as ``--max-gap``."""
    hints = get_type_hints(kind, include_extras=True)
    return [
        next(iter(_declared(hints[field.name])), f"--{field.name.replace('_', '-')}")
        for field in fields(kind)
    ]


def _declared(hint: Any) -> list[str]:  # noqa: ANN401 - an annotation
    option = hint.__metadata__[0]
    # In an annotation typer puts the first name where a default stands otherwise.
    return [name for name in (option.default, *(option.param_decls or ())) if isinstance(name, str)]


def _flags_of(kind: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_default(field),
            annotation=hints[field.name],
        )
        for field in fields(kind)
    ]


def _default(field: Field[Any]) -> Any:  # noqa: ANN401 - of any type
    return field.default if field.default_factory is MISSING else field.default_factory()
