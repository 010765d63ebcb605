"""The champion's neighbours, tried for a report."""

from genepool.pool.ancestry import Fetch
from genepool.pool.checking import carried_out, in_this_process, neighbourhood_check
from genepool.pool.findings import Findings
from genepool.pool.planning import Plan
from genepool.ports import EvaluationHistory
from genepool.robustness.neighbourhood import Neighbourhood


def tried_around(plan: Plan, found: Findings, fetch: Fetch, store: EvaluationHistory) -> Neighbourhood | None:
    """Evaluate the champion's neighbours, and have the ledger count those that the run did not try.

    Parameters
    ----------
    plan, found, fetch
        The run, what a pass over it found, and how its individuals are read again.
    store
        The history.
    """
    check = neighbourhood_check(plan.problem, found, fetch)
    return carried_out(check, in_this_process(), store.remember) if check else None
