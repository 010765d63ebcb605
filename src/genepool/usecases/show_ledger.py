"""What the ledger says of one market: how many trials count, by whom, and what so many show by luck."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.history import TrialOrigins
from genepool.ports import LedgerAccounts
from genepool.robustness.ledger import KnownMarket, Uncounted
from genepool.robustness.sharpe_statistics import expected_best_sharpe, minimum_backtest_length
from genepool.robustness.trial_sharpes import SharpeSpread, sharpe_spread
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class ShownLedger(Document):
    """One market.

    Parameters
    ----------
    market_digest, symbol, timeframe
        Of the data set, and what it was called first; no name where nothing tells.
    counted_with
        Digests of the other data sets of the same market: their trials count too.
    trials, origins
        How many count, and who made them.
    not_counted
        Trials on markets of the same name that do not count, by the reason.
    lucky_sharpe, minimum_backtest_years
        As ``ExplainedLedger``.
    sharpes
        What the trials showed, and the best of them beside what luck shows; None where no evaluation is left.
    entries, head
        Length of the data set's chain, and the hash of its newest entry.
    """

    market_digest: str
    symbol: str | None
    timeframe: str | None
    counted_with: Sequence[str]
    trials: int
    origins: TrialOrigins
    not_counted: Uncounted
    lucky_sharpe: float
    minimum_backtest_years: float
    sharpes: SharpeSpread | None
    entries: int
    head: str | None


def show_ledger(accounts: LedgerAccounts, market: KnownMarket) -> ShownLedger:
    """Return what counts on a data set; all of it is 0 where nothing was tried.

    Parameters
    ----------
    accounts
        The ledger.
    market
        The data set: its marks are needed where the history may not know it.
    """
    found = accounts.account(market.digest, market.marks)
    return ShownLedger(
        found.market_digest,
        found.symbol or market.symbol or None,
        found.timeframe or market.timeframe or None,
        found.counted_with,
        found.trials,
        found.origins,
        accounts.uncounted(market.digest),
        expected_best_sharpe(found.trials, 1.0),
        minimum_backtest_length(found.trials),
        sharpe_spread(found.sharpes, found.trials),
        found.entries,
        found.head,
    )
