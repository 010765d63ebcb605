"""Stop a run that another process evolves, or that waits for one; it can be resumed."""

from dataclasses import dataclass

from genepool.history import RunState, RunSummary
from genepool.pool.commands import PROGRAM, resume_command
from genepool.pool.stopping import Stopper
from genepool.usecases.document import Document
from genepool.usecases.named_run import find_run


@dataclass(frozen=True, slots=True)
class StoppedRun(Document):
    """A run that was asked to stop: where it stood then, where it stands now, what resumes it."""

    run: str
    before: RunState
    state: RunState
    generations: int
    resume: str


def ask_to_stop(name: str, stopper: Stopper, program: str = PROGRAM) -> RunSummary:
    """Ask for the end of a run and return where it stands; ``Stopper.wait`` watches its end come.

    Raises
    ------
    RunNotFound
        When there is none, or there are several that begin so.
    ConfigError
        When it has ended already.
    """
    summary = find_run(name, stopper.catalogue.summaries(), program)
    stopper.ask(summary)
    return summary


def stopped_run(before: RunSummary, after: RunSummary, program: str = PROGRAM) -> StoppedRun:
    """Return what became of a run that was asked to stop.

    Parameters
    ----------
    before, after
        Its line in the list of runs when it was asked, and now.
    program
        How the user calls the program.
    """
    run = after.spec.run
    return StoppedRun(run, before.state, after.state, after.generations, resume_command(run, program))
