"""The rules of a new run as its user says them: by the names of the command line's flags."""

from dataclasses import dataclass
from importlib.metadata import version

from genepool.evolution.settings import EvolutionSettings
from genepool.market.split import SplitRule
from genepool.usecases.start_run import NewRun


@dataclass(frozen=True, kw_only=True)
class RunRules:
    """What a run goes by; None stands for what is usual; ``genepool evolve --help`` explains each.

    A new rule is a new field here and in ``NewRunFlags``, and its place in ``asked``.
    """

    preset: str = "development"
    candles: int | None = None
    fee_bps: float | None = None
    maker_fee_bps: float | None = None
    slippage_bps: float | None = None
    spread_bps: float | None = None
    max_leverage: float = 1.0
    population_size: int = 100
    generations: int = 15
    max_evaluations: int | None = None
    max_minutes: float | None = None
    plateau: int | None = None
    seed: int = 0
    objective: str = "sharpe"
    optimizer: str = "genetic"
    strategies: str | None = None
    holdout: float = 0.2
    in_sample: float = 0.6
    folds: int = 4
    purge: int = 24
    embargo: int = 24

    def asked(self, data: str, reading: tuple[str, ...], name: str) -> NewRun:
        """Return the request for a run on these candles.

        Raises
        ------
        ConfigError
            When a number is outside its bounds.
        """
        return NewRun(
            data=data,
            reading=reading,
            run=name,
            seed=self.seed,
            preset=self.preset,
            candles=self.candles,
            split=SplitRule(self.holdout, self.in_sample, self.folds, self.purge, self.embargo),
            basis_points={
                "taker_fee": self.fee_bps,
                "maker_fee": self.maker_fee_bps,
                "slippage": self.slippage_bps,
                "spread": self.spread_bps,
            },
            max_leverage=self.max_leverage,
            settings=EvolutionSettings(
                self.population_size,
                self.generations,
                self.max_evaluations,
                self.max_minutes,
                self.plateau,
                optimizer=self.optimizer,
            ),
            objective=self.objective,
            strategies=tuple(part.strip() for part in (self.strategies or "").split(",") if part.strip()),
            version=version("genepool"),
        )
