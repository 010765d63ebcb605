"""``genepool backtest``: trade one genome over candles and say what came of it."""

from collections.abc import Mapping
from pathlib import Path

import typer

from genepool.backtest.holding import LONG, SHORT, held
from genepool.backtest.recorded import backtest as trade
from genepool.backtest.warm_up import first_candle_that_could_trade
from genepool.cli import _backtest_flags as flag
from genepool.cli._backtest_output import (
    Answer,
    document,
    heading,
    tables,
    write_equity,
    write_fills,
    write_trades,
)
from genepool.cli._backtest_request import chosen_candles, chosen_costs, chosen_genome, position
from genepool.cli._bundles import with_bundles
from genepool.cli._data_flags import FileFlags
from genepool.cli._file_data import read_data, refuse_unused
from genepool.cli._output import print_json, screen
from genepool.errors import ConfigError, DataError
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
    """Trade one genome over candles: fills at the next open, all costs, beside holding and holding short."""
    _refuse_one_file_for_two({"--trades": trades, "--fills": fills, "--equity": equity})
    trader = chosen_genome(strategy, gene, genome)
    costs = chosen_costs(fee_bps, maker_fee_bps, slippage_bps, spread_bps, max_leverage)
    home = load_settings().home
    refuse_unused(data, home, flags)
    market = chosen_candles(read_data(data, home, flags).candles, candles)
    span = position(market, "--start", start, 0), position(market, "--stop", stop, len(market))
    try:
        result = trade(market, trader, costs, *span)
        long, short = (held(market, costs, [span], side, result.candles_per_year) for side in (LONG, SHORT))
    except ArithmeticError as error:
        raise DataError(f"{market.symbol} cannot be traded: {error}") from error
    if trades is not None:
        write_trades(trades, result)
    if fills is not None:
        write_fills(fills, result)
    if equity is not None:
        write_equity(equity, result)
    first = first_candle_that_could_trade(trader, span[0])
    answer = Answer(result, long, short, trader, market, costs, first)
    if as_json:
        print_json(document(answer))
    else:
        screen().print(heading(answer), soft_wrap=True, markup=False)
        screen().print(tables(answer))


def _refuse_one_file_for_two(files: Mapping[str, Path | None]) -> None:
    flags: dict[Path, str] = {}
    for name, file in files.items():
        if file is None:
            continue
        if (other := flags.setdefault(file, name)) != name:
            raise ConfigError(f"{other} and {name} both write {file}: give two files")
