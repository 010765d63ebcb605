"""The coordinator's connection to its cluster: made when it is needed, and made anew when it was lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from genepool.bootstrap.clock import SystemClock
from genepool.crews.evaluator import BudgetOf
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.jobs import WEIGHTS
from genepool.pool.watchers import audience
from genepool.ports import Evaluator, Watcher

if TYPE_CHECKING:
    # Ray takes half a second to import and comes with an extra.
    from genepool.adapters.ray.cluster import Cluster
    from genepool.adapters.ray.evaluator import RayEvaluator


class ClusterConnection:
    """A cluster that may come and go, and one evaluator on it for all runs.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of it, or the address of its head.
    watcher
        Told of all work on it.
    budget_of
        The share of a node that may work; None for its usual one.
    """

    def __init__(
        self, address: str, watcher: Watcher | None = None, budget_of: BudgetOf = lambda _: None
    ) -> None:
        self._budget_of = budget_of
        self._address = address
        self._watcher = watcher or audience([])
        # Runs of several threads ask; held again by who holds it, since one step asks for the other.
        self._lock = threading.RLock()
        self._cluster: Cluster | None = None
        self._evaluator: RayEvaluator | None = None

    @property
    def cpus(self) -> int:
        """CPUs that the cluster grants; 0 while there is none."""
        # The thread of the HTTP server asks, while another one may close the cluster.
        held = self._cluster
        return held.cpus if held else 0

    @property
    def held(self) -> bool:
        """Whether there is one."""
        return self._cluster is not None

    def hold(self) -> "Cluster":
        """Return the cluster.

        Raises
        ------
        ConfigError
            When no address is given: Ray would start a cluster of its own.
        ServiceUnavailable
            When it does not answer, or Ray is not installed.
        """
        if not self._address:
            raise ConfigError(
                "no cluster is configured: set GENEPOOL_RAY_ADDRESS to `auto` beside a node of it, or to the "
                "address of its head"
            )
        with self._lock:
            if self._cluster is None:
                self._cluster = _joined(self._address)
            return self._cluster

    def let_go(self) -> None:
        """End the workers and leave the cluster; may be called twice."""
        with self._lock:
            evaluator, self._evaluator = self._evaluator, None
            held, self._cluster = self._cluster, None
        if evaluator is not None:
            evaluator.close()
        if held is not None:
            held.close()

    def give_back(self) -> None:
        """Let other programs have the workers' CPUs when no run has asked for anything for a while."""
        if self._evaluator is not None:
            self._evaluator.give_back()

    def evaluator(
        self, watcher: Watcher, interrupted: Callable[[], bool], weight: float = WEIGHTS["normal"]
    ) -> Evaluator:
        """Return the evaluator for one run; its workers stay for the next.

        Parameters
        ----------
        watcher
            Told of the work for this run alone.
        interrupted
            Tells whether the user wants to stop.
        weight
            Runs at once share the workers' time by it.

        Raises
        ------
        ServiceUnavailable
            As ``hold``.
        """
        with self._lock:
            return self._shared().for_run(watcher, interrupted, weight)

    def _shared(self) -> "RayEvaluator":
        cluster = self.hold()
        from genepool.adapters.ray.evaluator import RayEvaluator  # noqa: PLC0415 - as above

        if self._evaluator is None:
            try:
                self._evaluator = RayEvaluator(
                    cluster, self._watcher, SystemClock(), budget_of=self._budget_of
                )
            except Exception as error:
                # Ray raises many kinds, and none of them is the fault of the run.
                raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error
        return self._evaluator


def _joined(address: str) -> "Cluster":
    try:
        from genepool.adapters.ray.cluster import Cluster  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise ServiceUnavailable(
            "a cluster needs Ray, which is not installed: pip install 'genepool[platform]'"
        ) from error
    return Cluster(address)


@contextmanager
def connected(address: str) -> Iterator[ClusterConnection]:
    """Yield the connection to a cluster that answers, and leave the cluster afterwards.

    Raises
    ------
    ServiceUnavailable
        As ``ClusterConnection.hold``.
    """
    cluster = ClusterConnection(address)
    cluster.hold()
    try:
        yield cluster
    finally:
        cluster.let_go()
