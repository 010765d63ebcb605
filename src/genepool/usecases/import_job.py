"""A file of candles that is imported later, by a worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.usecases.datasets import UploadedFile
from genepool.usecases.document import members
from genepool.usecases.job_terms import request_of


@dataclass(frozen=True, slots=True)
class ImportJob:
    """What ``genepool data import`` asks for, of a file that lies where the worker reads it.

    Parameters
    ----------
    file
        Where it lies; it stays there.
    called
        What its user calls it.
    reading
        Words of a command line that say how it is read.
    source, licence
        Where the data come from.
    replace
        Whether candles of another market may go for it.
    """

    file: str
    called: str
    reading: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    replace: bool = False

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "ImportJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)

    @property
    def upload(self) -> UploadedFile:
        """The file."""
        return UploadedFile(self.file, self.called, self.reading, self.source, self.licence)
