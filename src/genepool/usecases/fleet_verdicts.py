"""The verdicts of many runs at once: from what is recorded of each, without its candles."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Protocol

from genepool.evolution.population import Individual
from genepool.history import RunSummary, SealedLook, SearchedRun, Weighing
from genepool.ports import Weighings
from genepool.robustness.ladder import Ladder, Rung, climb
from genepool.usecases.run_ladder import VerdictHistory, climbed_by
from genepool.usecases.weigh_again import evidence_again, is_current, is_whole, stability_again


class FleetHistory(VerdictHistory, Protocol):
    """What verdicts of many runs are told from."""

    @property
    def weighings(self) -> Weighings:
        """How their champions were weighed."""
        ...

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles."""
        ...


def fleet_verdicts(
    summaries: Sequence[RunSummary], champions: Mapping[str, Individual], history: FleetHistory
) -> dict[str, Ladder]:
    """Return how far the champions of finished runs climb, by name.

    Trials, nulls and exams are those of now. A run is left out where the rest was never found, was found
    by other rules, or may be otherwise by now: looking at the run finds it again.

    Parameters
    ----------
    summaries
        The runs.
    champions
        Theirs, of those that have one.
    history
        Where they are recorded.
    """
    finished = [one for one in summaries if one.state == "finished"]
    weighed = history.weighings.of_runs([one.spec.run for one in finished])
    asked = _AskedOnce(history)
    found = {}
    for summary in finished:
        run = summary.spec.run
        ladder = _ladder(summary, champions.get(run), weighed.get(run), asked)
        if ladder is not None:
            found[run] = ladder
    return found


class _AskedOnce:
    """A history that is asked once for what runs of one market have in common."""

    def __init__(self, history: FleetHistory) -> None:
        self.exams = self
        self.null_searches = history.null_searches
        self.trials: Callable[[str], int] = cache(history.trials)
        self.evaluated: Callable[[str], int] = cache(history.weighings.evaluated)
        self._searched = cache(history.searched_runs)
        self._looks = cache(history.exams.sealed_looks)

    def searched_runs(self, market_digest: str) -> list[SearchedRun]:
        """Return the runs that searched a market."""
        return self._searched(market_digest)

    def sealed_looks(self, market_digest: str) -> Sequence[SealedLook]:
        """Return all looks at a market's sealed candles."""
        return self._looks(market_digest)


def _ladder(
    summary: RunSummary, champion: Individual | None, weighing: Weighing | None, history: _AskedOnce
) -> Ladder | None:
    if champion is None:
        return climb(None)
    if weighing is None or not is_current(weighing, summary.digest, champion.genome):
        return None
    spec = summary.spec
    evidence = evidence_again(weighing, champion, history.trials(spec.market_digest))
    stability = stability_again(weighing)
    ladder, _ = climbed_by(spec, summary.digest, evidence, champion.genome.fingerprint, stability, history)
    # Only a champion that comes so far is asked for what evaluations of since may have changed.
    if ladder.height < Rung.SURVIVED.height or is_whole(stability):
        return ladder
    return ladder if history.evaluated(spec.problem_digest) == weighing.evaluated else None
