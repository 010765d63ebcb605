"""The champion's neighbours, tried for a report."""

from genepool.adapters.report.build import neighbours
from genepool.adapters.report.data import Neighbourhood
from genepool.pool.planning import Plan
from genepool.pool.recorded import Whole
from genepool.ports import EvaluationHistory


def tried_around(plan: Plan, found: Whole, store: EvaluationHistory) -> Neighbourhood | None:
    """Evaluate the champion's neighbours, and have the ledger count those that the run did not try.

    Parameters
    ----------
    plan, found
        The run, whole.
    store
        The history.
    """
    around = neighbours(plan.problem, found.newborn)
    if around is not None:
        store.remember(plan.problem.digest, around.extra)
    return around
