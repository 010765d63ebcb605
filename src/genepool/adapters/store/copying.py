"""Carry a whole history to a SQLite file: from a server back to one machine."""

from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.engine import Row

from genepool.adapters.store.dialect import WRITES, engine_of
from genepool.adapters.store.job_tables import jobs
from genepool.adapters.store.schema import check_layout, upgrade
from genepool.adapters.store.service_tables import api_keys
from genepool.adapters.store.tables import metadata, runs
from genepool.adapters.store.translation import translated
from genepool.errors import StoreError

# The driver of a server would hold all rows of a table, were it not told to fetch them in parts.
_IN_PARTS = {"yield_per": 1_000}
_BUSY_SECONDS = 10.0
# Whose run it was belongs to the place that it is copied from.
_LEFT_BEHIND = {"owner": None, "lease_until": None}


def copy_history(source: Engine, place: str, file: Path) -> int:
    """Copy every run, genome, evaluation and trial; return the number of runs.

    Parameters
    ----------
    source
        The history that is copied, as one transaction sees it.
    place
        How the user knows it, for messages.
    file
        The SQLite file that is made.

    Raises
    ------
    StoreError
        When there is such a file already, or one of the two fails; no half a file stays.
    """
    if file.exists():
        raise StoreError(f"{file} is there already: name another file, or remove it")
    check_layout(source, place)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    target = engine_of(f"sqlite:///{unfinished}", _BUSY_SECONDS)
    try:
        with translated(str(file)):
            upgrade(target)
        with translated(place), source.connect() as reading, _writing(target) as writing, writing.begin():
            count = _copy(reading.execution_options(isolation_level=_one_view(source)), writing)
        target.dispose()
        unfinished.rename(file)
    finally:
        target.dispose()
        unfinished.unlink(missing_ok=True)
    return count


def _writing(target: Engine) -> Connection:
    return target.execution_options(**{WRITES: True}).connect()


def _one_view(source: Engine) -> str:
    return "SERIALIZABLE" if source.dialect.name == "sqlite" else "REPEATABLE READ"


def _copy(reading: Connection, writing: Connection) -> int:
    for table in metadata.sorted_tables:
        if table is api_keys:
            # A copy opens no service.
            continue
        changes = _LEFT_BEHIND if table in (runs, jobs) else {}
        for rows in reading.execute(select(table), execution_options=_IN_PARTS).partitions():
            writing.execute(insert(table), [_plain(row) | changes for row in rows])
    return writing.execute(select(func.count()).select_from(runs)).scalar_one()


def _plain(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for a row's columns
