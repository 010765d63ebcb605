"""The coordinator's tie to its cluster: made when it is needed, and made anew when it was lost."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from genepool.bootstrap.clock import SystemClock
from genepool.errors import ConfigError, ServiceUnavailable
from genepool.pool.planning import Plan
from genepool.pool.watchers import WorkAudience
from genepool.ports import Evaluator, WorkWatcher

if TYPE_CHECKING:
    # Ray takes half a second to import and comes with an extra.
    from genepool.adapters.ray.evaluator import Cluster


class Tie:
    """A cluster that may come and go.

    Parameters
    ----------
    address
        ``"auto"`` beside a node of it, or the address of its head.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._cluster: Cluster | None = None

    @property
    def cpus(self) -> int:
        """CPUs that the cluster grants; 0 while there is none."""
        # Whoever asks does so from another thread than the one that lets go.
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
        if self._cluster is None:
            try:
                from genepool.adapters.ray.evaluator import Cluster  # noqa: PLC0415 - as above
            except ModuleNotFoundError as error:
                raise ServiceUnavailable(
                    "a cluster needs Ray, which is not installed: pip install 'genepool[platform]'"
                ) from error
            self._cluster = Cluster(self._address)
        return self._cluster

    def let_go(self) -> None:
        """Leave the cluster; may be called twice."""
        held, self._cluster = self._cluster, None
        if held is not None:
            held.close()

    def evaluator(
        self, plan: Plan, watchers: Sequence[WorkWatcher], interrupted: Callable[[], bool]
    ) -> Evaluator:
        """Return an evaluator for a run.

        Raises
        ------
        ServiceUnavailable
            As ``hold``.
        """
        cluster = self.hold()
        from genepool.adapters.ray.evaluator import RayEvaluator  # noqa: PLC0415 - as above

        try:
            return RayEvaluator(
                plan.problem, cluster, WorkAudience(watchers), SystemClock(), interrupted=interrupted
            )
        except Exception as error:
            # Ray raises many kinds, and none of them is the fault of the run.
            raise ServiceUnavailable(f"the Ray cluster is lost ({str(error)[:200]})") from error


@contextmanager
def tied(address: str) -> Iterator[Tie]:
    """Yield a tie to a cluster that answers, and leave the cluster afterwards.

    Raises
    ------
    ServiceUnavailable
        As ``Tie.hold``.
    """
    tie = Tie(address)
    tie.hold()
    try:
        yield tie
    finally:
        tie.let_go()
