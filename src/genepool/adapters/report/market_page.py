"""One market's page inside the report of a batch: what its own report says first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from genepool.adapters.report.blocks import Block, ChartBlock, Section
from genepool.adapters.report.page import KeyFigure, page
from genepool.pool.report_data import ReportData

# What a reader compares from market to market. Trades, family and search are in the report of each run.
_SHOWN = (
    "ladder",
    "champions-of-chance",
    "equity-by-phase",
    "monthly-returns",
    "figures",
    "leaderboard",
    "champion",
)
_IDS = re.compile(r'(?<= )(id|aria-labelledby)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class MarketPage:
    """What the template fills in for a market.

    Parameters
    ----------
    anchor
        Of this page, and the beginning of the anchors of its sections.
    market, run, verdict, standfirst, synthetic, unfinished, key_figures, sections
        As ``Page``.
    beside
        Where the run's own report lies, as the page sees it; empty where there is none beside it.
    """

    anchor: str
    market: str
    run: str
    verdict: str
    standfirst: str
    synthetic: bool
    unfinished: str
    key_figures: Sequence[KeyFigure]
    sections: Sequence[Section]
    beside: str


def market_page(anchor: str, data: ReportData, beside: str) -> MarketPage:
    """Lay a run out as a page among others.

    Parameters
    ----------
    anchor
        Of the page.
    data
        The run.
    beside
        Where its own report lies; empty for nowhere.
    """
    alone = page(data)
    return MarketPage(
        anchor=anchor,
        market=alone.market,
        run=alone.run,
        verdict=alone.verdict,
        standfirst=alone.standfirst,
        synthetic=alone.synthetic,
        unfinished=alone.unfinished,
        key_figures=alone.key_figures,
        sections=[_apart(one, anchor) for one in alone.sections if one.anchor in _SHOWN],
        beside=beside,
    )


def _apart(section: Section, anchor: str) -> Section:
    """Return a section whose anchors no other market's section has."""
    blocks = [_renamed(block, anchor) for block in section.blocks]
    return replace(section, anchor=f"{anchor}-{section.anchor}", blocks=blocks)


def _renamed(block: Block, anchor: str) -> Block:
    if not isinstance(block, ChartBlock):
        return block

    def own(found: re.Match[str]) -> str:
        names = " ".join(f"{anchor}-{name}" for name in found[2].split())
        return f'{found[1]}="{names}"'

    return replace(block, svg=_IDS.sub(own, block.svg))
