"""What may follow: the account's own periods drawn again in blocks, many times, for a year."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from genepool.market.candles import FloatArray, IntArray
from genepool.portfolio.account import JointPeriods
from genepool.randomness import Purpose, generator
from genepool.robustness.resampling import automatic_block_length, stationary_resamples

BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
DRAWDOWN_QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99)
MONTHS_AHEAD = (3, 6, 12)
_LONGEST = (0.5, 0.95)
_POINTS, _AT_ONCE, _MONTHS = 120, 250, 12


@dataclass(frozen=True, slots=True)
class YearDraws:
    """How paths are drawn.

    Parameters
    ----------
    seed
        Not negative.
    periods_a_year
        Of the clock.
    levels
        Shares of the equity at the start at which ruin is looked for, falling.
    paths
        How many.
    block
        Mean length of a block, in periods; None for what the record asks for.
    """

    seed: int
    periods_a_year: float
    levels: Sequence[float]
    paths: int
    block: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What paths of a year amount to; nothing of it is a promise.

    Parameters
    ----------
    block
        Mean length of the blocks that were drawn, in periods.
    steps
        After how many periods the bands are told; 0 is the start.
    bands
        By quantile, equity at these steps in multiples of that at the start.
    drawdowns
        By quantile, the largest fall from a peak within the year.
    ruin
        By level, the chance to fall to it within the year; a close of the venue counts where it leaves less.
    liquidation
        Chance that the venue closes the account within the year.
    under_water
        Mean share of periods that end below a former peak.
    longest_under_water
        By quantile, the longest time below a former peak, in days.
    ahead
        By months, the chance to have more than at the start.
    """

    block: float
    steps: Sequence[int]
    bands: dict[str, Sequence[float]]
    drawdowns: dict[str, float]
    ruin: dict[str, float]
    liquidation: float
    under_water: float
    longest_under_water: dict[str, float]
    ahead: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """What is kept of each path; shape (paths,) but for equity."""

    equity: FloatArray
    drawdowns: FloatArray
    lowest: FloatArray
    closed: FloatArray
    under: FloatArray
    longest: FloatArray
    ahead: FloatArray


_KEPT = tuple(one.name for one in fields(_Paths))


def forecasts(several: Sequence[JointPeriods], draws: YearDraws) -> list[Forecast]:
    """Draw paths of a year by the stationary bootstrap, and say what they amount to.

    Parameters
    ----------
    several
        What the account did, and what it would have done otherwise, over the same periods: each is drawn by
        the same numbers. Periods are drawn whole, with their lows and the closes of the venue.
    draws
        How they are drawn.
    """
    year = round(draws.periods_a_year)
    steps = np.unique(np.linspace(0, year, min(year, _POINTS) + 1).astype(np.int64))
    block = draws.block or suitable_block(several[0].returns)
    marks = np.array([max(1, round(year * months / _MONTHS)) for months in MONTHS_AHEAD])
    parts: list[list[_Paths]] = [[] for _ in several]
    for places in _drawn(len(several[0].returns), block, year, draws):
        for walked, periods in zip(parts, several, strict=True):
            walked.append(_walked(periods, places, steps, marks))
    return [_told(_joined(walked), block, steps, draws) for walked in parts]


def _joined(parts: Sequence[_Paths]) -> _Paths:
    return _Paths(*(np.concatenate([getattr(part, name) for part in parts]) for name in _KEPT))


def _told(paths: _Paths, block: float, steps: IntArray, draws: YearDraws) -> Forecast:
    days = 365.0 / draws.periods_a_year
    bands = np.quantile(paths.equity, BANDS, axis=0)
    depths = np.quantile(paths.drawdowns, DRAWDOWN_QUANTILES)
    longest = np.quantile(paths.longest, _LONGEST) * days
    return Forecast(
        block=block,
        steps=steps.tolist(),
        bands=dict(zip(map(_name, BANDS), bands.tolist(), strict=True)),
        drawdowns=dict(zip(map(_name, DRAWDOWN_QUANTILES), depths.tolist(), strict=True)),
        ruin={_name(level): float((paths.lowest <= level).mean()) for level in draws.levels},
        liquidation=float(paths.closed.mean()),
        under_water=float(paths.under.mean()),
        longest_under_water=dict(zip(map(_name, _LONGEST), longest.tolist(), strict=True)),
        ahead=dict(zip(map(str, MONTHS_AHEAD), paths.ahead.mean(axis=0).tolist(), strict=True)),
    )


def suitable_block(returns: FloatArray) -> float:
    """Return the mean length of block that keeps returns, and sizes of moves, beside their neighbours."""
    return max(automatic_block_length(returns), automatic_block_length(np.abs(returns)))


def _name(level: float) -> str:
    return f"{level:g}"


def _drawn(count: int, block: float, year: int, draws: YearDraws) -> Iterator[IntArray]:
    """Yield places of periods, of shape (paths at once, year)."""
    rng = generator(draws.seed, Purpose.FLEET)
    samples = stationary_resamples(count, block, draws.paths, rng, year)
    for _ in range(math.ceil(draws.paths / _AT_ONCE)):
        yield np.stack([places for _, places in zip(range(_AT_ONCE), samples, strict=False)])


def _walked(periods: JointPeriods, places: IntArray, steps: IntArray, marks: IntArray) -> _Paths:
    returns, lows, closed = periods.returns[places], periods.lows[places], np.zeros(len(places))
    if periods.closed.any():
        drawn = periods.closed[places]
        # After the venue closed it, an account does nothing more.
        over = np.cumsum(drawn, axis=1) - drawn > 0
        returns, lows = np.where(over, 0.0, returns), np.where(over, 0.0, lows)
        closed = np.asarray(drawn.any(axis=1), dtype=np.float64)
    after = np.cumprod(1.0 + returns, axis=1)
    before = np.concatenate([np.ones((len(after), 1)), after[:, :-1]], axis=1)
    lows = before * (1.0 + lows)
    peaks = np.maximum.accumulate(np.maximum(before, 1.0), axis=1)
    under = after < peaks
    equity = np.concatenate([before[:, :1], after], axis=1)
    return _Paths(
        equity[:, steps],
        (1.0 - lows / peaks).max(axis=1),
        lows.min(axis=1),
        closed,
        np.asarray(under.mean(axis=1)),
        _longest(under),
        (equity[:, marks] > 1.0).astype(np.float64),
    )


def _longest(under: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> FloatArray:
    """Return the longest run in each row, of shape (paths,)."""
    places = np.arange(1, under.shape[1] + 1)
    since = np.maximum.accumulate(np.where(under, 0, places), axis=1)
    return np.asarray((places - since).max(axis=1), dtype=np.float64)
