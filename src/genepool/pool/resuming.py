"""What a user gets who starts or resumes a run: a finished one is bred further only if its budget allows."""

from genepool.errors import RunFinished
from genepool.evolution.engine import stop_reason
from genepool.history import RunSpec, run_digest
from genepool.pool.loop import Outcome, Pool, evolve, read_once, recalled
from genepool.pool.recorded import recorded
from genepool.ports import RunEnded, RunStarted


def resume(spec: RunSpec, pool: Pool) -> Outcome:
    """Resume a recorded run because its user asks for it; one whose budget is used up stays as it is.

    A run that minutes ended has them anew: it is reopened.

    Raises
    ------
    Interrupted, StoreError
        As ``evolve``.
    """
    try:
        return evolve(spec, pool)
    except RunFinished:
        return _used_up(spec, pool) or _reopened(spec, pool)


def _used_up(spec: RunSpec, pool: Pool) -> Outcome | None:
    """Return how a finished run had ended; None when its budget allows more."""
    began = pool.clock.seconds()
    before = recalled(pool.log, spec.run)
    reason = stop_reason(before.best, len(before.seen), spec.settings)
    if reason is None:
        return None
    pool.watcher(RunStarted(spec, before.population, before.champion))
    digest = run_digest(read_once(pool, recorded(pool.log, spec.run)))
    pool.watcher(RunEnded(spec, "finished"))
    return Outcome(digest, reason, pool.clock.seconds() - began)


def _reopened(spec: RunSpec, pool: Pool) -> Outcome:
    pool.log.reopen(spec.run)
    return evolve(spec, pool)
