"""What ``genepool ledger`` shows people."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from genepool.backtest.caveats import too_few_years
from genepool.history import TrialOrigins
from genepool.robustness.ledger import Uncounted
from genepool.robustness.trial_sharpes import SharpeSpread
from genepool.usecases.explain_ledger import LedgerInWords
from genepool.usecases.show_ledger import ShownLedger
from genepool.usecases.verify_ledger import VerifiedLedger

_SIGNS = 12


def ledgers_table(page: LedgerInWords) -> Table:
    """Return all markets, those tried on last first."""
    hidden = page.total - len(page.ledgers)
    caption = f"{hidden:,} more are not shown" if hidden else None
    table = Table(
        box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0), caption=caption
    )
    table.add_column("market", overflow="fold")
    table.add_column("data set", no_wrap=True)
    for name in ("trials", "luck shows\nin a year", "least\nyears"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("last tried\n(UTC)", no_wrap=True)
    for one in page.ledgers:
        line, made = one.line, one.line.origins
        others = "" if made.runs == line.trials else f"\n{_origins(made)}"
        name = f"{line.symbol} {line.timeframe}" if line.symbol else "no run left"
        table.add_row(
            Text.assemble(name, (others, "dim")),
            line.market_digest[:_SIGNS],
            f"{line.trials:,}",
            f"{one.lucky_sharpe:.2f}",
            f"{one.minimum_backtest_years:.1f}",
            line.last_at[:16].replace("T", " "),
        )
    return table


def account_lines(shown: ShownLedger) -> Iterator[str]:
    """Yield what the ledger says of one market, a line each."""
    name = f"{shown.symbol} {shown.timeframe}" if shown.symbol else "a market without a name"
    yield f"market      {name}, data set {shown.market_digest[:_SIGNS]}"
    if shown.counted_with:
        others = ", ".join(digest[:_SIGNS] for digest in shown.counted_with)
        yield f"with        {others}: data sets of the same market"
    yield (
        f"trials      {shown.trials:,}: {_origins(shown.origins)}" if shown.trials else "trials      none yet"
    )
    yield from _apart(shown.not_counted)
    if shown.trials:
        yield (
            f"luck        the best of so many shows a Sharpe ratio of {shown.lucky_sharpe:.2f} on a year of "
            f"candles, and of 1 on {shown.minimum_backtest_years:.1f} years"
        )
    yield from _sharpes(shown.sharpes)
    if shown.head:
        yield f"chain       {shown.entries:,} entries, the newest {shown.head}"


def verified_lines(found: VerifiedLedger) -> Iterator[str]:
    """Yield what was verified, and everything that differs, a line each."""
    yield f"verified    {found.markets:,} data sets, {found.entries:,} entries, {found.trials:,} trials"
    for fault in found.faults:
        name = f"{fault.symbol} {fault.timeframe}, " if fault.symbol else ""
        entry = "" if fault.entry is None else f"entry {fault.entry} "
        yield f"differs     {name}data set {fault.market_digest[:_SIGNS]}: {entry}{fault.what}"
    for lost in found.lost:
        yield f"differs     no entry has the noted hash {lost}"
    if found.valid:
        yield "nothing differs: the ledger is what GenePool wrote"


def _origins(made: TrialOrigins) -> str:
    said = {
        "by runs": made.runs,
        "by hand": made.backtests,
        "imported": made.imported,
        "declared": made.declared,
    }
    return ", ".join(f"{count:,} {who}" for who, count in said.items() if count)


def _apart(apart: Uncounted) -> Iterator[str]:
    if apart.other_candles:
        yield f"apart       {apart.other_candles:,} on other candles of this name do not count"
    if apart.unknown_candles:
        yield f"apart       {apart.unknown_candles:,} on candles that nobody noted do not count"


def _sharpes(spread: SharpeSpread | None) -> Iterator[str]:
    if spread is None:
        return
    if (why := too_few_years(spread.years)) is not None:
        yield f"shown       no Sharpe ratio, since {why}"
        return
    yield (
        f"shown       walk-forward Sharpe ratios of {spread.mean:.2f} on average, with a deviation of "
        f"{spread.deviation:.2f}, by {spread.trials:,} evaluations that are left"
    )
    yield (
        f"best        {spread.best:.2f} over {spread.years:.2f} years, where luck is expected to show "
        f"{spread.expected_best:.2f}"
    )
