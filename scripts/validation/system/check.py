"""What a check is, and how all of them are gone through."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from scripts.validation.criterion import Criterion
from scripts.validation.system.system import System

Mode: TypeAlias = Literal["local", "distributed"]
BOTH: tuple[Mode, ...] = ("local", "distributed")


@dataclass(frozen=True, slots=True)
class Found:
    """What a check saw.

    Parameters
    ----------
    passed
        Whether it is enough.
    figure
        What there is, in a few words.
    """

    passed: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist.

    Parameters
    ----------
    name
        What works, as a statement.
    bar
        What is enough.
    look
        Looks at the system.
    modes
        Where it makes sense.
    disturbs
        Whether it breaks something on purpose: such checks come last.
    """

    name: str
    bar: str
    look: Callable[[System], Found]
    modes: tuple[Mode, ...] = ("distributed",)
    disturbs: bool = False


def go_through(checks: Iterable[Check], system: System) -> Iterator[Criterion]:
    """Yield the outcome of every check that makes sense here; one that breaks off has failed."""
    fitting = [check for check in checks if system.mode in check.modes]
    for check in sorted(fitting, key=lambda one: one.disturbs):
        try:
            found = check.look(system)
        except Exception as error:  # noqa: BLE001 - any error is the finding; the rest is still checked
            found = Found(passed=False, figure=f"{type(error).__name__}: {error}"[:300])
        yield Criterion(check.name, found.figure, check.bar, found.passed)
