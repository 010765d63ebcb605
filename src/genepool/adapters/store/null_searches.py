"""What searches on null markets found: statements over one connection."""

import json
from typing import Any

from sqlalchemy import Connection, Row, select

from genepool.adapters.store import ledgers
from genepool.adapters.store.dialect import insert_missing
from genepool.adapters.store.null_tables import null_searches
from genepool.adapters.store.reading import run_row
from genepool.adapters.store.tables import runs
from genepool.history import NullSearch, SearchedRun


def found(connection: Connection, run: str) -> list[NullSearch]:
    """Return all that are recorded of a run, by digest, generator and number."""
    table = null_searches.c
    query = select(null_searches).where(table.run_id == run_row(connection, run).id)
    rows = connection.execute(query.order_by(table.run_digest, table.generator, table.number))
    return [_search(row) for row in rows]


def searched(connection: Connection, market_digest: str) -> list[SearchedRun]:
    """Return the runs that searched a data set, or one whose trials count with it, with their nulls."""
    digests = ledgers.together(connection, market_digest)
    ours = runs.c.market_digest.in_(digests), runs.c.state != "queued"
    table = null_searches.c
    query = select(runs.c.name, null_searches).join(runs, runs.c.id == table.run_id).where(*ours)
    nulls: dict[str, list[NullSearch]] = {}
    for row in connection.execute(query.order_by(table.run_digest, table.generator, table.number)):
        nulls.setdefault(row.name, []).append(_search(row))
    named = select(runs.c.name, runs.c.digest).where(*ours).order_by(runs.c.id)
    return [SearchedRun(name, digest, nulls.get(name, [])) for name, digest in connection.execute(named)]


def keep(connection: Connection, run: str, search: NullSearch) -> None:
    """Insert one unless it is there."""
    row = {
        "run_id": run_row(connection, run, locked=True).id,
        "run_digest": search.run_digest,
        "generator": search.generator,
        "number": search.number,
        "figures": json.dumps(dict(search.figures), allow_nan=False),
        "trials": search.trials,
    }
    connection.execute(insert_missing(connection, null_searches), row)


def _search(row: Row[Any]) -> NullSearch:
    return NullSearch(row.run_digest, row.generator, row.number, json.loads(row.figures), row.trials)
