"""What another program traded when its proof was run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ComparedTrade:
    """What is compared of a trade.

    Parameters
    ----------
    entry, exit
        Stamps of the candles that hold the fills, UTC nanoseconds.
    side
        ``long`` or ``short``.
    entry_price, exit_price
        Averages over the fills that enter and that leave.
    closed
        Whether a decision, a stop or a target ended it, and not the end of the candles.
    fills
        Stamp and price of each fill, in order; None from a program that fixes sizes as we do, whose averages
        say as much.
    """

    entry: int
    exit: int
    side: str
    entry_price: float
    exit_price: float
    closed: bool = True
    fills: tuple[tuple[int, float], ...] | None = None

    @property
    def gross(self) -> float:
        """Return before fees and funding, as a fraction."""
        change = self.exit_price / self.entry_price - 1.0
        return change if self.side == "long" else -change


@dataclass(frozen=True, slots=True)
class Proof:
    """What a program's ``proof.json`` says.

    Parameters
    ----------
    trades
        Every trade, in order.
    versions
        Of the program and of what it ran with, by name.
    tick
        Smallest step of its prices; None where it knows of none.
    remarks
        What it does otherwise, a sentence each.
    analyses
        Verdicts of its own analyses, by their name.
    """

    trades: Sequence[ComparedTrade]
    versions: Mapping[str, str]
    tick: float | None = None
    remarks: Sequence[str] = ()
    analyses: Mapping[str, str] = field(default_factory=dict)


class Prover(Protocol):
    """Runs ``prove.py`` among some files, in an environment that the user named."""

    @property
    def environment(self) -> str:
        """What ran it, for people: an interpreter or an image."""
        ...

    def __call__(self, files: Mapping[str, str]) -> Proof:
        """Lay files into an empty folder, run the proof there without a network, and read what it wrote.

        Raises
        ------
        ConfigError
            When the environment lacks what the proof needs, or cannot be started.
        ServiceUnavailable
            When the proof broke off, or took too long.
        """
        ...
