"""From ``--holding RUN[:RANK]`` to the champions that a new run is kept apart from."""

from collections.abc import Sequence

from genepool.errors import ConfigError
from genepool.genome import is_own
from genepool.history import HeldGenome, Holdings
from genepool.pool.commands import PROGRAM
from genepool.ports.candles import CandleSource
from genepool.usecases.history import History
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun


def holdings_of(
    names: Sequence[str], limit: float | None, history: History, source: CandleSource, program: str = PROGRAM
) -> Holdings | None:
    """Return the champions that flags name; None where there are none.

    Parameters
    ----------
    names
        Each a run, or a run, a colon and a place on its leaderboard.
    limit
        Correlation from which on doing the same costs; None where nothing was said.
    history, source
        Where runs and candles are.
    program
        How the user calls the program.

    Raises
    ------
    ConfigError
        When one flag is there without the other, the limit cannot be, or a champion is of a user's own
        strategy.
    RunNotFound, GenomeNotFound
        When there is no such run, or no such place.
    """
    if limit is None and not names:
        return None
    if limit is None:
        raise ConfigError("--holding names champions to be kept apart from: add --max-correlation")
    if not names:
        raise ConfigError("--max-correlation keeps a run apart from champions: name them with --holding")
    if not -1.0 <= limit < 1.0:
        raise ConfigError(f"--max-correlation is {limit}: give a number from -1 to below 1, such as 0.3")
    return Holdings(limit, tuple(_held(name, history, source, program) for name in dict.fromkeys(names)))


def _held(said: str, history: History, source: CandleSource, program: str) -> HeldGenome:
    name, _, place = said.partition(":")
    if place and not (place.isdecimal() and int(place) > 0):
        raise ConfigError(f"--holding {said} is not understood: give RUN, or RUN:RANK with a rank from 1 on")
    summary, rank = find_run(name, history.summaries(), program), int(place or 1)
    spec, genome = summary.spec, PastRun(summary, history, source).at(rank).genome
    if is_own(genome.strategy):
        raise ConfigError(
            f"--holding {said} is a genome of {genome.strategy}, a strategy of your own, and no worker has "
            "those: hold champions of seeds"
        )
    visible = spec.split.apply(spec.candles).visible
    return HeldGenome(
        spec.run,
        rank,
        genome.strategy,
        genome.genes,
        spec.data,
        spec.reading,
        spec.extent,
        visible,
        spec.costs,
    )
