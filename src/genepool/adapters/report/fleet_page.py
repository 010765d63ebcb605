"""The page of a fleet: its bots, its account, and what may become of it."""

from importlib.metadata import version

from genepool.adapters.report.blocks import (
    ChartBlock,
    Column,
    FactsBlock,
    Section,
    TableBlock,
    TableCell,
    TableRow,
    TextBlock,
)
from genepool.adapters.report.fleet_figures import correlation_figure, joint_equity_figure, shares_figure
from genepool.adapters.report.fleet_risk import ahead_section, stress_section
from genepool.adapters.report.notation import NONE, count, measure, percent, ratio, signed_percent
from genepool.adapters.report.page import KeyFigure, Page
from genepool.backtest.caveats import reading_of
from genepool.usecases.fleet_document import FleetMember, FleetPortfolio
from genepool.usecases.fleet_words import FLEET_LIMITS

_BOTS = (
    Column("bot", text=True),
    Column("share"),
    Column("return"),
    Column("Sharpe"),
    Column("drawdown"),
    Column("trades"),
    Column("trials"),
    Column("age"),
    Column("verdict", text=True),
)
_MEASURES = ("total_return", "sharpe", "max_drawdown", "trades")
_WAYS = (
    Column("weights", text=True),
    Column("return"),
    Column("volatility"),
    Column("Sharpe"),
    Column("drawdown"),
    Column("Sharpe, 2nd half"),
    Column("drawdown, 2nd half"),
)


def fleet_page(found: FleetPortfolio) -> Page:
    """Lay a fleet out as a page."""
    first, *others = found.sentence.split(". ", 1)
    return Page(
        title=f"A fleet of {len(found.bots)} bots · GenePool",
        run=f"A fleet of {len(found.bots)} bots",
        market=", ".join(dict.fromkeys(f"{one.symbol} {one.timeframe}" for one in found.bots)),
        started=f"out of sample {found.first[:10]} to {found.last[:10]}",
        version=version("genepool"),
        synthetic=all(one.synthetic for one in found.bots),
        unfinished="",
        verdict=first.rstrip(".") + ".",
        standfirst=" ".join(others),
        key_figures=_key_figures(found),
        sections=fleet_sections(found),
    )


def fleet_sections(found: FleetPortfolio) -> list[Section]:
    """Return the sections of a fleet's page."""
    return [
        _account_section(found),
        _bots_section(found),
        _correlation_section(found),
        _shares_section(found),
        ahead_section(found),
        stress_section(found),
        Section("limits", "What this cannot know", "", [TextBlock(one) for one in FLEET_LIMITS]),
    ]


def _key_figures(found: FleetPortfolio) -> list[KeyFigure]:
    figures, account = found.account.figures, found.account
    ruin = f"{found.terms.ruin:g}"
    return [
        KeyFigure(
            "account",
            "return",
            signed_percent(figures.total_return),
            f"in {count(found.periods)} {found.terms.clock}s",
        ),
        KeyFigure(
            "account",
            "Sharpe",
            ratio(found.of_a_year(figures.sharpe)),
            f"luck alone {ratio(found.of_a_year(account.luck_sharpe))}",
        ),
        KeyFigure(
            "a year", "drawdown", percent(found.deflated.drawdowns["0.95"]), "19 of 20 paths fall less"
        ),
        KeyFigure(
            "a year",
            f"fall to {percent(found.terms.ruin, 0)}",
            percent(found.deflated.ruin[ruin]),
            f"as recorded {percent(found.recorded.ruin[ruin])}",
        ),
        KeyFigure("a year", "ahead", percent(found.deflated.ahead["12"], 0), "chance, less luck"),
    ]


