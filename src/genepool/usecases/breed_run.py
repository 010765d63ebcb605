"""Breed a recorded run wherever it was placed, until a budget ends it or a user stops it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from genepool.errors import Interrupted
from genepool.history import GenerationRecord
from genepool.pool.commands import PROGRAM, resume_command
from genepool.pool.findings import Findings
from genepool.pool.loop import Outcome
from genepool.pool.planning import Plan
from genepool.pool.stop_request import StopRequest
from genepool.ports import RunCatalogue, Watcher
from genepool.usecases.named_run import summary_of


class Breeder(Protocol):
    """Breeds a recorded run in this process, or follows the process that does."""

    def __call__(
        self, plan: Plan, read: Callable[[GenerationRecord], None], watcher: Watcher, stop: StopRequest, /
    ) -> Outcome:
        """Return how the run ended.

        Parameters
        ----------
        plan
            The run.
        read
            Told each of its generations once, in order, as the history has it.
        watcher
            Told what happens.
        stop
            Asks for its end, and is asked between two batches.

        Raises
        ------
        Interrupted
            When the run was stopped; it can be resumed.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Bred:
    """A run that was bred to its end, not judged yet.

    Parameters
    ----------
    plan
        The run.
    outcome
        How it ended.
    found
        What the pass over its generations found.
    """

    plan: Plan
    outcome: Outcome
    found: Findings


def breed_run(
    plan: Plan,
    breed: Breeder,
    catalogue: RunCatalogue,
    watcher: Watcher,
    stop: StopRequest,
    program: str = PROGRAM,
) -> Bred:
    """Breed a recorded run to its end.

    Parameters
    ----------
    plan
        The run.
    breed
        Breeds it where it was placed.
    catalogue
        Tells how far it came when a user stops it.
    watcher
        Told what happens.
    stop
        Asks for its end.
    program
        How the user calls the program.

    Raises
    ------
    Interrupted
        When it was stopped; the message holds the command that resumes it.
    ServiceUnavailable, StoreError
        When what it needs is away, or another process owns it.
    """
    found, run = Findings(), plan.spec.run
    try:
        outcome = breed(plan, found.take, watcher, stop)
    except Interrupted as error:
        done = summary_of(run, catalogue).generations
        raise Interrupted(
            f"run {run} is stopped, {done} of {plan.spec.settings.generations} generations are recorded; "
            f"resume it with\n  {resume_command(run, program)}"
        ) from error
    return Bred(plan, outcome, found)
