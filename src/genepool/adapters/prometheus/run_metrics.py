"""All metrics of one coordinator, on one registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, ProcessCollector

from genepool.adapters.prometheus.cost import CostMeter
from genepool.adapters.prometheus.evolution import EvolutionMetrics
from genepool.adapters.prometheus.findings import Findings
from genepool.adapters.prometheus.instruments import gauge
from genepool.adapters.prometheus.services import ServiceMetrics
from genepool.adapters.prometheus.work import WorkMetrics
from genepool.ports import Clock

_HONESTY = ("trials", "champion_sharpe_ratio", "luck_sharpe_ratio", "deflated_sharpe_probability")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What of the metrics never changes while the coordinator lives.

    Parameters
    ----------
    version
        Of genepool.
    strategies
        Names of those that may run.
    expected_nodes
        Worker nodes of a full-strength cluster; 0 to expect none.
    prices
        Dollars that one CPU costs an hour, by worker kind (``"cpu"`` and ``"memory"``).
    budget
        Dollars that may be spent before an alert; 0 for no limit.
    """

    version: str
    strategies: Sequence[str]
    expected_nodes: int = 0
    prices: Mapping[str, float] = field(default_factory=lambda: {"cpu": 0.0, "memory": 0.0})
    budget: float = 0.0


class RunMetrics:
    """The watchers that export to one registry, and what is set by hand.

    ``evolution`` is the ``Telemetry``, ``work`` the ``WorkWatcher`` and ``services`` the
    ``ServiceWatcher``.

    Parameters
    ----------
    registry
        Where everything is exported; one ``RunMetrics`` a registry.
    clock
        Tells how long seats were there.
    deployment
        What never changes.
    """

    def __init__(self, registry: CollectorRegistry, clock: Clock, deployment: Deployment) -> None:
        self._honesty = Findings(registry, _HONESTY)
        strategies = deployment.strategies
        self.evolution = EvolutionMetrics(registry, self._honesty, strategies)
        cost = CostMeter(registry, clock, deployment.prices)
        self.work = WorkMetrics(registry, clock, cost, strategies)
        self.services = ServiceMetrics(registry)
        gauge(registry, "nodes_expected").set(deployment.expected_nodes)
        gauge(registry, "budget_dollars").set(deployment.budget)
        gauge(registry, "build_info", version=(deployment.version,)).labels(deployment.version).set(1)
        ProcessCollector(registry=registry)

    def honesty(
        self,
        trials: int | None,
        champion_sharpe: float | None = None,
        luck_sharpe: float | None = None,
        deflated_probability: float | None = None,
    ) -> None:
        """Show what the champion is worth; what is None is not known and not exported.

        Parameters
        ----------
        trials
            Unique genomes ever tried on the run's data set.
        champion_sharpe
            Annualised walk-forward Sharpe ratio of the champion.
        luck_sharpe
            Annualised Sharpe ratio expected of the best of so many trials without skill.
        deflated_probability
            Probability that the champion's true Sharpe ratio is above luck.
        """
        self._honesty.learn(
            trials=trials,
            champion_sharpe_ratio=champion_sharpe,
            luck_sharpe_ratio=luck_sharpe,
            deflated_sharpe_probability=deflated_probability,
        )
