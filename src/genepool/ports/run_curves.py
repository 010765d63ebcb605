"""Figures of everybody who was born in a run, which the database picks out of their results."""

from collections.abc import Mapping
from typing import Protocol


class RunCurves(Protocol):
    """What curves of a run are drawn from, so that no result is read whole."""

    def sharpes(self, run: str, first: int = 0) -> list[tuple[int, float | None]]:
        """Return generation and in-sample Sharpe ratio of everybody born from a generation on.

        They are in the order asked; the ratio of a genome that could not be scored is None.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def failures(self, run: str) -> Mapping[str | None, int]:
        """Return how many of a run's births could not be scored, by reason.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...
