"""The page as a whole: its head, its key figures, and its sections in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.adapters.report.blocks import Section
from genepool.adapters.report.charts.time_ticks import day
from genepool.adapters.report.figures_section import figures_section
from genepool.adapters.report.leaderboard_section import leaderboard_section
from genepool.adapters.report.money_sections import equity_section, months_section, trades_section
from genepool.adapters.report.notation import count, measure, percent, signed_percent
from genepool.adapters.report.provenance_sections import (
    champion_section,
    left_out_section,
    provenance_section,
    rules_section,
)
from genepool.adapters.report.search_sections import (
    family_section,
    luck_section,
    neighbourhood_section,
    search_section,
)
from genepool.adapters.report.verdict_sections import verdict_sections
from genepool.backtest.caveats import reading_of
from genepool.backtest.notation import probability
from genepool.genome import Genome
from genepool.objectives import MINIMUM_TRADES
from genepool.pool.ancestry import Ancestry
from genepool.pool.report_data import ReportData
from genepool.robustness.luck import CONFIDENCE
from genepool.robustness.performance import Performance
from genepool.robustness.verdict_words import chosen_from


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number worth a large size, and the smaller one that puts it in proportion."""

    scope: str
    name: str
    value: str
    beside: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the template fills in."""

    title: str
    run: str
    market: str
    started: str
    version: str
    synthetic: bool
    unfinished: str
    verdict: str
    standfirst: str
    key_figures: Sequence[KeyFigure]
    sections: Sequence[Section]


def page(data: ReportData) -> Page:
    """Lay a run out as a page."""
    spec = data.spec
    return Page(
        title=f"{spec.run} · {spec.symbol} {spec.timeframe} · GenePool",
        run=spec.run,
        market=f"{spec.symbol} {spec.timeframe}",
        started=f"started {data.started_at[:16].replace('T', ' ')} UTC",
        version=spec.version,
        synthetic=spec.synthetic,
        unfinished=_unfinished(data),
        verdict=data.ladder.sentence if data.ladder else data.judged.deflation,
        standfirst=_standfirst(data),
        key_figures=_key_figures(data),
        sections=sections_of(data),
    )


def sections_of(data: ReportData) -> list[Section]:
    """Return what a run's page holds beneath its verdict, as far as the data tell of it."""
    champion, performance = data.champion, data.performance
    sections: list[Section | None] = [*verdict_sections(data.ladder, data.nulls)]
    if performance:
        sections += [equity_section(data, performance), months_section(performance)]
        sections.append(figures_section(performance))
    short = performance.spans[0].appraisal.too_short if performance else None
    luck = luck_section(data.luck, short) if data.luck or (short and not data.pruned) else None
    sections += [luck, leaderboard_section(data)]
    if data.curve:
        sections.append(search_section(data))
    if data.neighbourhood and champion:
        found, objective = data.neighbourhood, data.spec.objective
        sections.append(neighbourhood_section(found, champion.genome, objective))
    if data.family and champion:
        sections += [family_section(data.family), champion_section(champion.genome, data.strategies)]
    sections += [trades_section(performance) if performance else None, rules_section(data)]
    sections += [left_out_section(data), provenance_section(data)]
    return [section for section in sections if section]


def genome_sections(
    data: ReportData, genome: Genome, performance: Performance, family: Ancestry
) -> list[Section]:
    """Return the sections about one genome of a run.

    Parameters
    ----------
    data
        The run.
    genome
        Whose sections they are.
    performance
        What it and buy-and-hold did.
    family
        It and its ancestors.
    """
    who = performance.subject
    return [
        equity_section(data, performance),
        months_section(performance),
        figures_section(performance),
        family_section(family, who),
        champion_section(genome, data.strategies, who),
        trades_section(performance),
    ]


def _unfinished(data: ReportData) -> str:
    if data.state == "finished":
        return ""
    shown, asked = data.generations, data.spec.settings.generations
    return f"This run is {data.state}: {shown} of {asked} generations are shown."


def _standfirst(data: ReportData) -> str:
    first, last = day(int(data.stamps[0])), day(int(data.stamps[-1]))
    kind = "synthetic candles" if data.spec.synthetic else "candles"
    champion = data.champion
    told = f"{count(len(data.stamps))} visible {kind} of {data.spec.symbol}, {first} to {last}, "
    told += f"{len(data.spec.strategies)} strategies bred for {data.generations} generations."
    told += f" {data.pruned}" * bool(data.pruned)
    told += f" Not counted: {data.judged.uncounted}." * bool(data.judged.uncounted)
    return (
        f"The champion is {champion.genome.strategy} {champion.genome.fingerprint}, "
        f"{chosen_from(data.judged.genomes)}. {told}"
        if champion
        else told
    )


def _key_figures(data: ReportData) -> list[KeyFigure]:
    champion = data.champion
    scored = champion.evaluation.scored if champion else None
    if scored is None:
        return []
    inside, outside = scored.in_sample, scored.walk_forward
    held, per_year = data.judged.benchmark, data.judged.candles_per_year
    sharpes = [measure(reading_of("sharpe", measures, per_year)) for measures in (inside, outside)]
    deflated = data.judged.evidence.deflated_probability if data.judged.evidence else None
    return [
        KeyFigure("walk-forward", "Sharpe", sharpes[1], f"in-sample {sharpes[0]}"),
        KeyFigure(
            "walk-forward",
            "return",
            signed_percent(outside.total_return),
            f"{held.title} inside the folds {signed_percent(held.walk_forward.total_return)}",
        ),
        KeyFigure(
            "walk-forward",
            "drawdown",
            percent(outside.max_drawdown),
            f"in-sample {percent(inside.max_drawdown)}",
        ),
        KeyFigure("walk-forward", "trades", count(outside.trades), f"in-sample {count(inside.trades)}"),
        KeyFigure(
            "over all runs",
            "trials",
            count(data.judged.trials),
            f"in this run {count(data.judged.genomes)}",
        ),
        KeyFigure(
            "after all trials",
            "deflated Sharpe",
            probability(deflated),
            f"believed from {CONFIDENCE:g} and {MINIMUM_TRADES:.0f} trades on",
        ),
    ]
