"""What users wish of machines, and what machines did of late, in a SQL database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from genepool.adapters.store.access import Access
from genepool.adapters.store.dialect import clock_seconds
from genepool.adapters.store.node_tables import node_budgets, node_uses
from genepool.scheduling.node_cpu import EVERY_NODE, NodeCpu, SeenNode

# As wide as the column.
_NAME_SIZE = 80


class SqlNodeRegister:
    """``NodeRegister`` on tables of the history.

    Parameters
    ----------
    access
        The database.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def shares(self) -> Mapping[str, float]:
        """Return the share that is wished for by machine; under ``EVERY_NODE`` that of all others."""
        with self._access.reading() as connection:
            rows = connection.execute(select(node_budgets.c.node, node_budgets.c.share))
            return {row.node: row.share for row in rows}

    def share(self, node: str, share: float | None) -> None:
        """Wish for a share, or for the usual one again; for ``EVERY_NODE`` it replaces all earlier wishes."""
        name = node[-_NAME_SIZE:]
        gone = delete(node_budgets)
        with self._access.writing() as connection:
            connection.execute(gone if node == EVERY_NODE else gone.where(node_budgets.c.node == name))
            if share is not None:
                changed_at = datetime.now(UTC).isoformat(timespec="milliseconds")
                connection.execute(insert(node_budgets).values(node=name, share=share, changed_at=changed_at))

    def note(self, nodes: Sequence[NodeCpu]) -> None:
        """Remember what machines did of late, in place of what they did before."""
        rows = [asdict(node) | {"node": node.node[-_NAME_SIZE:]} for node in nodes]
        with self._access.writing() as connection:
            now = connection.execute(select(clock_seconds(connection))).scalar_one()
            connection.execute(delete(node_uses).where(node_uses.c.node.in_([row["node"] for row in rows])))
            connection.execute(insert(node_uses), [row | {"seen_at": now} for row in rows])

    def seen(self) -> Sequence[SeenNode]:
        """Return the machines that ever worked, by name."""
        with self._access.reading() as connection:
            now = connection.execute(select(clock_seconds(connection))).scalar_one()
            rows = connection.execute(select(node_uses).order_by(node_uses.c.node)).all()
        return [
            SeenNode(
                NodeCpu(row.node, row.worker_kind, row.seats, row.cores, row.share, row.used),
                max(0.0, now - row.seen_at),
            )
            for row in rows
        ]
