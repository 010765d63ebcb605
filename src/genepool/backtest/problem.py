"""The problem that genomes are scored against: visible candles, split, costs, objective."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from genepool.backtest.held_returns import HeldReturns, HeldTrack
from genepool.market.annual import counted_candles_a_year
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.strategies import Strategy, seed_strategies

# Raised whenever the same genome on the same problem may score otherwise; part of every cache key.
ENGINE_VERSION = 2


@dataclass(frozen=True, eq=False)
class Problem:
    """What genomes are scored against.

    Build it with ``Problem.seal``: it cuts the holdout off, so that no code that holds the
    problem can see it.

    Parameters
    ----------
    candles
        The visible candles only.
    in_sample
        Half-open candle range on which genomes are bred.
    folds
        Half-open candle ranges of the walk-forward folds, after the in-sample span, in order.
    costs
        What trading costs.
    objective
        Name of the objective.
    own
        Strategies of the user's own that genomes may be of, beside the seeds. No score depends on which
        there are: the name of each holds the digest of its source.
    held
        Champions that genomes are kept apart from; None for none.
    """

    candles: Candles
    in_sample: tuple[int, int]
    folds: tuple[tuple[int, int], ...]
    costs: CostModel
    objective: str
    own: tuple[Strategy, ...] = ()
    held: HeldReturns | None = None

    @classmethod
    def seal(
        cls,
        candles: Candles,
        rule: SplitRule,
        costs: CostModel,
        objective: str,
        own: tuple[Strategy, ...] = (),
        tracks: tuple[HeldTrack, ...] = (),
        limit: float = 1.0,
    ) -> "Problem":
        """Split a history and keep only what may be seen.

        Parameters
        ----------
        candles, rule, costs, objective, own
            As the problem's, of all candles.
        tracks
            Champions that genomes are kept apart from.
        limit
            Correlation from which on doing the same costs.

        Raises
        ------
        HistoryTooShort
            When a fold would be empty.
        ConfigError
            When a champion has too few candles in common with the in-sample span.
        """
        split = rule.apply(len(candles))
        # A slice shares the memory of all candles, and numpy leads from it to the sealed ones.
        visible = candles.apart(0, split.visible)
        held = HeldReturns.along(visible, split.in_sample, tracks, limit) if tracks else None
        return cls(visible, split.in_sample, split.folds, costs, objective, own, held)

    @property
    def candles_per_year(self) -> float:
        """What annualises every figure of this problem, in sample and walk-forward."""
        return self.candles.candles_per_year

    @property
    def strategies(self) -> Mapping[str, Strategy]:
        """Every strategy that its genomes may be of, by name; the seeds do not travel with it."""
        seeds = seed_strategies()
        return {**seeds, **{strategy.name: strategy for strategy in self.own}} if self.own else seeds

    @cached_property
    def sent_as(self) -> str:
        """What workers keep it under: its digest, and another one for each set of own strategies."""
        if not self.own:
            return self.digest
        names = "|".join(sorted(strategy.name for strategy in self.own))
        return hashlib.sha256(f"{self.digest}|{names}".encode()).hexdigest()[:16]

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits over everything that a score depends on beside the genome."""
        spans = f"{self.in_sample}|{self.folds}"
        # What was scored before candles a year came from the calendar is known under its old digest only
        # where the figure is what it was: in markets that trade always.
        per_year, stamps = self.candles_per_year, self.candles.stamps
        counted = "" if per_year == counted_candles_a_year(stamps) else f"|{per_year!r}"
        # A problem without champions is known under the digest that it always had.
        apart = "" if self.held is None else f"|{self.held.digest}"
        scored = f"{self.costs}|{self.objective}{counted}{apart}"
        text = f"problem/{ENGINE_VERSION}|{self.candles.digest}|{spans}|{scored}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]
