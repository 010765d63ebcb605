"""``genepool backtest``: trade one genome over candles and say what came of it."""

import typer

from genepool.backtest.recorded import backtest as trade
from genepool.backtest.recorded import buy_and_hold
from genepool.cli import _backtest_flags as flag
from genepool.cli._backtest_output import document, heading, table, write_equity, write_trades
from genepool.cli._backtest_request import chosen_candles, chosen_costs, chosen_genome, position
from genepool.cli._bundles import with_bundles
from genepool.cli._data_flags import FileFlags
from genepool.cli._file_data import read_data, refuse_unused
from genepool.cli._market_costs import market_of, origin_of_costs
from genepool.cli._output import print_json, screen
from genepool.errors import ConfigError, DataError
from genepool.pool.venues import describe_costs
from genepool.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_bundles(backtest))


def backtest(
    data: flag.Data,
    strategy: flag.StrategyName = None,
    gene: flag.GeneValues = [],  # noqa: B006 - typer copies it
    genome: flag.GenomeFile = None,
    *,
    flags: FileFlags,
    candles: flag.CandleCount = "all",
    start: flag.Start = "",
    stop: flag.Stop = "",
    fee_bps: flag.Fee = None,
    maker_fee_bps: flag.MakerFee = None,
    slippage_bps: flag.Slippage = None,
    spread_bps: flag.Spread = None,
    max_leverage: flag.MaxLeverage = None,
    trades: flag.TradesFile = None,
    equity: flag.EquityFile = None,
    as_json: flag.AsJson = False,
) -> None:
    """Trade one genome over candles: fills at the next open, all costs, measures beside buy and hold."""
    if trades is not None and trades == equity:
        raise ConfigError(f"--trades and --equity both write {trades}: give two files")
    trader = chosen_genome(strategy, gene, genome)
    costs = chosen_costs(fee_bps, maker_fee_bps, slippage_bps, spread_bps, max_leverage, flags.market)
    home = load_settings().home
    refuse_unused(data, home, flags)
    held_data = read_data(data, home, flags)
    market = chosen_candles(held_data.candles, candles)
    span = position(market, "--start", start, 0), position(market, "--stop", stop, len(market))
    try:
        result, held = trade(market, trader, costs, *span), buy_and_hold(market, costs, *span)
    except ArithmeticError as error:
        raise DataError(f"{market.symbol} cannot be traded: {error}") from error
    if trades is not None:
        write_trades(trades, result)
    if equity is not None:
        write_equity(equity, result)
    if as_json:
        print_json(document(result, held, trader, market, costs))
    else:
        screen().print(heading(result, trader, market), soft_wrap=True, markup=False)
        told = origin_of_costs(costs, market_of(held_data))
        screen().print(f"costs: {describe_costs(costs)} ({told})", soft_wrap=True, markup=False)
        screen().print(table(result, held))