def _account_section(found: FleetPortfolio) -> Section:
    account, figures, year = found.account, found.account.figures, found.of_a_year
    facts = [
        ("return a year", signed_percent(year(figures.annual_return))),
        ("volatility a year", percent(year(figures.volatility))),
        ("worst drawdown", percent(figures.max_drawdown)),
        (
            "Sharpe ratio, and that of luck alone",
            f"{ratio(year(figures.sharpe))}, {ratio(year(account.luck_sharpe))}",
        ),
        ("diversification ratio", ratio(account.diversification)),
        ("cash", percent(account.cash)),
        ("highest exposure", percent(account.highest_exposure)),
        ("highest margin, of equity", percent(account.highest_margin, 2)),
        ("closed by the venue", account.closed_at or "never"),
    ]
    note = (
        f"Every bot trades its share, and the account goes back to the shares at each {found.terms.clock}'s "
        "beginning. Out-of-sample returns alone, after costs and funding, where all bots were tested; then a "
        "year of blocks drawn from them, with each bot's mean less what luck would show."
    )
    if found.too_short:
        note += f" Nothing of a year is told: {found.too_short}."
    return Section(
        "account", "Joint account", note, [ChartBlock(joint_equity_figure(found)), FactsBlock(facts)]
    )


def _bots_section(found: FleetPortfolio) -> Section:
    note = (
        "Figures of each bot's own walk-forward folds. Trials are all genomes ever tried on its market; age "
        "is the days since the newest candle that its run was shown."
    )
    return Section("bots", "Bots", note, [TableBlock(_BOTS, [_bot(one) for one in found.bots])])


def _bot(one: FleetMember) -> TableRow:
    beneath = f"{one.strategy} on {one.symbol} {one.timeframe}, {one.fingerprint}"
    if one.left_out_because:
        beneath += f". Left out: {one.left_out_because}"
    cells = [
        one.name,
        percent(one.share) if one.share else NONE,
        *(measure(reading_of(name, one.walk_forward, one.candles_per_year)) for name in _MEASURES),
        count(one.trials),
        f"{count(one.age_days)} d",
        one.short_verdict or "none: no champion",
    ]
    return TableRow([TableCell(text) for text in cells], "champion" if one.believed else "", f"{beneath}.")


def _correlation_section(found: FleetPortfolio) -> Section:
    together = found.together
    rows = [[f"by {clock}", count(one.periods), ratio(one.mean)] for clock, one in together.by_clock.items()]
    if together.crises:
        rows.append(["worst tenth of days", count(together.crises.periods), ratio(together.crises.mean)])
        rows.append(["the same, if returns were normal", "", ratio(together.crises_if_normal)])
    note = (
        "Days that are picked because the fleet lost on them show a lower correlation by the picking: the "
        "last line says how low, and only what lies above it is a crisis."
    )
    table = TableBlock(
        (Column("correlation", text=True), Column("periods"), Column("mean of pairs")),
        [TableRow([TableCell(cell) for cell in row]) for row in rows],
    )
    charts = [ChartBlock(correlation_figure(found))] if len(found.bots) > 1 else []
    return Section("correlation", "How they move together", note, [*charts, table])


def _shares_section(found: FleetPortfolio) -> Section:
    rows = []
    for way in found.compared:
        later = way.later
        cells = [
            way.weights.replace("_", " "),
            signed_percent(way.figures.total_return),
            percent(found.of_a_year(way.figures.volatility)),
            ratio(found.of_a_year(way.figures.sharpe)),
            percent(way.figures.max_drawdown),
            ratio(found.of_a_year(later.sharpe, 0.5)) if later else NONE,
            percent(later.max_drawdown) if later else NONE,
        ]
        style = "champion" if way.weights == found.terms.weights else ""
        rows.append(TableRow([TableCell(cell) for cell in cells], style))
    note = (
        "Shares are worked out on the same periods that they are shown on; in the last two columns, on the "
        "first half of them, and shown on the second. To take the best of these lines is one more choice."
    )
    return Section("shares", "Shares", note, [ChartBlock(shares_figure(found)), TableBlock(_WAYS, rows)])
