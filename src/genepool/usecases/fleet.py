"""The fleet: the champions of all runs beside each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from genepool.evolution.population import Individual
from genepool.history import RunFilter, RunState, RunSummary
from genepool.market.measures import Measures
from genepool.ports import RunPages
from genepool.robustness.ladder import Ladder
from genepool.usecases.document import Document
from genepool.usecases.fleet_verdicts import FleetHistory, fleet_verdicts
from genepool.usecases.page_runs import lines_of, next_of


@dataclass(frozen=True, slots=True)
class FleetChampion(Document):
    """The champion of a run; what it is and scored is None while the run has none.

    Parameters
    ----------
    candles_per_year
        What its measures are annualised by.
    rung, reached, verdict
        How many rungs of the verdict it passes in a row, the name of the last of them, and the verdict's
        sentence, as the run's own page says them now. All are None of a run that has not ended, and where
        a part of the verdict is to be found from the candles first.
    """

    run: str
    symbol: str
    timeframe: str
    synthetic: bool
    objective: str
    state: RunState
    started_at: str
    note: str
    strategy: str | None
    genes: Mapping[str, float] | None
    fingerprint: str | None
    fitness: float | None
    selection_score: float | None
    in_sample: Measures | None
    walk_forward: Measures | None
    candles_per_year: float
    rung: int | None
    reached: str | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class FleetPage(Document):
    """Some champions.

    Parameters
    ----------
    next
        What ``after`` is for the next page; None behind the last run.
    total
        How many runs there are on all pages.
    """

    champions: Sequence[FleetChampion]
    next: str | None
    total: int


def fleet(
    asked: RunFilter,
    pages: RunPages,
    history: FleetHistory,
    after: str | None = None,
    count: int = 50,
    unjudged: Callable[[str], object] = lambda _run: None,
) -> FleetPage:
    """Return the champions of some runs, by what is recorded of them: nothing is traded again.

    Parameters
    ----------
    asked
        Of which runs, in which order; ``score`` sorts by the champion's selection score.
    pages
        Where they are listed.
    history
        Knows what their verdicts are told from.
    after
        ``next`` of the page before; None for the first.
    count
        How many at most.
    unjudged
        Told of each finished run whose verdict is to be found from its candles.

    Raises
    ------
    ConfigError
        As ``page_runs``.
    """
    found = lines_of(asked, pages, after, count)
    champions = pages.champions([summary.spec.run for summary in found.summaries])
    ladders = fleet_verdicts(found.summaries, champions, history)
    rows = []
    for summary in found.summaries:
        run = summary.spec.run
        rows.append(_champion(summary, champions.get(run), ladders.get(run)))
        if summary.state == "finished" and run not in ladders:
            unjudged(run)
    return FleetPage(rows, next_of(found, asked), found.total)


def _champion(summary: RunSummary, individual: Individual | None, ladder: Ladder | None) -> FleetChampion:
    spec = summary.spec
    genome = individual.genome if individual else None
    result = individual.evaluation if individual else None
    scored = result.scored if result else None
    return FleetChampion(
        run=spec.run,
        symbol=spec.symbol,
        timeframe=spec.timeframe,
        synthetic=spec.synthetic,
        objective=spec.objective,
        state=summary.state,
        started_at=summary.started_at,
        note=summary.note,
        strategy=genome.strategy if genome else None,
        genes=dict(genome.genes) if genome else None,
        fingerprint=genome.fingerprint if genome else None,
        fitness=result.fitness if result else None,
        selection_score=result.selection_score if result else None,
        in_sample=scored.in_sample if scored else None,
        walk_forward=scored.walk_forward if scored else None,
        candles_per_year=spec.annualised_by,
        rung=ladder.height if ladder else None,
        reached=ladder.reached.name.lower() if ladder and ladder.reached else None,
        verdict=ladder.sentence if ladder else None,
    )
