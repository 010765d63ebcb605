"""One session of null searches on the screen: made, told as they end, and summed up."""

from rich.console import Console

from genepool.adapters.store import SqlStore
from genepool.bootstrap.null_evaluating import open_null_evaluator
from genepool.bootstrap.placement import Placement
from genepool.cli._null_lines import NullProgress
from genepool.cli._stopping import stop_requests
from genepool.pool.planning import Plan
from genepool.program import program
from genepool.settings import Settings
from genepool.usecases.named_run import summary_of
from genepool.usecases.null_evolution import NullRun, NullsAsked, evolve_nulls


def null_session(
    plan: Plan, placement: Placement, store: SqlStore, settings: Settings, asked: NullsAsked, console: Console
) -> NullRun:
    """Repeat a run's search on markets without an edge, and tell how far that is.

    Raises
    ------
    Interrupted
        When the user stopped it; the message holds the command that continues.
    """
    summary = summary_of(plan.spec.run, store)
    with (
        stop_requests() as stop,
        open_null_evaluator(placement, settings, stop) as workers,
        NullProgress(console, asked.count) as told,
    ):
        at_once = workers.searches_at_once(plan.spec.settings.population_size)
        return evolve_nulls(plan, summary, asked, store, workers.evaluator, told, stop, program(), at_once)
