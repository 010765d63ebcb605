"""What the ledger says of one market: statements over one connection."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, Double, and_, cast, func, select

from genepool.adapters.store import ledgers
from genepool.adapters.store.dialect import json_member
from genepool.adapters.store.ledger_tables import ledger_entries, ledger_heads
from genepool.adapters.store.tables import evaluations, ledger, runs
from genepool.history import BY_RUNS, LedgerAccount, RunSpec, TrialOrigins, TrialSharpe


def account(connection: Connection, market_digest: str, marks: frozenset[int]) -> LedgerAccount:
    """Return what counts on a data set; one that the history does not know counts by its marks."""
    together = ledgers.together(connection, market_digest, marks)
    made = origins(connection, together)
    head = connection.execute(
        select(ledger_heads.c.number, ledger_heads.c.hash).where(
            ledger_heads.c.market_digest == market_digest
        )
    ).one_or_none()
    symbol, timeframe = _name(connection, market_digest, together)
    return LedgerAccount(
        market_digest=market_digest,
        symbol=symbol,
        timeframe=timeframe,
        counted_with=sorted(together - {market_digest}),
        trials=made.total,
        origins=made,
        entries=head.number if head else 0,
        head=head.hash if head else None,
        sharpes=list(_sharpes(connection, together)),
    )


def origins(connection: Connection, digests: Collection[str]) -> TrialOrigins:
    """Return who made the trials of some data sets; a genome that runs tried too is theirs."""
    declared = ledgers.declared(connection, digests)
    of_genomes = ledgers.genomes(connection, digests)
    if _kinds(connection, digests) <= {*BY_RUNS, "known", "joined", "declared"}:
        # Most ledgers: no entry needs to be looked up.
        return TrialOrigins(of_genomes, 0, 0, declared)
    by_runs = _genomes_of(connection, digests, BY_RUNS)
    with_backtests = _genomes_of(connection, digests, (*BY_RUNS, "backtest"))
    return TrialOrigins(by_runs, with_backtests - by_runs, of_genomes - with_backtests, declared)


def _kinds(connection: Connection, digests: Collection[str]) -> set[str]:
    query = select(ledger_entries.c.what).where(ledger_entries.c.market_digest.in_(digests))
    return set(connection.execute(query.distinct()).scalars())


def _genomes_of(connection: Connection, digests: Collection[str], kinds: Collection[str]) -> int:
    """Return how many unique genomes came with entries of some kinds."""
    same: ColumnElement[bool] = and_(
        ledger_entries.c.market_digest == ledger.c.market_digest, ledger_entries.c.number == ledger.c.entry
    )
    query = select(func.count(ledger.c.fingerprint.distinct())).join_from(ledger, ledger_entries, same)
    of_these = ledger.c.market_digest.in_(digests), ledger_entries.c.what.in_(kinds)
    return connection.execute(query.where(*of_these)).scalar_one()


def _name(
    connection: Connection, market_digest: str, together: Collection[str]
) -> tuple[str | None, str | None]:
    """Return what a data set is called: itself, or else one that counts with it."""
    known = ledgers.market_names(connection)
    for digest in (market_digest, *sorted(together)):
        if digest in known:
            return known[digest]
    spec = connection.execute(select(runs.c.spec).where(runs.c.market_digest.in_(together))).scalars().first()
    if spec is None:
        return None, None
    return RunSpec.from_json(spec).symbol, RunSpec.from_json(spec).timeframe


def _sharpes(connection: Connection, digests: Collection[str]) -> Iterator[TrialSharpe]:
    """Yield what every trial showed whose evaluation is left, of all problems that runs posed."""
    posed = select(runs.c.problem_digest, func.min(runs.c.spec)).where(runs.c.market_digest.in_(digests))
    per_year = {
        problem: RunSpec.from_json(spec).annualised_by
        for problem, spec in connection.execute(posed.group_by(runs.c.problem_digest))
    }
    sharpe, candles = (
        cast(json_member(connection, evaluations.c.scored, f"walk_forward.{name}"), Double)
        for name in ("sharpe", "candles")
    )
    query = select(evaluations.c.problem_digest, sharpe, candles).where(
        evaluations.c.problem_digest.in_(list(per_year)), evaluations.c.scored.is_not(None)
    )
    for problem, value, count in connection.execute(query):
        yield TrialSharpe(value, count / per_year[problem])
