"""A page of the list of runs: its cost is that of its own lines, not of the history."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from genepool.adapters.store import run_figures
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.dialect import by_letters, contains, json_member
from genepool.adapters.store.run_states import run_states
from genepool.adapters.store.tables import genomes, runs
from genepool.history import RunCursor, RunFilter, RunLines


def page(
    connection: Connection,
    asked: RunFilter,
    after: RunCursor | None,
    count: int,
    claims: Claims,
) -> RunLines:
    """Return some lines of the list of runs.

    Parameters
    ----------
    connection
        Where to look.
    asked
        Which runs, in which order.
    after
        Where the page begins; None for the first one.
    count
        How many lines at most.
    claims
        Tell which runs were abandoned, whatever their rows say: of all only where states are asked for.
    """
    key, wanted = _key(connection, asked), _conditions(connection, asked, claims)
    behind = [] if after is None else [_behind(asked, key, after)]
    # Sorted without their specifications, which are long.
    found = select(runs.c.id, key.label("key")).where(*wanted, *behind).order_by(*_order(asked, key))
    places = connection.execute(found.limit(count + 1)).all()
    shown = [place.id for place in places[:count]]
    query = run_figures.summarised().where(runs.c.id.in_(shown))
    rows = {row.id: row for row in connection.execute(query)}
    true = run_states(connection, claims, [row.name for row in rows.values()])
    last = RunCursor(places[count - 1].key, shown[-1]) if len(places) > count else None
    return RunLines(
        [run_figures.summary_of(row, true.of(row.name, row.state)) for row in map(rows.__getitem__, shown)],
        last,
        connection.execute(select(func.count()).select_from(runs).where(*wanted)).scalar_one(),
    )


def _key(connection: Connection, asked: RunFilter) -> ColumnElement[Any]:
    match asked.sort:
        case "started":
            return runs.c.id
        case "name":
            return by_letters(connection, runs.c.name)
        case "evaluations":
            return run_figures.evaluated()
        case "best_fitness":
            return run_figures.best_fitness()
        case "score":
            return run_figures.champion_score()


def _conditions(connection: Connection, asked: RunFilter, claims: Claims) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.states:
        state = run_states(connection, claims).column()
        found.append(state.in_(asked.states))
    if asked.symbol:
        found.append(contains(connection, json_member(connection, runs.c.spec, "symbol"), asked.symbol))
    if asked.objective:
        found.append(json_member(connection, runs.c.spec, "objective") == asked.objective)
    if asked.strategy:
        crowned = genomes.c.fingerprint == runs.c.champion, genomes.c.strategy == asked.strategy
        found.append(exists().where(*crowned))
    if asked.text:
        found.append(
            or_(*(contains(connection, column, asked.text) for column in (runs.c.name, runs.c.note)))
        )
    return found


def _order(asked: RunFilter, key: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    if asked.sort == "started":
        return [key.desc() if asked.descending else key.asc()]
    return [key.is_(None), key.desc() if asked.descending else key.asc(), runs.c.id.desc()]


def _behind(asked: RunFilter, key: ColumnElement[Any], after: RunCursor) -> ColumnElement[bool]:
    older = runs.c.id < after.number
    if asked.sort == "started":
        return older if asked.descending else runs.c.id > after.number
    if after.key is None:
        return and_(key.is_(None), older)
    farther = key < after.key if asked.descending else key > after.key
    return or_(farther, and_(key == after.key, older), key.is_(None))
