"""What the process that evolves a run writes of it, and the runs that wait for a coordinator."""

from typing import Protocol

from genepool.history import GenerationRecord, RunSpec, RunState
from genepool.ports.history import RecordedGenerations


class RunLog(RecordedGenerations, Protocol):
    """What a run is made of, written by the one process that owns the run."""

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running.

        Raises
        ------
        RunExists
            When there is a run of that name already.
        """
        ...

    def claim(self, run: str) -> None:
        """Take exclusive ownership of a run, and mark it as running.

        The claim lasts until the process lets go of the history or ends, however that comes about: a
        killed owner never stands in the way. Claiming again changes nothing.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        RunFinished
            When it is finished, and its user has not reopened it.
        Fenced
            When another process owns it.
        """
        ...

    def reopen(self, run: str) -> None:
        """Allow a finished run to be claimed again, because its user says so; any other stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets; its state stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        Fenced
            When another process owns it: that process goes by the budgets that it began with.
        """
        ...

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation in one transaction; writing the same one again changes nothing.

        Raises
        ------
        StoreError
            When another generation of that number is there: history never changes.
        RunFinished
            When the run is finished, and this is not one of its generations.
        """
        ...

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended; one that is finished stays finished, with its digest and its time.

        Raises
        ------
        RunFinished
            When it is finished already, with another digest.
        """
        ...


class RunQueue(Protocol):
    """Runs that wait for a coordinator."""

    def submit(self, run: str) -> None:
        """Queue a recorded run, new or ended, for the coordinator; a finished one stays as it is.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def next_run(self) -> str | None:
        """Return the run that the coordinator takes next, None when there is none.

        First those whose coordinator died (running or stopping, claimed once, and the claim has run
        out), then queued ones, oldest first.
        """
        ...

    def request_stop(self, run: str) -> None:
        """Ask the owner of a run to stop it at the next batch; a queued one is interrupted at once.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...

    def stop_requested(self, run: str) -> bool:
        """Tell whether a user asked for the end of a run.

        Raises
        ------
        RunNotFound
            When there is none of that name.
        """
        ...
