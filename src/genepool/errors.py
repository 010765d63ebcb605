"""What can go wrong, and the exit code that each kind ends in.

::

    GenepoolError
    |-- ConfigError          exit 2: flags or environment ask for the impossible
    |   |-- LooksAhead       a strategy of the user's own sees the future
    |   |-- GenomeNotFound   a run has no such genome, or no such place
    |   |-- DatasetNotFound  no data set has that name
    |   |-- DatasetBusy      a run, a job or a schedule needs the data set
    |   |-- MarketNotFound   nothing was tried on such a market
    |   `-- Unsealed         the sealed candles of a market were shown, so no exam on them counts
    |-- DataError            exit 3
    |   |-- InvalidCandles   a file, and where possible a row, that cannot be traded on
    |   `-- HistoryTooShort  fewer candles than the longest lookback needs
    |-- ServiceUnavailable   exit 4: something outside did not answer
    |   `-- NotTakenUp       no coordinator takes a queued run up
    |-- StoreError           exit 4
    |   |-- StoreAway        its server does not answer: try again later
    |   |-- Fenced           another coordinator owns the run
    |   |-- RunFinished      the run is over, and stays so until its user resumes it
    |   |-- RunNotFound      exit 2
    |   |-- RunExists        exit 2
    |   |-- RunPruned        exit 2: only the best of it and their ancestors are left
    |   |-- RunBusy          exit 2: a process works on it, or a job is about it
    |   |-- JobNotFound      exit 2
    |   |-- JobConflict      exit 2: the job's state, or another job, stands against it
    |   `-- KeyNotFound      exit 2
    |-- ShortfallError       exit 5: a validation ran and fell short
    |   |-- LedgerChanged    the ledger of trials is not what was written
    |   `-- TradedOtherwise  another program trades a genome otherwise than we do
    `-- Interrupted          exit 130: stopped by a signal, resumable

One genome that fails is not an error: it is an evaluation without a fitness.
"""

from typing import ClassVar, Self

from genepool.remedies import Remedy, sentence


class GenepoolError(Exception):
    """Root of everything that GenePool raises on purpose."""

    exit_code: ClassVar[int] = 1


class ConfigError(GenepoolError):
    """The flags or the environment ask for the impossible."""

    exit_code: ClassVar[int] = 2


class LooksAhead(ConfigError):  # noqa: N818 - reads as the sentence it becomes
    """A strategy of the user's own sees the future; the message names it, a candle and the usual causes."""


class GenomeNotFound(ConfigError):  # noqa: N818 - reads as the sentence it becomes
    """A run has no such genome, or no such place of its leaderboard."""


class DatasetNotFound(ConfigError):  # noqa: N818 - as above
    """No sample, import or synthetic market goes by that name."""


class DatasetBusy(ConfigError):  # noqa: N818 - as above
    """Something that has not ended needs the data set, so it cannot be deleted."""


class MarketNotFound(ConfigError):  # noqa: N818 - as above
    """The ledger knows no such market."""


class Unsealed(ConfigError):  # noqa: N818 - as above
    """The sealed candles of a market were shown for good: no exam on them counts any more."""


class DataError(GenepoolError):
    """The market data cannot be used as it is.

    Parameters
    ----------
    what
        What is the matter with them, or the whole sentence.
    remedies
        What to do about it; the sentence is written from them.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, what: str, *remedies: Remedy) -> None:
        super().__init__(sentence(what, remedies))
        self.what = what
        self.remedies = remedies

    def of(self, source: str) -> Self:
        """Return the same refusal with the name of a file before it."""
        return type(self)(f"{source}: {self.what}", *self.remedies)

    def offering(self, *remedies: Remedy) -> Self:
        """Return the same refusal with other remedies."""
        return type(self)(self.what, *remedies)


class InvalidCandles(DataError):  # noqa: N818 - reads as the sentence it becomes
    """A candle, a column or a file breaks a rule; the message names file, row and remedy."""


class HistoryTooShort(DataError):  # noqa: N818 - as above
    """There are fewer candles than the longest lookback needs."""


class ServiceUnavailable(GenepoolError):  # noqa: N818 - as above
    """Something outside did not answer."""

    exit_code: ClassVar[int] = 4


class NotTakenUp(ServiceUnavailable):
    """A run waits in the queue, and no coordinator takes it up."""


class StoreError(GenepoolError):
    """The evolution history could not be read or written."""

    exit_code: ClassVar[int] = 4


class StoreAway(StoreError):  # noqa: N818 - as above
    """The server of the history does not answer; the same may work later."""


class Fenced(StoreError):  # noqa: N818 - as above
    """Another coordinator owns the run: the process that gets this error must stop."""


class RunFinished(StoreError):  # noqa: N818 - as above
    """The run is finished: only its user opens it again, by resuming it."""


class RunNotFound(StoreError):  # noqa: N818 - as above
    """No run of that name is in the history."""

    exit_code: ClassVar[int] = 2


class RunExists(StoreError):  # noqa: N818 - as above
    """There is a run of that name already."""

    exit_code: ClassVar[int] = 2


class RunPruned(StoreError):  # noqa: N818 - as above
    """Only the best of the run and their ancestors are left of it."""

    exit_code: ClassVar[int] = 2


class RunBusy(StoreError):  # noqa: N818 - as above
    """A process works on the run or is about to, so it can be neither renamed nor deleted."""

    exit_code: ClassVar[int] = 2


class JobNotFound(StoreError):  # noqa: N818 - as above
    """No job of that number is in the queue."""

    exit_code: ClassVar[int] = 2


class JobConflict(StoreError):  # noqa: N818 - as above
    """What a user asks of a job stands against its state, or against another job."""

    exit_code: ClassVar[int] = 2


class KeyNotFound(StoreError):  # noqa: N818 - as above
    """No key of that number opens the service."""

    exit_code: ClassVar[int] = 2


class ShortfallError(GenepoolError):
    """A validation ran and fell short of its bar."""

    exit_code: ClassVar[int] = 5


class LedgerChanged(ShortfallError):  # noqa: N818 - reads as the sentence it becomes
    """The ledger of trials is not what GenePool wrote."""


class TradedOtherwise(ShortfallError):  # noqa: N818 - as above
    """Another program trades a genome otherwise than GenePool does; the certificate says in what."""


class Interrupted(GenepoolError):  # noqa: N818 - as above
    """A signal stopped the run; it can be resumed."""

    exit_code: ClassVar[int] = 130
