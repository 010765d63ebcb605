"""The data sets that have a name: listed, described, and deleted where nothing needs them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from genepool.errors import ConfigError, DatasetBusy, DatasetNotFound
from genepool.history import RunState
from genepool.jobs import ENDED, Job, JobState
from genepool.market.provenance import DataSet
from genepool.ports import JobQueue, JobSchedule, RunCatalogue
from genepool.usecases.describe_market import DescribedMarket, describe_market
from genepool.usecases.document import Document

_UNENDED_RUNS: frozenset[RunState] = frozenset({"queued", "running", "stopping"})
_UNENDED_JOBS: tuple[JobState, ...] = ("queued", "running", "cancelling")
_JOBS_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class ListedDataset(Document):
    """A sample or an import; ``kind`` is ``sample`` or ``imported``."""

    name: str
    kind: str
    symbol: str
    timeframe: str
    candles: int
    first: str
    last: str
    columns: Sequence[str]
    synthetic: bool
    digest: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class DamagedDataset(Document):
    """A sample or an import that cannot be read, and why."""

    name: str
    kind: str
    problem: str


@dataclass(frozen=True, slots=True)
class DeletedDataset(Document):
    """An import that is gone."""

    deleted: str


class Shelf(Protocol):
    """Where candles are kept under a name."""

    def entries(self) -> Sequence[ListedDataset | DamagedDataset]:
        """Return all of them: samples first."""
        ...

    def name_of(self, word: str) -> str | None:
        """Return the name of the sample or import that a word stands for; None where it stands for none."""
        ...

    def read(self, word: str) -> DataSet:
        """Return a sample, an import or a synthetic market, and nothing that is no such one.

        Raises
        ------
        ConfigError
            When a word is a path, or stands for nothing that has a name.
        DataError
            When it is damaged.
        """
        ...

    def understand(self, upload: "UploadedFile") -> DataSet:
        """Read and check a file that a user sent; nothing is kept.

        Raises
        ------
        ConfigError
            When what is said of it is not understood.
        DataError
            When it cannot be traded on.
        """
        ...

    def name_for(self, data: DataSet) -> str:
        """Return the name that candles would be kept under.

        Raises
        ------
        DataError
            When their symbol makes no name.
        """
        ...

    def keep(self, data: DataSet, *, replacing: bool) -> str:
        """Keep candles under their symbol and timeframe, and return that name.

        Raises
        ------
        DataError
            When another market's candles have the name, and may not go.
        """
        ...

    def remove(self, name: str) -> None:
        """Delete an import."""
        ...


class JobBook(JobQueue, JobSchedule, Protocol):
    """The queue, and what is submitted to it again and again."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a user sent.

    Parameters
    ----------
    file
        Where it lies; it stays there.
    called
        What its user calls it: its last part, made safe, is what messages and a market without a symbol
        are named by.
    reading
        Words of a command line that say how it is read.
    source, licence
        Where the data come from, to be kept with them.
    """

    file: str
    called: str
    reading: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""


def list_datasets(shelf: Shelf) -> Sequence[ListedDataset | DamagedDataset]:
    """Return every data set that has a name: samples first, then imports, each sorted."""
    return shelf.entries()


def describe_dataset(word: str, shelf: Shelf) -> DescribedMarket:
    """Return what is known of a sample, an import or a synthetic market.

    Raises
    ------
    ConfigError, DataError
        As ``Shelf.read``.
    """
    return describe_market(shelf.name_of(word) or word, shelf.read(word))


def take_upload(upload: UploadedFile, shelf: Shelf, *, replacing: bool = False) -> DescribedMarket:
    """Check a file, and keep its candles under their symbol and timeframe; nothing is kept of a refused one.

    Parameters
    ----------
    upload
        The file.
    shelf
        Where they are kept.
    replacing
        Whether candles of another market may go for it.

    Raises
    ------
    ConfigError, DataError
        As ``Shelf.understand`` and ``Shelf.keep``.
    """
    data = shelf.understand(upload)
    return describe_market(shelf.keep(data, replacing=replacing), data)


def delete_dataset(word: str, shelf: Shelf, runs: RunCatalogue, jobs: JobBook) -> DeletedDataset:
    """Delete an import.

    Raises
    ------
    DatasetNotFound
        When there is none of that name.
    ConfigError
        When it is a sample.
    DatasetBusy
        When a run or job that has not ended, or a schedule, needs it.
    """
    kept = {entry.name: entry for entry in shelf.entries()}
    name = shelf.name_of(word)
    if name is None:
        imports = ", ".join(entry.name for entry in kept.values() if entry.kind == "imported")
        choice = f"choose from {imports}" if imports else "none is kept"
        raise DatasetNotFound(f"there is no import {word!r}: {choice}")
    if kept[name].kind == "sample":
        raise ConfigError(f"{name} is a sample that comes with genepool: only imports can be deleted")
    if needing := next(_needing(name, shelf, runs, jobs), ""):
        raise DatasetBusy(f"{name} cannot be deleted, because {needing} needs it: end that first")
    shelf.remove(name)
    return DeletedDataset(name)


def _needing(name: str, shelf: Shelf, runs: RunCatalogue, jobs: JobBook) -> Iterator[str]:
    """Yield what needs a data set still."""
    data_of = {summary.spec.run: summary.spec.data for summary in runs.summaries()}
    for summary in runs.summaries():
        if summary.state in _UNENDED_RUNS and shelf.name_of(summary.spec.data) == name:
            yield f"run {summary.spec.run}, which is {summary.state},"
    for job in jobs.jobs(states=_UNENDED_JOBS, count=_JOBS_AT_MOST):
        named = {*_words(job.asked.request), data_of.get(job.asked.run or "", "")}
        if job.state not in ENDED and name in map(shelf.name_of, filter(None, named)):
            yield _called(job)
    for plan in jobs.planned():
        asked = plan.asked.request
        if name in map(shelf.name_of, [*_words(asked), data_of.get(str(asked.get("run", "")), "")]):
            yield f"schedule {plan.id}"


def _called(job: Job) -> str:
    return f"job {job.id}, which is {job.state},"


def _words(request: Any) -> list[str]:  # noqa: ANN401 - of any kind of job
    said = request.get("data") or ()
    return [said] if isinstance(said, str) else [str(word) for word in said]
