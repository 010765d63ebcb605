"""The flags that say how a file is read, as fields of a form: declared once, as flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_type_hints

from genepool.errors import ConfigError
from genepool.reading.bundles import flags_of
from genepool.reading.flags import FileFlags

FieldKind: TypeAlias = Literal["switch", "list", "whole", "number", "text"]

# They are about a second file, which a form of one file does not bring.
_OF_FUNDING_FILE = frozenset(
    {
        "funding",
        "funding_where",
        "funding_column",
        "max_funding_gap",
        "trim_to_funding",
        "funding_timezone",
    }
)
_ON = frozenset({"on", "true", "1", "yes"})
_OFF = frozenset({"", "off", "false", "0", "no"})
_KINDS: tuple[tuple[type, FieldKind], ...] = (
    (bool, "switch"),
    (list, "list"),
    (int, "whole"),
    (float, "number"),
)


@dataclass(frozen=True, slots=True)
class ReadingField:
    """One flag as a field.

    Parameters
    ----------
    name
        Its name without dashes before it, and underscores within.
    flag
        As the command line has it.
    kind
        Of its value.
    about
        What it is for.
    panel
        Under which heading the command's help shows it; empty for the first one.
    shape
        How its value looks, such as ``open|close``; empty where that goes without saying.
    choices
        The only values that it takes; none where it takes others.
    """

    name: str
    flag: str
    kind: FieldKind
    about: str
    panel: str
    shape: str
    choices: Sequence[str]

    def words(self, texts: Sequence[str]) -> list[str]:
        """Return the words of a command line that say the same; a value is no flag, whatever it holds.

        Raises
        ------
        ConfigError
            When a switch is neither on nor off, or one value is said several times.
        """
        if self.kind == "switch":
            return [self.flag] if any(is_on(self.name, text) for text in texts) else []
        if self.kind == "list":
            texts = [line.strip() for text in texts for line in text.splitlines()]
        said = [text for text in texts if text]
        if len(said) > 1 and self.kind != "list":
            raise ConfigError(f"the form says {self.name} {len(said)} times: say it once")
        return [f"{self.flag}={text}" for text in said]


def form_fields() -> Sequence[ReadingField]:
    """Return all of them, in the order of the command's help."""
    hints, plain = get_type_hints(FileFlags, include_extras=True), vars(FileFlags())
    return [
        _field(field.name, flag, hints[field.name].__metadata__[0], plain[field.name])
        for field, flag in zip(fields(FileFlags), flags_of(FileFlags), strict=True)
        if field.name not in _OF_FUNDING_FILE
    ]


def shown_values(said: FileFlags) -> Mapping[str, str | bool]:
    """Return what a form shows when the flags are these, by field."""
    values: dict[str, str | bool] = {}
    for field in form_fields():
        value = getattr(said, field.name)
        if isinstance(value, bool):
            values[field.name] = value
        elif isinstance(value, list):
            values[field.name] = "\n".join(value)
        else:
            values[field.name] = (
                "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
            )
    return values


def is_on(name: str, text: str) -> bool:
    """Say whether the text of a switch switches it on.

    Raises
    ------
    ConfigError
        When it says neither.
    """
    if text.lower() not in _ON | _OFF:
        raise ConfigError(f"{name} is {text[:40]!r}: say true or false")
    return text.lower() in _ON


def _field(name: str, flag: str, option: Any, value: object) -> ReadingField:  # noqa: ANN401 - typer's own record
    kind: FieldKind = next((kind for of, kind in _KINDS if isinstance(value, of)), "text")
    kind = "number" if name == "funding_scale" else kind
    shape = option.metavar or ""
    return ReadingField(
        name=name,
        flag=flag,
        kind=kind,
        about=option.help or "",
        panel=option.rich_help_panel or "",
        shape=shape,
        choices=shape.split("|") if "|" in shape else (),
    )
