"""Backtest one genome from Python: the measures of ``genepool backtest --json``, and tables beside them."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from genepool.adapters.export.curves import FILL_COLUMNS, TRADE_COLUMNS, fill_rows, trade_rows
from genepool.backtest.detailed import holding_over
from genepool.errors import ConfigError
from genepool.genome import is_own
from genepool.notebook.costs import Costs
from genepool.notebook.market import MarketCandles
from genepool.notebook.picture import Picture, equity_picture
from genepool.notebook.trade_result import TradeResult
from genepool.robustness.look_ahead import refuse_look_ahead
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.backtest_genes import chosen_genome
from genepool.usecases.backtest_genome import Trader, backtest_genome
from genepool.usecases.backtest_terms import Terms
from genepool.usecases.count_backtest import counted_by_hand
from genepool.usecases.traded_genome import GenomeBacktest, traded_genome

_TIMES = {"time", "entry_time", "exit_time"}


@dataclass(frozen=True, eq=False, repr=False)
class Backtested(TradeResult):
    """What came of a backtest.

    Parameters
    ----------
    answer
        What the genome did, and holding beside it.
    terms
        At what costs, and where.
    """

    answer: GenomeBacktest
    terms: Terms

    @cached_property
    def document(self) -> dict[str, Any]:  # type: ignore[explicit-override] # Python 3.11 has no @override
        """All of it, as ``genepool backtest --json`` prints it."""
        return traded_genome(self.answer, self.terms).as_json()

    @cached_property
    def trades(self) -> Any:  # noqa: ANN401 - pandas has no types of its own, here and below
        """One row a trade, with the columns of ``--trades``; money is in units of the opening equity."""
        return _frame(TRADE_COLUMNS, trade_rows(self.answer.result))

    @cached_property
    def fills(self) -> Any:  # noqa: ANN401 - as above
        """One row a fill, with the columns of ``--fills``."""
        return _frame(FILL_COLUMNS, fill_rows(self.answer.result))

    @cached_property
    def equity(self) -> Any:  # noqa: ANN401 - as above
        """Equity and exposure at each close, and the equity of holding, indexed by the candles' opens."""
        import pandas as pd  # noqa: PLC0415 - as above

        result = self.answer.result
        index = pd.DatetimeIndex(pd.to_datetime(result.stamps, unit="ns", utc=True), name="time")
        columns = {"equity": result.equity, "exposure": result.exposure, "buy_and_hold": self._holding}
        return pd.DataFrame(columns, index=index)

    def plot(self) -> Picture:
        """Draw the equity beside that of holding; a notebook shows it, ``save`` writes it as SVG."""
        result, who = self.answer.result, self.genome.strategy
        title = f"Equity of {who} on {self.answer.candles.symbol} {self.answer.candles.timeframe}"
        curves = {"strategy": result.equity, "buy and hold": self._holding}
        return equity_picture(result.stamps, curves, title)

    @cached_property
    def _holding(self) -> Any:  # noqa: ANN401 - an array
        ground = self.terms.ground
        return holding_over(ground.candles, self.terms.costs, ground.spans).equity


def backtest(
    market: MarketCandles,
    strategy: str | Strategy,
    /,
    *,
    genes: Mapping[str, float] | None = None,
    costs: Costs | None = None,
    kind: str = "",
    candles: str | int | None = None,
    start: str = "",
    stop: str = "",
    store: str | Path | None = None,
    **named: float,
) -> Backtested:
    """Trade one genome over candles: fills at the next open, all costs, beside holding and holding short.

    The same as ``genepool backtest``, bit for bit. A strategy of your own is replayed first: one that sees
    the future is refused.

    It counts as one trial on its market, as by the command, before its result is known; where it trades
    candles that a recorded run sealed it is an attempt at their exam, and a warning says so.

    Parameters
    ----------
    market
        The candles.
    strategy
        Name of a seed, or a strategy of your own.
    genes
        Values of genes by name; the others are at their defaults.
    costs
        What trading costs; fees of 5 and 2 basis points where it is not said, as on the command line.
    kind
        Kind of market whose usual costs are taken: ``crypto``, ``forex``, ``stock`` and so on.
    candles
        Newest candles to use: a number, or the name of a preset; all where it is not given.
    start, stop
        First candle traded and first no longer traded: a number, or a UTC date.
    store
        History in which it counts: that of the command line, unless a file, the URL of a database or
        ``":memory:"`` is given. One that cannot be written is a warning, and the result is there.
    **named
        Genes by name, ``fast=12``; one whose name is a parameter's goes into ``genes``.

    Returns
    -------
    Backtested
        Measures, trades, fills, equity, a picture.

    Raises
    ------
    ConfigError
        When there is no such strategy or gene, or a value is not permitted.
    LooksAhead
        When a strategy of your own sees the future.
    DataError
        When there are too few candles.

    Examples
    --------
    >>> import genepool as gp
    >>> candles = gp.read("btcusd_1h")
    >>> tried = gp.backtest(candles, "ema_crossover", fast=12, slow=48, costs=gp.Costs(fee_bps=5))
    >>> tried.measures["trades"], len(tried.trades)
    (431, 431)
    """
    known = known_strategies([strategy])
    name = strategy.name if isinstance(strategy, Strategy) else strategy
    given = {**(genes or {}), **named}
    genome, of_genes = chosen_genome(
        name, [f"{gene}={value!r}" for gene, value in given.items()], None, known
    )
    if is_own(name):
        refuse_look_ahead(known[name], market.candles, [genome])
    said = costs or Costs()
    asked = Trader(
        genome,
        of_genes,
        candles=None if candles is None else str(candles),
        start=start,
        stop=stop,
        market=kind,
        basis_points=said.basis_points,
        max_leverage=said.max_leverage,
        strategies=known,
    )
    answer, terms = backtest_genome(asked, market.held)
    _count(answer, market, store)
    return Backtested(answer, terms)


def _count(answer: GenomeBacktest, market: MarketCandles, store: str | Path | None) -> None:
    # A database's library takes a while to load.
    from genepool.notebook.store import place_of  # noqa: PLC0415

    if sentence := counted_by_hand(answer, market.candles, lambda: place_of(store).opened()):
        # Of the user's own line: ``gp.backtest`` lies between.
        warnings.warn(sentence, stacklevel=4)


def known_strategies(named: Sequence[str | Strategy]) -> dict[str, Strategy]:
    """Return the seeds, and those of these strategies that are none, by name.

    Raises
    ------
    ConfigError
        When one is neither a name nor a strategy.
    """
    for one in named:
        if not isinstance(one, str | Strategy):
            raise ConfigError(
                f"{one!r} is no strategy: give the name of a seed, or a function decorated with gp.strategy"
            )
    own = {one.name: one for one in named if isinstance(one, Strategy)}
    return {**seed_strategies(), **own}


def _frame(columns: tuple[str, ...], rows: Any) -> Any:  # noqa: ANN401 - as above
    import pandas as pd  # noqa: PLC0415 - as above

    made = pd.DataFrame(list(rows), columns=list(columns))
    for name in _TIMES & set(columns):
        made[name] = pd.to_datetime(made[name], utc=True)
    return made
