"""Which runs a page shows, and the addresses of the same list in another order or farther on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from genepool.history import RunFilter, RunSort, RunState

STATES: Sequence[RunState] = get_args(RunState)
_SORTS: Sequence[RunSort] = get_args(RunSort)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ShownList:
    """A page of a list of runs, as its address says.

    Parameters
    ----------
    path
        Of the page.
    asked
        Which runs, in which order.
    after
        Where it begins; None for the first page.
    usual
        The order where the address names none.
    """

    path: str
    asked: RunFilter
    after: str | None
    usual: RunSort = "started"

    @property
    def filtered(self) -> bool:
        """Whether some runs may be left out."""
        asked = self.asked
        return bool(asked.states or asked.symbol or asked.text or asked.strategy)

    @property
    def address(self) -> str:
        """Where this page is."""
        return self._address({"after": self.after} if self.after else {})

    @property
    def first(self) -> str:
        """Return where its first page is."""
        return self._address({})

    def sorted_by(self, sort: RunSort) -> str:
        """Return where the list is sorted so; the other way round when it is sorted so already."""
        turned = self.asked.sort == sort and self.asked.descending
        up = turned or (sort == "name" and self.asked.sort != sort)
        return self._address({"sort": sort, "order": "up" if up else "down"})

    def order(self, sort: RunSort) -> str:
        """Return how the list is sorted by a column, as ``aria-sort`` says it."""
        if self.asked.sort != sort:
            return "none"
        return "descending" if self.asked.descending else "ascending"

    def behind(self, after: str) -> str:
        """Return where the next page is."""
        return self._address({"after": after})

    def _address(self, changes: Mapping[str, Any]) -> str:
        asked = self.asked
        said = {
            "state": ",".join(asked.states), "symbol": asked.symbol, "text": asked.text,
            "strategy": asked.strategy, "sort": asked.sort,
            "order": "down" if asked.descending else "up", **changes,
        }  # fmt: skip
        usual = {"sort": self.usual, "order": "down"}
        kept = {name: value for name, value in said.items() if value and value != usual.get(name)}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def shown_list(path: str, query: QueryParams, sort: RunSort = "started") -> ShownList:
    """Read an address; what cannot be meant is left out.

    Parameters
    ----------
    path, query
        The address.
    sort
        The order where it names none.
    """
    states = tuple(state for state in STATES if state in query.get("state", "").split(","))
    wanted = next((one for one in _SORTS if one == query.get("sort")), sort)
    asked = RunFilter(
        states=states,
        symbol=_plain(query.get("symbol", "")),
        text=_plain(query.get("text", "")),
        sort=wanted,
        descending=query.get("order") != "up",
        strategy=_plain(query.get("strategy", "")),
    )
    return ShownList(path, asked, query.get("after") or None, sort)


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()[:_LONGEST]
