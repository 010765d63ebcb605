"""What a user is told of each rule of a run: the flags of the command line and the pages say the same."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from genepool.market.split import PRESETS

_BY_MARKET = "by market"


class RuleText(NamedTuple):
    """What is said of one rule.

    Parameters
    ----------
    told
        What it is.
    usual
        What stands for it where nothing is given; empty where a value does.
    """

    told: str
    usual: str = ""


# By field of ``RunRules``.
RULE_TEXTS: Mapping[str, RuleText] = MappingProxyType(
    {
        "preset": RuleText("How many of the newest candles: " + ", ".join(PRESETS)),
        "candles": RuleText("Newest candles to use, in place of a preset."),
        "fee_bps": RuleText("Taker fee in basis points.", _BY_MARKET),
        "maker_fee_bps": RuleText("Maker fee in basis points.", _BY_MARKET),
        "slippage_bps": RuleText("Slippage of market fills in basis points.", _BY_MARKET),
        "spread_bps": RuleText("Bid-ask spread in basis points.", _BY_MARKET),
        "max_leverage": RuleText("Largest absolute exposure."),
        "population_size": RuleText("Individuals per generation."),
        "generations": RuleText("Generations at most."),
        "max_evaluations": RuleText("Unique evaluations at most."),
        "max_minutes": RuleText("Wall-clock budget of this session."),
        "plateau": RuleText("Stop after this many generations without a better best."),
        "seed": RuleText("Equal seeds, data and versions give equal runs."),
        "objective": RuleText("What evolution strives for; `genepool strategies` lists them."),
        "optimizer": RuleText("What chooses the genomes to try: genetic, random, tpe, cma or atlas."),
        "strategies": RuleText("Seeds that take part, parted by commas.", "all that can"),
        "holdout": RuleText("Share at the end that is sealed."),
        "in_sample": RuleText("Share of the visible candles that genomes are bred on."),
        "folds": RuleText("Walk-forward folds after it."),
        "purge": RuleText("Candles left out before each fold."),
        "embargo": RuleText("Candles left out after each fold."),
    }
)
NAME_TEXT = RuleText("Name of the new run.", "market and time")
