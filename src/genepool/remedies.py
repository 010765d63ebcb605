"""What a refusal offers to do about it: flags of the command line as data, and the words for people."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of the command line.

    Parameters
    ----------
    name
        Such as ``--max-gap``.
    value
        What it is given; empty for a switch.
    why
        When to choose it, or what follows it; empty where nothing needs to be said.
    is_blank
        Whether the value is only an example, which the user replaces by their own: ``open=HEADER``.
    """

    name: str
    value: str = ""
    why: str = ""
    is_blank: bool = False

    @property
    def words(self) -> str:
        """What the user types, and when."""
        value = self.value if self.is_blank or not self.value else shlex.quote(self.value)
        gap = "" if not self.why or self.why.startswith(",") else " "
        return f"{self.name} {value}".rstrip() + gap + self.why


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out of a refusal.

    Parameters
    ----------
    way
        What it does: "accept this with", or "correct the row" where the user does it by hand.
    flags
        All of them are needed; none where it is done by hand.
    """

    way: str
    flags: tuple[Flag, ...] = ()

    @property
    def can_be_tried(self) -> bool:
        """Whether it is complete as it stands."""
        return bool(self.flags) and not any(flag.is_blank for flag in self.flags)

    @property
    def names(self) -> frozenset[str]:
        """Names of its flags."""
        return frozenset(flag.name for flag in self.flags)

    def then(self, other: "Remedy") -> "Remedy":
        """Return this remedy followed by what is needed after it."""
        *before, last = self.flags
        way = f"{last.why}, and then {other.way}"
        return Remedy(self.way, (*before, replace(last, why=way), *other.flags))


def by_flag(way: str, name: str, value: object = "", why: str = "") -> Remedy:
    """Return a remedy of one flag."""
    return Remedy(way, (Flag(name, str(value), why),))


def to_fill_in(way: str, name: str, example: str = "", why: str = "") -> Remedy:
    """Return a remedy whose value only the user knows."""
    return Remedy(way, (Flag(name, example, why, is_blank=True),))


def by_hand(way: str) -> Remedy:
    """Return what the user does without a flag."""
    return Remedy(way)


def sentence(what: str, remedies: Sequence[Remedy]) -> str:
    """Return what is the matter, and the remedies after it; those that begin alike are joined."""
    if not remedies:
        return what
    ways = [
        f"{way} {' or '.join(' '.join(flag.words for flag in one.flags) for one in alike)}".rstrip()
        for (way, _), alike in groupby(remedies, key=_beginning)
    ]
    return f"{what}: {', or '.join([', '.join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)}"


def _beginning(remedy: Remedy) -> tuple[str, tuple[Flag, ...]]:
    """Return what remedies share that are joined: those of several flags stand alone."""
    return remedy.way, remedy.flags if len(remedy.flags) > 1 else ()
