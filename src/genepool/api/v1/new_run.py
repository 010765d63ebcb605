"""What a client says of a new run: the flags of ``genepool evolve`` by their names."""

from pydantic import Field

from genepool.api.bodies import Strict
from genepool.jobs import TIME_LIMIT_SECONDS, Priority
from genepool.usecases.rule_texts import RULE_TEXTS
from genepool.usecases.run_rules import RunRules

# Largest whole number that every JSON reader keeps.
_SEED_AT_MOST = 2**53 - 1
_POINTS_AT_MOST = 10_000


def _told(rule: str) -> str:
    text = RULE_TEXTS[rule]
    return f"{text.told.rstrip('.')}; {text.usual} if absent." if text.usual else text.told


class NewRunBody(Strict):
    """A run to breed."""

    data: str = Field(min_length=1, max_length=200, description="Sample, import or synthetic market.")
    name: str = Field(default="", max_length=80, description="Its name; empty for one of market and time.")
    preset: str = Field(default="development", description=_told("preset"))
    candles: int | None = Field(default=None, ge=10, le=100_000_000, description=_told("candles"))
    fee_bps: float | None = Field(default=None, ge=0, le=_POINTS_AT_MOST, description=_told("fee_bps"))
    maker_fee_bps: float | None = Field(
        default=None, ge=0, le=_POINTS_AT_MOST, description=_told("maker_fee_bps")
    )
    slippage_bps: float | None = Field(
        default=None, ge=0, le=_POINTS_AT_MOST, description=_told("slippage_bps")
    )
    spread_bps: float | None = Field(default=None, ge=0, le=_POINTS_AT_MOST, description=_told("spread_bps"))
    max_leverage: float = Field(default=1.0, gt=0, le=1_000, description=_told("max_leverage"))
    population_size: int = Field(default=100, ge=2, le=1_000_000, description=_told("population_size"))
    generations: int = Field(default=15, ge=1, le=1_000_000, description=_told("generations"))
    max_evaluations: int | None = Field(default=None, ge=1, le=10**12, description=_told("max_evaluations"))
    max_minutes: float | None = Field(default=None, gt=0, le=10**6, description=_told("max_minutes"))
    plateau: int | None = Field(default=None, ge=1, le=1_000_000, description=_told("plateau"))
    seed: int = Field(default=0, ge=0, le=_SEED_AT_MOST, description=_told("seed"))
    objective: str = Field(default="sharpe", max_length=80, description=_told("objective"))
    optimizer: str = Field(default="genetic", max_length=80, description=_told("optimizer"))
    strategies: str | None = Field(default=None, max_length=2_000, description=_told("strategies"))
    holdout: float = Field(default=0.2, ge=0, lt=1, description=_told("holdout"))
    in_sample: float = Field(default=0.6, gt=0, lt=1, description=_told("in_sample"))
    folds: int = Field(default=4, ge=1, le=1_000, description=_told("folds"))
    purge: int = Field(default=24, ge=0, le=1_000_000, description=_told("purge"))
    embargo: int = Field(default=24, ge=0, le=1_000_000, description=_told("embargo"))
    priority: Priority = "interactive"
    time_limit: float = Field(
        default=TIME_LIMIT_SECONDS, ge=1, le=366 * 86_400, description="Seconds that its job may take."
    )

    def rules(self) -> RunRules:
        """Return what the run goes by."""
        apart = {"data", "name", "priority", "time_limit"}
        return RunRules(**self.model_dump(exclude=apart))


class Budgets(Strict):
    """Larger budgets for a run that is continued; none to continue it as it was meant."""

    generations: int | None = Field(default=None, ge=1, le=1_000_000)
    max_evaluations: int | None = Field(default=None, ge=1, le=10**12)
    max_minutes: float | None = Field(default=None, gt=0, le=10**6)
    plateau: int | None = Field(default=None, ge=1, le=1_000_000)
    priority: Priority = "interactive"
    time_limit: float = Field(default=TIME_LIMIT_SECONDS, ge=1, le=366 * 86_400)

    def by_setting(self) -> dict[str, float | None]:
        """Return those that are given, by field of ``EvolutionSettings``."""
        named = {
            "generations": self.generations,
            "evaluations": self.max_evaluations,
            "minutes": self.max_minutes,
            "plateau": self.plateau,
        }
        return {name: value for name, value in named.items() if value is not None}
