"""``genepool backtest``: trade one genome over candles and say what came of it."""

from collections.abc import Mapping
from pathlib import Path

import typer

from genepool.backtest.recorded import backtest as trade
from genepool.backtest.recorded import buy_and_hold
from genepool.cli import _backtest_flags as flag
from genepool.cli._backtest_output import document, heading, table, write_equity, write_fills, write_trades
from genepool.cli._backtest_request import chosen_candles, chosen_costs, chosen_genome, position
from genepool.cli._output import print_json, screen
from genepool.cli._run_request import read_market
from genepool.errors import ConfigError, DataError
from genepool.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backtest)


def backtest(
    data: flag.Data,
    strategy: flag.StrategyName = None,
    gene: flag.GeneValues = [],  # noqa: B006 - typer copies it
    genome: flag.GenomeFile = None,
    symbol: flag.Symbol = "",
    timeframe: flag.Timeframe = None,
    candles: flag.CandleCount = "all",
    start: flag.Start = "",
    stop: flag.Stop = "",
    fee_bps: flag.Fee = 5.0,
    maker_fee_bps: flag.MakerFee = None,
    slippage_bps: flag.Slippage = 0.0,
    spread_bps: flag.Spread = 0.0,
    max_leverage: flag.MaxLeverage = 1.0,
    trades: flag.TradesFile = None,
    fills: flag.FillsFile = None,
    equity: flag.EquityFile = None,
    as_json: flag.AsJson = False,
) -> None:
    """Trade one genome over candles: fills at the next open, all costs, measures beside buy and hold."""
    _refuse_one_file_for_two({"--trades": trades, "--fills": fills, "--equity": equity})
    trader = chosen_genome(strategy, gene, genome)
    costs = chosen_costs(fee_bps, maker_fee_bps, slippage_bps, spread_bps, max_leverage)
    market = chosen_candles(read_market(data, load_settings().home, symbol, timeframe), candles)
    span = position(market, "--start", start, 0), position(market, "--stop", stop, len(market))
    try:
        result, held = trade(market, trader, costs, *span), buy_and_hold(market, costs, *span)
    except ArithmeticError as error:
        raise DataError(f"{market.symbol} cannot be traded: {error}") from error
    if trades is not None:
        write_trades(trades, result)
    if fills is not None:
        write_fills(fills, result)
    if equity is not None:
        write_equity(equity, result)
    if as_json:
        print_json(document(result, held, trader, market, costs))
    else:
        screen().print(heading(result, trader, market), soft_wrap=True, markup=False)
        screen().print(table(result, held))


def _refuse_one_file_for_two(files: Mapping[str, Path | None]) -> None:
    flags: dict[Path, str] = {}
    for name, file in files.items():
        if file is None:
            continue
        if (other := flags.setdefault(file, name)) != name:
            raise ConfigError(f"{other} and {name} both write {file}: give two files")
