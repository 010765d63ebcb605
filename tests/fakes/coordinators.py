"""The metrics of a coordinator that is in the middle of a run, and can be told to go on."""

from itertools import count

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus import Deployment, RunMetrics
from genepool.ports import BatchWork, Seat
from tests.fakes.histories import a_generation, a_genome, a_result, a_spec
from tests.fakes.memory import ManualClock

STRATEGIES = ("imagined", "rsi_filter")
SEATS = (
    Seat("ray-worker-1-1", "cpu"),
    Seat("ray-worker-1-1", "cpu"),
    Seat("ray-worker-2-1", "memory"),
)
_BATCH_SECONDS = 0.2


class BusyCoordinator:
    """A coordinator to which everything happens that its metrics can tell.

    ``registry`` is what it exports, ``metrics`` the watchers, ``clock`` the time that seats cost.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.clock = ManualClock()
        prices = {"cpu": 0.04, "memory": 0.05}
        deployment = Deployment("0.1.0", STRATEGIES, expected_nodes=2, prices=prices, budget=10.0)
        self.metrics = RunMetrics(self.registry, self.clock, deployment)
        self._numbers = count()
        self.metrics.evolution.run_started(a_spec(), None)
        self.metrics.work.crew_changed(SEATS)

    def go_on(self) -> None:
        """Live through one more generation, with one of every mishap."""
        number = next(self._numbers)
        self._work(number)
        self._lean_on_services()
        self.metrics.evolution.batch_finished(3, 4)
        self.metrics.evolution.generation_finished(a_spec(), a_generation(number, 4 * number))
        self.metrics.evolution.batch_finished(2, 4)
        self.metrics.honesty(1_000 + number, 1.4, 2.1, 0.12)
        self.clock.advance(60.0)

    def _work(self, number: int) -> None:
        work = self.metrics.work
        work.queue_changed(7, 3)
        genomes = [a_genome(10 * number + k, STRATEGIES[k % 2]) for k in range(4)]
        results = [a_result(genomes[0], error="it failed"), *map(a_result, genomes[1:])]
        for seat in SEATS:
            work.batch_evaluated(
                BatchWork(seat.node, seat.worker_kind, results, _BATCH_SECONDS, _BATCH_SECONDS + 0.004)
            )
        work.batch_retried("worker_died")
        work.genome_quarantined("rsi_filter")

    def _lean_on_services(self) -> None:
        services = self.metrics.services
        services.cache_reachable(reachable=True)
        services.store_reachable(reachable=True)
        services.cache_answered("hit", 3)
        services.cache_answered("miss", 9)
        services.cache_answered("corrupt", 1)
        services.cache_took("read", 0.002)
        services.cache_took("write", 0.003)
        services.store_took("read", 0.01)
        services.store_took("record", 0.02)
        services.store_took("lease", 0.001)
        services.journal_holds(2, 4_096)
        services.fenced()
        services.grafana_failed()
