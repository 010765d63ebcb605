"""What a user decides of a fleet."""

from dataclasses import dataclass

from genepool.errors import ConfigError
from genepool.portfolio.clocks import ClockName
from genepool.portfolio.weightings import DEFAULT_WEIGHTING, weightings

# Of all shares together, and of each.
MOST = 20.0
LEVELS = (0.9, 0.8, 0.7, 0.5)
# By the hour a year has 8,760 periods.
PATHS, PATHS_BY_THE_HOUR = 2_000, 500
# One in a hundred is the rarest that is told.
_FEWEST_PATHS = 100


@dataclass(frozen=True, slots=True)
class FleetTerms:
    """What a user decides of a fleet.

    Parameters
    ----------
    weights
        Name of the weighting.
    clock
        Periods at whose beginning the account goes back to its shares.
    max_correlation
        Above it the weaker of two twins is left out; None keeps all.
    kelly_fraction
        Share of full Kelly, above 0, at most 1.
    max_leverage
        Largest sum of shares.
    max_share
        Largest share of each.
    ruin
        Share of the equity at the start that counts as ruin.
    seed
        Of the draws.
    paths
        How many years are drawn, at least 100; None for 2,000, or 500 by the hour.
    """

    weights: str = DEFAULT_WEIGHTING
    clock: ClockName = "day"
    max_correlation: float | None = None
    kelly_fraction: float = 0.5
    max_leverage: float = 1.0
    max_share: float = 1.0
    ruin: float = 0.5
    seed: int = 0
    paths: int | None = None

    def __post_init__(self) -> None:
        if self.weights not in weightings():
            raise ConfigError(f"there are no weights {self.weights!r}: choose from {', '.join(weightings())}")
        within = {
            "kelly_fraction": (0.0, 1.0),
            "max_leverage": (0.0, MOST),
            "max_share": (0.0, MOST),
            "ruin": (0.0, 1.0),
        }
        for name, (low, high) in within.items():
            if not low < getattr(self, name) <= high:
                flag = f"--{name.replace('_', '-')}"
                raise ConfigError(
                    f"{flag} is {getattr(self, name):g}: give a number above {low:g}, at most {high:g}"
                )
        if self.drawn < _FEWEST_PATHS:
            raise ConfigError(f"--paths is {self.drawn}: give {_FEWEST_PATHS} or more")
        if self.max_correlation is not None and not -1.0 <= self.max_correlation <= 1.0:
            raise ConfigError(f"--max-correlation is {self.max_correlation:g}: give a number from -1 to 1")

    @property
    def drawn(self) -> int:
        """How many years are drawn."""
        usual = PATHS_BY_THE_HOUR if self.clock == "hour" else PATHS
        return usual if self.paths is None else self.paths

    @property
    def levels(self) -> tuple[float, ...]:
        """Levels at which ruin is looked for, falling."""
        return tuple(sorted({*LEVELS, self.ruin}, reverse=True))
