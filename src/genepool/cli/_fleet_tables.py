"""A fleet as tables of a terminal."""

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.backtest.caveats import reading_of
from genepool.backtest.notation import DASH, change, count, ratio, share
from genepool.usecases.fleet_document import FleetPortfolio

_MEASURES = ("total_return", "sharpe", "max_drawdown", "trades")


def bots_table(found: FleetPortfolio) -> Table:
    """Return the table of bots."""
    table = _table("bot")
    for name in ("share", "return", "Sharpe", "drawdown", "trades", "age"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict")
    for one in found.bots:
        beneath = one.left_out_because or f"{one.strategy}, {one.symbol} {one.timeframe}"
        table.add_row(
            Text.assemble(one.name, (f"\n{beneath}", "dim")),
            share(one.share) if one.share else DASH,
            *(reading_of(name, one.walk_forward, one.candles_per_year).text for name in _MEASURES),
            f"{count(one.age_days)} d",
            Text(one.short_verdict or "none: no champion", "green" if one.believed else "yellow"),
        )
    return table


def account_lines(found: FleetPortfolio) -> dict[str, str]:
    """Return what the account did, by the word that each line begins with."""
    account, figures, year = found.account, found.account.figures, found.of_a_year
    together, worst = found.together.by_clock, found.together.crises
    clocks = ", ".join(
        f"{ratio(one.mean)} by {clock}" for clock, one in together.items() if one.mean is not None
    )
    crises = f", {ratio(worst.mean)} on the worst tenth of days" if worst and worst.mean is not None else ""
    return {
        "periods": f"{count(found.periods)} {found.terms.clock}s that all share out of sample, "
        f"{found.first[:10]} to {found.last[:10]}",
        "account": f"{change(figures.total_return)}, Sharpe {ratio(year(figures.sharpe))} (luck alone "
        f"{ratio(year(account.luck_sharpe))}), drawdown {share(figures.max_drawdown)}",
        "correlation": clocks + crises,
        "exposure": f"{share(account.highest_exposure)} of equity at most, margin "
        f"{share(account.highest_margin)}",
        "closed": f"by the venue at {account.closed_at}" if account.closed_at else "",
    }


def ways_table(found: FleetPortfolio) -> Table:
    """Return what each weighting would have made of the fleet."""
    table = _table("weights")
    for name in ("return", "volatility", "Sharpe", "drawdown", "Sharpe of\n2nd half"):
        table.add_column(name, justify="right", no_wrap=True)
    for way in found.compared:
        figures = way.figures
        chosen = way.weights == found.terms.weights
        table.add_row(
            way.weights,
            change(figures.total_return),
            share(found.of_a_year(figures.volatility)),
            ratio(found.of_a_year(figures.sharpe)),
            share(figures.max_drawdown),
            ratio(found.of_a_year(way.later.sharpe, 0.5) if way.later else None),
            style="bold" if chosen else "",
        )
    return table


def forecast_table(found: FleetPortfolio) -> Table:
    """Return what may follow in a year, with luck and without."""
    table = _table("in a year")
    for name in ("less luck", "as recorded"):
        table.add_column(name, justify="right", no_wrap=True)
    both = found.deflated, found.recorded
    for months in found.deflated.ahead:
        table.add_row(f"ahead after {months} months", *(share(one.ahead[months]) for one in both))
    table.add_row("drawdown, 19 of 20 paths fall less", *(share(one.drawdowns["0.95"]) for one in both))
    for level in found.deflated.ruin:
        table.add_row(f"falls to {share(float(level), 0)}", *(share(one.ruin[level], 2) for one in both))
    table.add_row("closed by the venue", *(share(one.liquidation, 2) for one in both))
    table.add_row(
        "longest under water, half of paths", *(f"{one.longest_under_water['0.5']:,.0f} d" for one in both)
    )
    return table


def _table(first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first)
    return table
