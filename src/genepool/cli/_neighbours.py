"""The champion's neighbours, tried for a report."""

from genepool.pool.checking import carried_out, in_this_process, neighbourhood_check
from genepool.pool.planning import Plan
from genepool.pool.recorded import Whole
from genepool.ports import EvaluationHistory
from genepool.robustness.neighbourhood import Neighbourhood


def tried_around(plan: Plan, found: Whole, store: EvaluationHistory) -> Neighbourhood | None:
    """Evaluate the champion's neighbours, and have the ledger count those that the run did not try.

    Parameters
    ----------
    plan, found
        The run, whole.
    store
        The history.
    """
    check = neighbourhood_check(plan.problem, found.newborn)
    return carried_out(check, in_this_process(), store.remember) if check else None
