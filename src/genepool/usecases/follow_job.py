"""A live record that is asked to be compared with its genome's replay, now or by a job."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.errors import ConfigError
from genepool.robustness.live_band import LEVEL
from genepool.usecases.document import members
from genepool.usecases.job_terms import request_of

# What a job of this kind is called.
FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class FollowJob:
    """What is asked for.

    Parameters
    ----------
    run
        The run whose genome trades.
    trades
        The record's file.
    rank
        The genome's place on the leaderboard.
    data
        Where the candles are now; None for where the run's were.
    reading
        Words of a command line that say how they are read; empty for how the run's were.
    since, until
        When the bot began and ended, a date or a candle's number; empty for its first entry, and the last
        candle.
    pair, strategy
        Which trades of the record; empty where it has those of one only.
    capital
        What the bot trades with, in quote currency; None to read it from the sizes.
    tolerance
        Candles between two entries that may still be one trade.
    level
        Share of the paths inside the band.

    Raises
    ------
    ConfigError
        When a number cannot be.
    """

    run: str
    trades: str
    rank: int = 1
    data: str | None = None
    reading: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    pair: str = ""
    strategy: str = ""
    capital: float | None = None
    tolerance: int = 1
    level: float = LEVEL

    def __post_init__(self) -> None:
        if self.capital is not None and not (math.isfinite(self.capital) and self.capital > 0.0):
            raise ConfigError(f"capital is {self.capital}: give what the bot trades with, above 0")
        if self.tolerance < 0:
            raise ConfigError(f"tolerance is {self.tolerance}: give a number of candles, 0 or more")
        if not 0.0 < self.level < 1.0:
            raise ConfigError(f"level is {self.level}: give a share between 0 and 1, such as 0.95")

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "FollowJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)
