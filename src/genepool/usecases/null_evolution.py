"""Repeat a run's whole search on markets without an edge, and record what each of them found."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from genepool.errors import ConfigError, Interrupted
from genepool.evolution.settings import EvolutionSettings
from genepool.history import THE_RUN_ITSELF, NullSearch, RunSummary
from genepool.pool.commands import PROGRAM, resume_command
from genepool.pool.null_search import SearchFold, null_search
from genepool.pool.null_searches import searched_in_order
from genepool.pool.planning import Plan, named
from genepool.pool.recorded import recorded
from genepool.ports import Evaluator, NullSearches, RecordedGenerations
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET, DrawMarket, NullMarket, null_markets
from genepool.robustness.null_test import as_good, settled
from genepool.robustness.search_statistics import DEFAULT_STATISTIC
from genepool.usecases.document import Document
from genepool.usecases.null_document import NullEvolution, null_evolution_of, other_p_values


class NullHistory(RecordedGenerations, NullSearches, Protocol):
    """Where the run is recorded, and its nulls beside it."""

    def check_whole(self, run: str) -> None:
        """Raise ``RunPruned`` for a run of which something is gone."""
        ...


@dataclass(frozen=True, slots=True)
class NullsAsked:
    """How many nulls a user wants.

    Parameters
    ----------
    count
        So many in all; those that are recorded are not made again.
    generator
        How their markets are made.
    sequential
        Whether to stop at the tenth null that is as good as the run: the outcome is settled then.

    Raises
    ------
    ConfigError
        When there is no such generator, or the count is below 1.
    """

    count: int
    generator: str = DEFAULT_NULL_MARKET
    sequential: bool = False

    def __post_init__(self) -> None:
        named(self.generator, null_markets(), "generator of null markets")
        if self.count < 1:
            raise ConfigError(f"{self.count} null searches compare with nothing: give at least 1, better 19")

    @property
    def market(self) -> NullMarket:
        """Makes the null markets."""
        return null_markets()[self.generator]


@dataclass(frozen=True, slots=True)
class NullRun(Document):
    """A run with its nulls.

    Parameters
    ----------
    trials
        Unique genomes that the run itself evaluated.
    """

    run: str
    digest: str
    trials: int
    nulls: NullEvolution


def evolve_nulls(
    plan: Plan,
    summary: RunSummary,
    asked: NullsAsked,
    history: NullHistory,
    evaluator: Evaluator,
    told: Callable[[NullSearch, int], object] = lambda _null, _done: None,
    interrupted: Callable[[], bool] = lambda: False,
    program: str = PROGRAM,
    at_once: int = 1,
) -> NullRun:
    """Make the null searches that are still wanting, and say how the run stands among them.

    Parameters
    ----------
    plan, summary
        The run, which is finished.
    asked
        How many.
    history
        Each null is recorded as it ends: what was stopped continues where it was. With sequential stopping
        in the order of their numbers, so that none stands there that one after another would not be made.
    evaluator
        Who evaluates: one for all nulls, whose workers stay warm.
    told
        Told each null in the order of their numbers, recorded or made now, and how many there are then.
    interrupted
        Tells whether the user wants to stop.
    program
        How the user calls the program.
    at_once
        How many are searched at a time, each in a thread of its own; every one finds the same.

    Raises
    ------
    ConfigError
        When the run is not finished.
    RunPruned
        When its trials are gone, and no null of it was ever made.
    Interrupted
        When the user stops; the message holds the command that continues.
    """
    digest = _digest(summary, program)
    own = _own_search(plan, digest, history)
    settings = _without_a_clock(summary)
    try:
        done = _made(plan, settings, own, asked, history, evaluator, told, interrupted, at_once)
    except Interrupted as error:
        command = f"{program} nulls {summary.spec.run} --count {asked.count} --generator {asked.generator}"
        raise Interrupted(f"the nulls that are made are recorded; continue with\n  {command}") from error
    others = other_p_values(summary.spec.run, history.searched_runs(summary.spec.market_digest))
    nulls = null_evolution_of([own, *done], digest, asked.generator, others=others)
    if nulls is None:
        raise AssertionError("at least one null was asked for")
    return NullRun(summary.spec.run, digest, own.trials, nulls)


def _digest(summary: RunSummary, program: str) -> str:
    if summary.state != "finished" or summary.digest is None:
        run = summary.spec.run
        raise ConfigError(
            f"run {run} is {summary.state}, and nulls repeat a finished search: finish it with\n"
            f"  {resume_command(run, program)}"
        )
    return summary.digest


def _own_search(plan: Plan, digest: str, history: NullHistory) -> NullSearch:
    """Return the run's own search in figures; read once, and recorded beside its nulls."""
    run = plan.spec.run
    for one in history.null_searches(run):
        if one.run_digest == digest and one.number == THE_RUN_ITSELF:
            return one
    history.check_whole(run)
    found = SearchFold()
    for record in recorded(history, run):
        found.take(record.newborn)
    own = NullSearch(digest, "", THE_RUN_ITSELF, found.figures(plan.problem.candles_per_year), found.trials)
    history.keep_null_search(run, own)
    return own


def _without_a_clock(summary: RunSummary) -> EvolutionSettings:
    """Return how the run was bred; where a clock ended it, by the generations that it had until then."""
    settings = summary.spec.settings
    if settings.minutes is None:
        return settings
    return replace(settings, minutes=None, generations=max(1, summary.generations))


def _made(
    plan: Plan,
    settings: EvolutionSettings,
    own: NullSearch,
    asked: NullsAsked,
    history: NullHistory,
    evaluator: Evaluator,
    told: Callable[[NullSearch, int], object],
    interrupted: Callable[[], bool],
    at_once: int,
) -> list[NullSearch]:
    run, digest = plan.spec.run, own.run_digest
    there = {
        one.number: one
        for one in history.null_searches(run)
        if one.run_digest == digest and one.generator == asked.generator
    }
    wanting = [number for number in range(1, asked.count + 1) if number not in there]
    keep = partial(history.keep_null_search, run)

    def search(draw: DrawMarket, number: int, stopped: Callable[[], bool]) -> NullSearch:
        return null_search(plan, settings, digest, draw, asked.generator, number, evaluator, stopped)

    def making() -> Generator[NullSearch, None, None]:
        # The market is learned from when the first null is wanted.
        prepared = partial(search, asked.market.prepare(plan.problem.candles))
        ended = _left_alone if asked.sequential else keep
        yield from searched_in_order(prepared, wanting, at_once, interrupted, ended)

    done: list[NullSearch] = []
    with closing(making()) as made:
        for number in range(1, asked.count + 1):
            null = there.get(number) or next(made)
            if asked.sequential and number not in there:
                keep(null)
            done.append(null)
            told(null, len(done))
            if asked.sequential and _is_settled(own, done):
                break
    return done


def _left_alone(_null: NullSearch) -> None:
    """Record nothing yet: one after another, it might not be made."""


def _is_settled(own: NullSearch, nulls: list[NullSearch]) -> bool:
    figures = [one.figures.get(DEFAULT_STATISTIC) for one in nulls]
    return settled(as_good(own.figures.get(DEFAULT_STATISTIC), figures))
