"""What a terminal shows of a live record beside the replay of its genome."""

from rich.table import Table

from genepool.backtest.live_gap import GAP_CAUSES
from genepool.backtest.notation import DASH, change, count, probability, share
from genepool.usecases.follow_document import FollowedRun, FollowedTrade

_WORST = 5
_MEANS = {
    "sizes": "other sizes than the replay's",
    "fills": "other prices at the same entries and exits",
    "exits": "another price because a trade was left at another time",
    "fees": "other fees",
    "funding": "other funding",
    "missed": "trades that the replay made alone",
    "extra": "trades that the bot made alone",
    "unexplained": "what the record's results hold beyond prices, fees and funding",
}


def follow_lines(found: FollowedRun) -> dict[str, str]:
    """Return a line for each thing to be said, by the word that it begins with."""
    band, held = found.band, f", {found.valued} still open" if found.valued else ""
    capital = f"; capital {found.capital:,.6g} {'as you say' if found.capital_said else 'by the sizes'}"
    known = found.capital_said or found.matched + found.extra
    return {
        "genome": f"{found.fingerprint}, {found.genome_strategy}, place {found.rank} of run {found.run}",
        "record": f"{found.record}{found.pair and f', {found.pair}'}{capital if known else ''}",
        "candles": f"{found.candles:,} of {found.symbol} {found.timeframe}, {found.since[:10]} to "
        f"{found.until[:10]}",
        "trades": f"{found.matched} matched, {found.missed} missed, {found.extra} extra{held}",
        "live": f"{change(found.live_return, 2)}, quantile {probability(found.quantile)}",
        "replay": f"{change(found.expected_return, 2)}, quantile {probability(found.expected_quantile)}",
        "band": f"{change(band.low)} to {change(band.high)}, median {change(band.median)}: "
        f"{share(band.level, 0)} of {count(band.paths)} paths of its {count(band.returns)} own out-of-sample "
        "returns",
        "luck": f"{change(found.luck, 2)}: the replay beside the band's median",
        "says": found.sentence,
    }


def causes_table(found: FollowedRun) -> Table:
    """Return the gap by cause; the causes add up to the last line."""
    table = Table(box=None, header_style="bold")
    table.add_column("live less replay")
    table.add_column("of the capital", justify="right")
    table.add_column("what it is", style="dim")
    for cause in GAP_CAUSES:
        table.add_row(cause, _points(found.parts[cause]), _MEANS[cause])
    table.add_row("whole", _points(found.gap), "live less replay", style="bold")
    return table


def worst_trades(found: FollowedRun) -> Table:
    """Return the trades whose results lie furthest from the replay's."""
    table = Table(box=None, header_style="bold")
    for name in ("entered", "side", "entry live", "replay", "exit live", "replay", "gap", "mostly"):
        table.add_column(name, justify="left" if name in {"entered", "side", "mostly"} else "right")
    for trade in sorted(found.trades, key=lambda one: -abs(one.gap))[:_WORST]:
        table.add_row(*_cells(trade))
    return table


def _cells(trade: FollowedTrade) -> tuple[str, ...]:
    entered = trade.live_entry or trade.expected_entry or ""
    prices = (
        trade.live_entry_price,
        trade.expected_entry_price,
        trade.live_exit_price,
        trade.expected_exit_price,
    )
    cause = max(trade.parts, key=lambda name: abs(trade.parts[name]))
    shown = (DASH if price is None else f"{price:,.6g}" for price in prices)
    return (entered[:16].replace("T", " "), trade.side, *shown, _points(trade.gap), cause)


def _points(part: float) -> str:
    """Write a share to the tenth of a basis point; what is rounding has no sign."""
    return change(round(part, 9), 3)
