"""Resume a run: its candles are found again, and the user may give it larger budgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from genepool.history import RunSpec
from genepool.pool.budgets import describe_enlargement, enlarged
from genepool.pool.commands import PROGRAM
from genepool.pool.planning import Plan, replan
from genepool.ports.candles import CandleSource
from genepool.robustness.known_market import known_market
from genepool.strategies import Strategy
from genepool.usecases.held_tracks import held_tracks
from genepool.usecases.history import History
from genepool.usecases.named_run import find_run


@dataclass(frozen=True, slots=True)
class OldRun:
    """What a user asks for.

    Parameters
    ----------
    run
        Its name, a unique beginning of it, or ``latest``.
    data
        Where its candles are now; None for where they were.
    reading
        Words of a command line that say how they are read now; empty for how they were read.
    budgets
        Larger budgets by field of ``EvolutionSettings``.
    own
        Strategies of the user's own that it may have.
    """

    run: str
    data: str | None = None
    reading: tuple[str, ...] = ()
    budgets: Mapping[str, float | None] = field(default_factory=dict)
    own: tuple[Strategy, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Resumed:
    """A run that can be continued.

    Parameters
    ----------
    plan
        The run.
    enlargement
        What larger budgets mean for it, in one sentence; empty without any.
    """

    plan: Plan
    enlargement: str = ""


def resume_run(asked: OldRun, source: CandleSource, history: History, program: str = PROGRAM) -> Resumed:
    """Plan the continuation of a recorded run; larger budgets are written to the history.

    Raises
    ------
    RunNotFound, RunPruned
        When there is no such run, or something of it is gone.
    DataError
        When its candles or its rules are not what it began with.
    ConfigError
        When a budget is smaller than the run's.
    Fenced
        When another process owns the run, and the user asks for larger budgets.
    """
    summary = find_run(asked.run, history.summaries(), program)
    history.check_whole(summary.spec.run)
    planned = planned_again(history.spec(summary.spec.run), source, asked.data, asked.reading, asked.own)
    # The run may have begun before the history knew any candles.
    history.know_market(replace(known_market(planned.candles), digest=planned.spec.market_digest))
    spec = enlarged(summary, asked.budgets)
    if spec == planned.spec:
        return Resumed(planned)
    history.enlarge(spec)
    return Resumed(replace(planned, spec=spec), describe_enlargement(summary, spec))


def planned_again(
    spec: RunSpec,
    source: CandleSource,
    data: str | None = None,
    reading: tuple[str, ...] = (),
    own: tuple[Strategy, ...] = (),
) -> Plan:
    """Find a run's candles again and plan its continuation; nothing is written.

    Parameters
    ----------
    spec
        What is recorded of it.
    source
        Where candles come from.
    data, reading, own
        As in ``OldRun``.

    Raises
    ------
    DataError
        When the candles, how they are scored or a strategy's rules are not what the run began with.
    """
    words = reading or spec.reading
    market = source.read(data or spec.data, words, symbol=spec.symbol, timeframe=spec.timeframe)
    return replan(market.candles, spec, own, held_tracks(spec.holdings, source))
