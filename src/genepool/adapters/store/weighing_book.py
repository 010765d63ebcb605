"""How champions were weighed, on the tables of the history."""

import json
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from genepool.adapters.store.access import Access
from genepool.adapters.store.dialect import among
from genepool.adapters.store.reading import run_row
from genepool.adapters.store.tables import evaluations, runs
from genepool.adapters.store.weighing_tables import weighings
from genepool.history import Weighing


class SqlWeighings:
    """``Weighings`` in the history's database.

    Parameters
    ----------
    access
        The database.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def of_runs(self, names: Sequence[str]) -> dict[str, Weighing]:
        """Return those of some runs, by name."""
        query = select(runs.c.name, weighings).join(runs, runs.c.id == weighings.c.run_id)
        with self._access.reading() as connection:
            return {
                row.name: Weighing(
                    row.run_digest, row.rules, row.fingerprint, row.evaluated, json.loads(row.found)
                )
                for condition in among(connection, runs.c.name, names)
                for row in connection.execute(query.where(condition))
            }

    def keep(self, run: str, weighing: Weighing) -> None:
        """Write one in the place of an older one."""
        row = {
            "run_digest": weighing.run_digest,
            "rules": weighing.rules,
            "fingerprint": weighing.fingerprint,
            "evaluated": weighing.evaluated,
            "found": json.dumps(dict(weighing.found), allow_nan=False),
        }
        with self._access.writing() as connection:
            number = run_row(connection, run, locked=True).id
            connection.execute(delete(weighings).where(weighings.c.run_id == number))
            connection.execute(insert(weighings).values(run_id=number, **row))

    def evaluated(self, problem_digest: str) -> int:
        """Return how many evaluations of a problem are known."""
        query = select(func.count()).where(evaluations.c.problem_digest == problem_digest)
        with self._access.reading() as connection:
            return connection.execute(query).scalar_one()
