"""The flags that say what a new run is: a resumed one keeps what it began with, but for larger budgets."""

from dataclasses import dataclass

from genepool.cli import _evolve_flags as flag
from genepool.usecases.run_rules import RunRules


@dataclass(frozen=True, kw_only=True)
class NewRunFlags(RunRules):
    """``RunRules`` as flags: each field as there, with what the command line says of it."""

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
    optimizer: flag.OptimizerName = "genetic"
    strategies: flag.Strategies = None
    holdout: flag.Holdout = 0.2
    in_sample: flag.InSample = 0.6
    folds: flag.Folds = 4
    purge: flag.Purge = 24
    embargo: flag.Embargo = 24
