"""Small real runs: bred by the engine, scored by the evaluator, judged, and ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.evolution.engine import Engine
from genepool.evolution.population import Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.history import GenerationRecord, RunSummary, run_digest
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import PRICE_COLUMNS, Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.pool.births import Birth
from genepool.pool.findings import Findings, found_in
from genepool.pool.judging import Judged, judge
from genepool.pool.planning import Plan, RunRequest, plan
from genepool.ports import RunLog
from tests.fakes.rankings import ranking_of

SEEDS = ("donchian_breakout", "ema_crossover", "rsi_filter")
CANDLES = 2_600


@dataclass(frozen=True, eq=False)
class BredRun:
    """A run with everything that shows it.

    Parameters
    ----------
    plan
        Specification and problem.
    records
        Its generations.
    """

    plan: Plan
    records: tuple[GenerationRecord, ...]

    @property
    def populations(self) -> tuple[Population, ...]:
        """Every generation."""
        return tuple(record.population for record in self.records)

    @property
    def newborn(self) -> list[tuple[int, Individual]]:
        """Every individual with the generation that first evaluated it."""
        return [(k, one) for k, record in enumerate(self.records) for one in record.newborn]

    @property
    def judged(self) -> Judged:
        """What it amounts to."""
        ranking = ranking_of(one for _, one in self.newborn)
        return judge(self.plan.problem, ranking, len(self.newborn))

    @property
    def found(self) -> Findings:
        """What a pass over its generations finds."""
        return found_in(self.records)

    def fetch(self, births: Iterable[Birth]) -> list[Individual]:
        """Return the individuals of some births."""
        wanted = {birth.fingerprint for birth in births}
        return [one for _, one in self.newborn if one.genome.fingerprint in wanted]

    @property
    def summary(self) -> RunSummary:
        """Its line in the list of runs."""
        digest = run_digest(self.records)
        times = "2026-03-01T12:00:00+00:00", "2026-03-01T12:00:09+00:00"
        best = self.populations[-1].individuals[0].fitness
        return RunSummary(
            self.plan.spec, "finished", len(self.records), len(self.newborn), best, digest, *times
        )


@cache
def bred_run(
    name: str = "small",
    *,
    generations: int = 4,
    size: int = 24,
    market: str = "regimes",
    synthetic: bool = True,
    costs: CostModel = CostModel(),  # noqa: B008 - frozen
) -> BredRun:
    """Return a run of three seeds on a small generated market."""
    candles = replace(synthetic_market(market, 5, CANDLES), synthetic=synthetic)
    asked = a_request(name, generations, size, f"synthetic:{market}:seed=5,candles={CANDLES}")
    planned = plan(candles, replace(asked, costs=costs))
    return BredRun(planned, _breed(planned))


def a_request(name: str, generations: int, size: int, data: str) -> RunRequest:
    """Return what a user would ask for."""
    return RunRequest(
        run=name,
        seed=11,
        data=data,
        preset="all",
        candles=None,
        split=SplitRule(purge=8, embargo=8),
        costs=CostModel(),
        settings=EvolutionSettings(size, generations),
        objective="sharpe",
        strategies=SEEDS,
        version="0.1.0",
    )


def failed_run() -> BredRun:
    """Return a run in which no genome could be evaluated."""
    run = bred_run("hopeless", generations=1, size=6)
    error = "donchian_breakout broke off with <ArithmeticError>"
    newborn = tuple(_failed(one, error) for one in run.records[0].newborn)
    record = GenerationRecord(Population(0, newborn), newborn, 0.5)
    return BredRun(run.plan, (record,))


def record_in(log: RunLog, run: BredRun) -> None:
    """Write a run to a history, as the loop does."""
    spec = run.plan.spec
    log.create(spec)
    log.claim(spec.run)
    for record in run.records:
        log.record(spec.run, record)
    log.finish(spec.run, "finished", run.summary.digest)


def with_another_future(run: BredRun) -> BredRun:
    """Return the same run on a market whose sealed candles are ten times as dear."""
    candles, visible = run.plan.candles, len(run.plan.problem.candles)
    columns = {}
    for name in PRICE_COLUMNS:
        columns[name] = getattr(candles, name).copy()
        columns[name][visible:] *= 10
    market: Candles = replace(candles, **columns)
    spec = run.plan.spec
    problem = Problem.seal(market, spec.split, spec.costs, spec.objective)
    return BredRun(replace(run.plan, candles=market, problem=problem), run.records)


def _failed(individual: Individual, error: str) -> Individual:
    return replace(individual, evaluation=Evaluation(individual.genome, None, error))


def _breed(planned: Plan) -> tuple[GenerationRecord, ...]:
    spec, bank = planned.spec, IndicatorBank(planned.problem.candles)
    engine = Engine(planned.strategies, spec.settings, spec.seed)
    population: Population | None = None
    records: list[GenerationRecord] = []
    seen: set[str] = set()
    for generation in range(spec.settings.generations):
        candidates = engine.ask(population, seen)
        evaluations = Scorer(planned.problem, bank).evaluate([one.genome for one in candidates])
        population = engine.tell(population, candidates, evaluations)
        born = tuple(map(Individual, candidates, evaluations, [generation] * len(candidates)))
        seen |= {one.genome.fingerprint for one in candidates}
        records.append(GenerationRecord(population, born, 0.5, generation))
    return tuple(records)
