"""Null searches that are asked for now and made later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.robustness.null_markets import DEFAULT_NULL_MARKET
from genepool.usecases.document import members
from genepool.usecases.job_terms import request_of
from genepool.usecases.null_evolution import NullsAsked

KIND = "nulls"


@dataclass(frozen=True, slots=True)
class NullsJob:
    """What is asked for.

    Parameters
    ----------
    run
        Name of a finished run.
    count, generator, sequential
        As in ``NullsAsked``.
    """

    run: str
    count: int = 19
    generator: str = DEFAULT_NULL_MARKET
    sequential: bool = False

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @property
    def asked(self) -> NullsAsked:
        """How many nulls, and of which kind.

        Raises
        ------
        ConfigError
            When there is no such generator, or the count is below 1.
        """
        return NullsAsked(self.count, self.generator, self.sequential)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "NullsJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)
