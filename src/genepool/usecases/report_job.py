"""A report that is asked for now and written later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.usecases.document import members
from genepool.usecases.job_terms import request_of


@dataclass(frozen=True, slots=True)
class ReportJob:
    """What is asked for.

    Parameters
    ----------
    run
        Name of a recorded run.
    """

    run: str

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "ReportJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)
