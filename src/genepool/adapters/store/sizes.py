"""How many bytes a history takes, and for what."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from genepool.adapters.store.dialect import disk_use
from genepool.adapters.store.tables import lineage, runs


@dataclass(frozen=True, slots=True)
class TableSize:
    """What one table takes.

    Parameters
    ----------
    table
        Its name.
    rows_bytes, index_bytes
        Of its rows and of all its indexes.
    """

    table: str
    rows_bytes: int
    index_bytes: int

    @property
    def bytes(self) -> int:
        """Both together."""
        return self.rows_bytes + self.index_bytes


@dataclass(frozen=True, slots=True)
class Size:
    """What a history takes.

    Parameters
    ----------
    bytes
        All of it.
    free
        Bytes of these that the next rows will use.
    tables
        The largest first; empty where the engine does not tell.
    runs, pruned
        How many runs there are, and of how many the trials were pruned.
    evaluations
        Genomes that these runs asked for, those that were pruned included.
    """

    bytes: int
    free: int
    tables: tuple[TableSize, ...]
    runs: int
    pruned: int
    evaluations: int

    @property
    def bytes_an_evaluation(self) -> float | None:
        """Bytes in use by evaluation; None before the first."""
        return (self.bytes - self.free) / self.evaluations if self.evaluations else None


def size(connection: Connection) -> Size:
    """Measure a history."""
    whole, free, tables = disk_use(connection)
    count = select(func.count(), func.count(runs.c.pruned_at)).select_from(runs)
    every, pruned = connection.execute(count).one()
    there = select(func.count()).select_from(lineage).join(runs, runs.c.id == lineage.c.run_id)
    gone = select(func.coalesce(func.sum(runs.c.evaluated), 0)).where(runs.c.pruned_at.is_not(None))
    evaluated = connection.execute(there.where(runs.c.pruned_at.is_(None))).scalar_one()
    found = sorted((TableSize(*line) for line in tables), key=lambda line: (-line.bytes, line.table))
    evaluations = evaluated + int(connection.execute(gone).scalar_one())
    return Size(whole, free, tuple(found), every, pruned, evaluations)
