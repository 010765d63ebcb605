"""Pick one market out of a file that may hold many."""

from collections.abc import Mapping, Sequence

import pandas as pd

from genepool.errors import InvalidCandles
from genepool.remedies import to_fill_in

_MOST_NAMED = 20


class Markets:
    """Keeps the rows of the market asked for, and notices when more than one is left.

    Parameters
    ----------
    source
        Name of the file, for messages.
    headers
        The file's headers.
    positions
        Which of them tell markets apart.
    where
        Value by position: only these rows are kept.
    """

    def __init__(
        self, source: str, headers: Sequence[str], positions: Sequence[int], where: Mapping[int, str]
    ) -> None:
        self.source = source
        self.headers = headers
        self.positions = positions
        self.where = where
        self._seen: dict[int, set[str]] = {position: set() for position in where}
        self._kept: dict[int, set[str]] = {position: set() for position in positions}

    def kept(self, chunk: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a chunk that belong to the market asked for.

        Raises
        ------
        InvalidCandles
            When the rows so far belong to several markets.
        """
        for position, value in self.where.items():
            cells = chunk[position].astype(str)
            self._note(self._seen[position], cells)
            chunk = chunk[cells.str.lower() == value.lower()]
        for position in self.positions:
            self._note(self._kept[position], chunk[position].astype(str))
            if len(self._kept[position]) > 1 and position not in self.where:
                raise self._several(position)
        return chunk

    def check(self, count: int) -> None:
        """Refuse a choice that no row meets.

        Raises
        ------
        InvalidCandles
            When rows were asked for and there are none; the message lists what there is.
        """
        if count or not self.where:
            return
        offered = "; ".join(
            f"{self.headers[position]}: {', '.join(sorted(values)) or 'nothing'}"
            for position, values in self._seen.items()
        )
        raise InvalidCandles(f"{self.source} has no row that --where asks for: choose from {offered}")

    def only(self) -> dict[str, str]:
        """Return the one value of each column that tells markets apart, by header."""
        return {self.headers[i]: next(iter(values)) for i, values in self._kept.items() if len(values) == 1}

    def _note(self, values: set[str], cells: pd.Series) -> None:
        values.update(cells.unique()[: _MOST_NAMED - min(len(values), _MOST_NAMED)].tolist())

    def _several(self, position: int) -> InvalidCandles:
        header, values = self.headers[position], ", ".join(sorted(self._kept[position]))
        return InvalidCandles(
            f"{self.source} holds several markets ({header}: {values})",
            to_fill_in("choose one with", "--where", f"{header}=NAME"),
        )
