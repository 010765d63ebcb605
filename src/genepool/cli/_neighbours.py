"""The champion's neighbours, tried for a report."""

from genepool.adapters.report.build import neighbours
from genepool.adapters.report.data import Neighbourhood
from genepool.pool.ancestry import Fetch
from genepool.pool.findings import Findings
from genepool.pool.planning import Plan
from genepool.ports import EvolutionStore


def tried_around(plan: Plan, found: Findings, fetch: Fetch, store: EvolutionStore) -> Neighbourhood | None:
    """Evaluate the champion's neighbours, and have the ledger count those that the run did not try.

    Parameters
    ----------
    plan, found, fetch
        The run, what a pass over it found, and how its individuals are read again.
    store
        The history.
    """
    around = neighbours(plan.problem, found, fetch)
    if around is not None:
        store.remember(plan.problem.digest, around.extra)
    return around
