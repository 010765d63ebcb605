"""The flags that say what a new run is: a resumed one keeps what it began with, but for larger budgets."""

from dataclasses import dataclass
from importlib.metadata import version

from genepool.cli import _evolve_flags as flag
from genepool.evolution.settings import EvolutionSettings
from genepool.market.split import SplitRule
from genepool.usecases.start_run import NewRun


@dataclass(frozen=True, kw_only=True)
class NewRunFlags:
    """The rules of a run. A new flag is a new field, and its place in ``asked``."""

    preset: flag.Preset = "development"
    candles: flag.CandleCount = None
    fee_bps: flag.Fee = None
    maker_fee_bps: flag.MakerFee = None
    slippage_bps: flag.Slippage = None
    spread_bps: flag.Spread = None
    max_leverage: flag.MaxLeverage = 1.0
    population_size: flag.PopulationSize = 100
    generations: flag.Generations = 15
    max_evaluations: flag.MaxEvaluations = None
    max_minutes: flag.MaxMinutes = None
    plateau: flag.Plateau = None
    seed: flag.Seed = 0
    objective: flag.ObjectiveName = "sharpe"
    strategies: flag.Strategies = None
    holdout: flag.Holdout = 0.2
    in_sample: flag.InSample = 0.6
    folds: flag.Folds = 4
    purge: flag.Purge = 24
    embargo: flag.Embargo = 24

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
            ),
            objective=self.objective,
            strategies=tuple(part.strip() for part in (self.strategies or "").split(",") if part.strip()),
            version=version("genepool"),
        )
