"""One cell, measured: a market is made, searched, judged, and compared with its nulls."""

import math
import time
from dataclasses import dataclass, field

from benchmarks.calibration.cells import Cell, Experiment
from benchmarks.calibration.judging import exam_of, judgement
from benchmarks.calibration.lines import Line, told, uncorrected
from benchmarks.calibration.markets import Order, kinds_of_market
from benchmarks.calibration.nulls import Asked, made_nulls
from benchmarks.calibration.scales import Setup
from benchmarks.calibration.searching import Searched, searched
from genepool.backtest.evaluation import Evaluation
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.ports import Evaluator
from genepool.robustness.null_test import is_rare
from genepool.robustness.search_statistics import DEFAULT_STATISTIC


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """Real candles, and what trading them costs.

    Parameters
    ----------
    candles
        The data set.
    costs
        What is usual for its kind of market.
    """

    candles: Candles
    costs: CostModel

    @property
    def digest(self) -> str:
        """What a line remembers it by."""
        return self.candles.digest[:16]


@dataclass(slots=True)
class Seconds:
    """CPU seconds of the parts of a cell."""

    search: float = 0.0
    judging: float = 0.0
    nulls: float = 0.0
    _begun: float = field(default_factory=time.process_time)

    def lap(self) -> float:
        """Return the seconds since the last lap."""
        before, self._begun = self._begun, time.process_time()
        return self._begun - before


def measured(cell: Cell, setup: Setup, source: Source | None, evaluator: Evaluator) -> Line:
    """Return what there is to tell of a cell, as values of JSON.

    Parameters
    ----------
    cell
        Which one.
    setup
        What is searched and compared.
    source
        Real candles, where it is made of some.
    evaluator
        Evaluates all genomes; it stays warm from one null to the next.
    """
    seconds = Seconds()
    candles, costs = _market(cell, setup, source)
    asked, runs = _asked(cell, setup), setup.search.user_runs if cell.experiment is Experiment.USER else 1
    seed = cell.seed(setup.seed_base)
    found = [
        searched(candles, costs, setup.search.settings, seed + number, evaluator) for number in range(runs)
    ]
    seconds.search = seconds.lap() / runs
    kept = max(found, key=_figure)
    tried: dict[str, Evaluation] = {}
    for one in found:
        tried |= one.evaluations
    judged = judgement(kept, tried, evaluator)
    seconds.judging = seconds.lap()
    nulls = made_nulls(kept, asked, evaluator)
    seconds.nulls = seconds.lap()
    return {
        **told(cell, kept, judged, nulls, asked, exam_of(kept)),
        "seed": seed,
        "market": candles.symbol,
        "source": source.digest if source else None,
        "candles": len(candles),
        "trials": len(tried),
        "search_s": round(seconds.search, 3),
        "judging_s": round(seconds.judging, 3),
        "null_s": round(seconds.nulls / max(1, len(nulls)), 3),
        "seconds": round(seconds.search * runs + seconds.judging + seconds.nulls, 2),
        # Without the correction for all runs of the user, and by as many nulls as one run has.
        "uncorrected": is_rare(uncorrected(kept, nulls[: setup.search.nulls], setup.search.nulls)),
    }


def _market(cell: Cell, setup: Setup, source: Source | None) -> tuple[Candles, CostModel]:
    if cell.experiment is Experiment.REAL:
        if source is None:
            raise ValueError(f"{cell.key} needs the candles of its data set")
        count, newest = len(source.candles), setup.search.real_candles
        return source.candles.slice(max(0, count - (newest or count)), count), source.costs
    kind = kinds_of_market()[cell.kind]
    real = source.candles if source else None
    order = Order(cell.seed(setup.seed_base), setup.search.candles, cell.sharpe, real)
    return kind.draw(order).candles, kind.costs


def _asked(cell: Cell, setup: Setup) -> Asked:
    search = setup.search
    if cell.experiment is Experiment.USER:
        return Asked(search.user_nulls, search.generator, search.user_runs, (DEFAULT_STATISTIC,))
    return Asked(search.nulls, search.generator)


def _figure(run: Searched) -> float:
    """Return what the impatient user keeps the best run by."""
    figure = run.figures[DEFAULT_STATISTIC]
    return -math.inf if figure is None else figure
