"""What a cluster costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from infrastructure.core.coordinator import Snapshot


@dataclass(frozen=True, slots=True)
class CostReport:
    """Dollars.

    Parameters
    ----------
    so_far
        Spent by worker kind since the coordinator started, as it counts itself.
    per_hour
        By worker kind, at the CPUs that are granted now.
    budget
        What may be spent; 0 for no limit.
    """

    so_far: Mapping[str, float]
    per_hour: Mapping[str, float]
    budget: float

    @property
    def hours_left(self) -> float | None:
        """Hours until the budget is spent at this pace; None without a budget or without a pace."""
        pace = sum(self.per_hour.values())
        if not self.budget or not pace:
            return None
        return max(0.0, self.budget - sum(self.so_far.values())) / pace


def cost_report(snapshot: Snapshot, prices: Mapping[str, float]) -> CostReport:
    """Return what the coordinator counted, and what its present CPUs cost.

    Parameters
    ----------
    snapshot
        The coordinator's figures.
    prices
        Dollars an hour that one CPU costs, by worker kind; other kinds cost nothing.
    """
    per_hour = dict.fromkeys(prices, 0.0)
    for node in snapshot.nodes.values():
        if node.kind in per_hour:
            per_hour[node.kind] += node.cpus * prices[node.kind]
    return CostReport(dict(snapshot.cost), per_hour, snapshot.budget)
