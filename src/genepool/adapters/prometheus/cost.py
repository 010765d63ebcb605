"""What the cluster has cost so far, estimated from the CPUs that it granted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from threading import Lock

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily

from genepool.adapters.prometheus.catalogue import BY_NAME
from genepool.ports import Clock, Seat

_METRIC = BY_NAME["genepool_cost_dollars_total"]
_HOUR = 3600.0


class CostMeter:
    """Adds up seats times price over time; each scrape reads the sum up to that instant.

    Parameters
    ----------
    registry
        Where it is exported.
    clock
        Tells how long seats were there.
    prices
        Dollars that one CPU costs an hour, by worker kind; kinds without a price cost nothing.
    """

    def __init__(self, registry: CollectorRegistry, clock: Clock, prices: Mapping[str, float]) -> None:
        self._clock = clock
        self._prices = dict(prices)
        self._spent = dict.fromkeys(prices, 0.0)
        self._seats: Counter[str] = Counter()
        self._settled = clock.seconds()
        self._lock = Lock()
        registry.register(self)

    def charge(self, seats: Sequence[Seat]) -> None:
        """Charge for the seats held until now; charge for these from now on."""
        with self._lock:
            self._settle()
            self._seats = Counter(seat.worker_kind for seat in seats)

    def describe(self) -> list[CounterMetricFamily]:
        """Return the counter without values."""
        return [CounterMetricFamily(_METRIC.name, _METRIC.help, labels=_METRIC.labels)]

    def collect(self) -> list[CounterMetricFamily]:
        """Return what was spent until now."""
        with self._lock:
            self._settle()
            spent = dict(self._spent)
        (family,) = self.describe()
        for kind, dollars in spent.items():
            family.add_metric([kind], dollars)
        return [family]

    def _settle(self) -> None:
        now = self._clock.seconds()
        hours = (now - self._settled) / _HOUR
        for kind, price in self._prices.items():
            self._spent[kind] += self._seats[kind] * price * hours
        self._settled = now
