"""Which recorded run a user means."""

from genepool.errors import RunNotFound
from genepool.history import RunSummary
from genepool.names import LATEST, composed
from genepool.pool.commands import PROGRAM
from genepool.ports import RunCatalogue

_NAMED = 5


def find_run(name: str, summaries: list[RunSummary], program: str = PROGRAM) -> RunSummary:
    """Return the run of this name, the only one whose name begins so, or the newest (``latest``).

    Parameters
    ----------
    name
        What the user calls it.
    summaries
        All runs, newest first.
    program
        How the user calls the program.

    Raises
    ------
    RunNotFound
        When there is none, or there are several that begin so.
    """
    if not summaries:
        raise RunNotFound(f"there is no run {name}: the history is empty, start one with `{program} evolve`")
    if name == LATEST:
        return summaries[0]
    name = composed(name)
    exact = [summary for summary in summaries if summary.spec.run == name]
    fitting = exact or [summary for summary in summaries if name and summary.spec.run.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise RunNotFound(f"several runs begin with {name}: {_names(fitting)}; give more of the name")
    raise RunNotFound(f"there is no run {name}: the newest are {_names(summaries)}")


def summary_of(run: str, catalogue: RunCatalogue) -> RunSummary:
    """Return the line of a recorded run, whose whole name is known, in the list of runs."""
    return next(summary for summary in catalogue.summaries() if summary.spec.run == run)


def _names(summaries: list[RunSummary]) -> str:
    names = ", ".join(summary.spec.run for summary in summaries[:_NAMED])
    return names + (" and others" if len(summaries) > _NAMED else "")
