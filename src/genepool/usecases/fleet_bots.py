"""The bots of a fleet: genomes of recorded runs, with what they did where breeding never saw them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from genepool.backtest.detailed import Backtest
from genepool.backtest.stretches import IN_SAMPLE
from genepool.errors import ConfigError, GenomeNotFound
from genepool.evolution.population import Individual
from genepool.market.measures import Measures
from genepool.market.timeframes import DAY, timeframe_nanoseconds
from genepool.portfolio.records import BotRecord, TestedStretch
from genepool.portfolio.weighing import FleetBot
from genepool.robustness.ladder import Ladder, Rung
from genepool.robustness.luck import weigh
from genepool.usecases.compare_genomes import Named
from genepool.usecases.genome_of_run import placed
from genepool.usecases.past_run import PastRun

MOST_BOTS = 40


@dataclass(frozen=True, slots=True, eq=False)
class CandidateBot:
    """A genome that may be in a fleet.

    Parameters
    ----------
    bot
        What the fleet is made of.
    past, rank, individual
        Where it comes from.
    measures
        Of its walk-forward folds.
    deflated_probability
        That its Sharpe ratio there is above luck, by all trials on its market.
    ladder
        How far its run's champion climbs; None of another genome, which no verdict is about.
    newest
        UTC nanoseconds of the newest candle that its run was shown.
    """

    bot: FleetBot
    past: PastRun
    rank: int
    individual: Individual
    measures: Measures
    deflated_probability: float
    ladder: Ladder | None
    newest: int

    @property
    def name(self) -> str:
        """What the fleet calls it."""
        return self.bot.record.name

    @property
    def believed(self) -> bool:
        """Whether it survived deflation or null evolution."""
        return self.ladder is not None and self.ladder.height >= Rung.SURVIVED.height

    def age_days(self, now: int) -> int:
        """Return how many days have gone by since the newest candle that its run was shown."""
        return max(0, (now - self.newest) // DAY)


def candidates(named: Sequence[Named], open_run: Callable[[str], PastRun]) -> list[CandidateBot]:
    """Return the bots that a user names, in their order.

    Raises
    ------
    ConfigError
        When there are none or too many, or one is named twice.
    RunNotFound, GenomeNotFound
        When there is no such run, or it has no such genome.
    DataError
        When the candles of one are not there, or are not what its run began with.
    """
    if not named:
        raise ConfigError(
            "a fleet needs a run: breed one with `genepool evolve`, or name one that is recorded"
        )
    if len(named) > MOST_BOTS:
        raise ConfigError(f"{len(named)} runs are too many for one fleet: name up to {MOST_BOTS}")
    found = [_candidate(open_run(run), which) for run, which in named]
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"{twice} is named twice: name each genome once")
    return found


def _candidate(past: PastRun, which: int | str) -> CandidateBot:
    rank, individual = placed(past, which)
    scored = individual.evaluation.scored
    if scored is None:
        raise GenomeNotFound(f"genome {which} of run {past.name} failed, so it has no record")
    plan = past.plan()
    judged, candles = past.judged(plan), plan.problem.candles
    evidence = weigh(scored, judged.benchmark, judged.trials, judged.candles_per_year, judged.genomes)
    spec = past.summary.spec
    step = timeframe_nanoseconds(spec.timeframe)
    tested = [
        _stretch(result, step) for phase, result in past.traded(individual.genome) if phase != IN_SAMPLE
    ]
    name = past.name if rank == 1 else f"{past.name}/{rank}"
    record = BotRecord(name, spec.timeframe, plan.problem.costs.maintenance_margin, tuple(tested))
    probability = evidence.deflated_probability
    return CandidateBot(
        bot=FleetBot(record, (probability, scored.walk_forward.sharpe), judged.trials),
        past=past,
        rank=rank,
        individual=individual,
        measures=scored.walk_forward,
        deflated_probability=probability,
        ladder=past.climbed(judged)[0] if rank == 1 else None,
        newest=int(candles.stamps[-1]) + step,
    )


def _stretch(result: Backtest, step: int) -> TestedStretch:
    return TestedStretch(int(result.stamps[0]), result.stamps + step, result.equity, result.exposure)
