"""All metrics of one coordinator, on one registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, ProcessCollector

from genepool.adapters.prometheus.cost import CostMeter
from genepool.adapters.prometheus.evolution import EvolutionMetrics
from genepool.adapters.prometheus.finding_gauges import FindingGauges
from genepool.adapters.prometheus.http import HttpMetrics
from genepool.adapters.prometheus.instruments import gauge
from genepool.adapters.prometheus.live import LiveMetrics
from genepool.adapters.prometheus.services import ServiceMetrics
from genepool.adapters.prometheus.work import WorkMetrics
from genepool.ports import ChampionWeighed, Clock, Event, NullsCompared, OverfittingMeasured, RunClimbed
from genepool.robustness.ladder import climb
from genepool.robustness.luck import Evidence

_HONESTY = (
    "trials",
    "champion_sharpe_ratio",
    "luck_sharpe_ratio",
    "deflated_sharpe_probability",
    "rung_reached",
    "overfitting_probability",
)
_NULLS = ("null_searches", "null_p_value", "null_p_corrected")


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
    """``Watcher`` that exports everything that happens to one registry.

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
        self._honesty = FindingGauges(registry, _HONESTY)
        # Not forgotten when a run starts: nulls belong to a run that is finished.
        self._nulls = FindingGauges(registry, _NULLS)
        strategies = deployment.strategies
        evolution = EvolutionMetrics(registry, self._honesty, strategies)
        cost = CostMeter(registry, clock, deployment.prices)
        work = WorkMetrics(registry, clock, cost, strategies)
        services, answers, live = ServiceMetrics(registry), HttpMetrics(registry), LiveMetrics(registry)
        self._parts = (evolution, work, services, answers, live)
        gauge(registry, "nodes_expected").set(deployment.expected_nodes)
        gauge(registry, "budget_dollars").set(deployment.budget)
        gauge(registry, "build_info", version=(deployment.version,)).labels(deployment.version).set(1)
        ProcessCollector(registry=registry)

    def __call__(self, event: Event) -> None:
        """Show what the event changes."""
        match event:
            case ChampionWeighed(evidence):
                self._show_honesty(evidence)
            case OverfittingMeasured(probability=probability):
                self._honesty.learn(overfitting_probability=probability)
            case RunClimbed(_, height):
                self._honesty.learn(rung_reached=float(height))
            case NullsCompared(_, count, p_value, p_corrected):
                self._nulls.learn(
                    null_searches=float(count), null_p_value=p_value, null_p_corrected=p_corrected
                )
            case _:
                for part in self._parts:
                    part(event)

    def _show_honesty(self, evidence: Evidence) -> None:
        self._honesty.learn(
            trials=evidence.trials,
            champion_sharpe_ratio=evidence.sharpe,
            luck_sharpe_ratio=evidence.expected_best,
            deflated_sharpe_probability=evidence.deflated_probability,
            rung_reached=climb(evidence).height,
        )
