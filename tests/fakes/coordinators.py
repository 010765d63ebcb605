"""The metrics of a coordinator in the middle of a run, which a test advances."""

from itertools import count

from prometheus_client import CollectorRegistry

from genepool.adapters.prometheus import Deployment, RunMetrics
from genepool.ports import (
    AnnotationLost,
    BatchEvaluated,
    BatchRetried,
    CacheAnswered,
    CacheReachable,
    CacheTook,
    ChampionWeighed,
    CrewChanged,
    GenerationAdvanced,
    GenerationFinished,
    GenomeQuarantined,
    JobEnded,
    JobsCounted,
    JournalHolds,
    ListenersCounted,
    LiveCompared,
    NodesMeasured,
    NullsCompared,
    OverfittingMeasured,
    QueueChanged,
    RequestAnswered,
    RunStarted,
    Seat,
    StoreReachable,
    StoreTook,
    WriteRefused,
)
from genepool.robustness.luck import Evidence
from genepool.scheduling.node_cpu import NodeCpu
from tests.fakes.histories import a_generation, a_genome, a_result, a_spec
from tests.fakes.memory import ManualClock

STRATEGIES = ("imagined", "rsi_filter")
SEATS = (
    Seat("ray-worker-1-1", "cpu"),
    Seat("ray-worker-1-1", "cpu"),
    Seat("ray-worker-2-1", "memory"),
)
_BATCH_SECONDS = 0.2


def an_evidence(trials: int) -> Evidence:
    """Return what is known of a champion after so many trials."""
    return Evidence(
        sharpe=1.4,
        total_return=0.3,
        deflated_probability=0.12,
        expected_best=2.1,
        trials=trials,
        years=2.0,
        hold_sharpe=0.5,
        hold_return=0.1,
        trades=60.0,
        trades_in_sample=120.0,
        genomes=trials,
        sharpe_in_sample=2.5,
        return_in_sample=0.9,
    )


class BusyCoordinator:
    """A coordinator to which everything happens that its metrics can tell.

    ``registry`` is what it exports, ``metrics`` the watcher, ``clock`` the time that seats cost.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.clock = ManualClock()
        prices = {"cpu": 0.04, "memory": 0.05}
        deployment = Deployment("0.1.0", STRATEGIES, expected_nodes=2, prices=prices, budget=10.0)
        self.metrics = RunMetrics(self.registry, self.clock, deployment)
        self._numbers = count()
        self.metrics(RunStarted(a_spec(), None))
        self.metrics(CrewChanged(SEATS))

    def advance(self) -> None:
        """Live through one more generation, with one of every mishap."""
        number = next(self._numbers)
        self._work(number)
        self._lean_on_services()
        self.metrics(GenerationAdvanced(3, 4))
        self.metrics(GenerationFinished(a_spec(), a_generation(number, 4 * number)))
        self.metrics(GenerationAdvanced(2, 4))
        self.metrics(NullsCompared("before", 19, 0.05, 0.1))
        self.metrics(LiveCompared("before", 0.01, "below", -0.03, {"fees": -0.03}))
        self.metrics(ChampionWeighed(an_evidence(1_000 + number)))
        self.metrics(OverfittingMeasured("now", number, 12, 0.45))
        self.clock.advance(60.0)

    def _work(self, number: int) -> None:
        self.metrics(QueueChanged(7, 3))
        self.metrics(NodesMeasured([NodeCpu("ray-worker-1-1", "cpu", 2, 2.0, 0.75, 0.74)]))
        genomes = [a_genome(10 * number + k, STRATEGIES[k % 2]) for k in range(4)]
        results = [a_result(genomes[0], error="it failed"), *map(a_result, genomes[1:])]
        for seat in SEATS:
            self.metrics(
                BatchEvaluated(seat.node, seat.worker_kind, results, _BATCH_SECONDS, _BATCH_SECONDS + 0.004)
            )
        self.metrics(BatchRetried("worker_died"))
        self.metrics(GenomeQuarantined("rsi_filter"))

    def _lean_on_services(self) -> None:
        self.metrics(CacheReachable(reachable=True))
        self.metrics(StoreReachable(reachable=True))
        self.metrics(CacheAnswered("hit", 3))
        self.metrics(CacheAnswered("miss", 9))
        self.metrics(CacheAnswered("corrupt", 1))
        self.metrics(CacheTook("read", 0.002))
        self.metrics(CacheTook("write", 0.003))
        self.metrics(StoreTook("read", 0.01))
        self.metrics(StoreTook("record", 0.02))
        self.metrics(StoreTook("lease", 0.001))
        self.metrics(JournalHolds(2, 4_096))
        self.metrics(WriteRefused())
        self.metrics(AnnotationLost())
        self.metrics(RequestAnswered("/v1/runs/{run}", "2xx", 0.02))
        self.metrics(ListenersCounted(3))
        self.metrics(JobEnded("evolve", "done"))
        self.metrics(JobsCounted(2, 1))
