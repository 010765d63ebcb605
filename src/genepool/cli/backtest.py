"""``genepool backtest``: trade one genome over candles and say what came of it."""

import typer
from rich.console import Console

from genepool.adapters.export.genome_file import read_genome
from genepool.backtest.recorded import Backtest, backtest_over, holding_over
from genepool.cli import _backtest_flags as flag
from genepool.cli._backtest_costs import chosen_costs
from genepool.cli._backtest_genes import chosen_genome
from genepool.cli._backtest_ground import chosen_ground
from genepool.cli._backtest_output import document, heading, table, write_equity, write_trades
from genepool.cli._backtest_request import chosen_data
from genepool.cli._backtest_terms import Terms, agreed_terms, terms_document, terms_lines
from genepool.cli._output import print_json, screen
from genepool.cli._run_request import read_market
from genepool.errors import ConfigError, DataError
from genepool.market.costs import CostModel
from genepool.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(backtest)


def backtest(
    data: flag.Data = None,
    strategy: flag.StrategyName = None,
    gene: flag.GeneValues = [],  # noqa: B006 - typer copies it
    genome: flag.GenomeFile = None,
    symbol: flag.Symbol = "",
    timeframe: flag.Timeframe = None,
    candles: flag.CandleCount = None,
    start: flag.Start = "",
    stop: flag.Stop = "",
    spans: flag.SpansOfRun = None,
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
    file = None if genome is None else read_genome(genome)
    trader, of_genes = chosen_genome(strategy, gene, file)
    said = {
        "taker_fee": fee_bps,
        "maker_fee": maker_fee_bps,
        "slippage": slippage_bps,
        "spread": spread_bps,
    }
    market = read_market(chosen_data(data, file), load_settings().home, symbol, timeframe)
    usual = (file.costs if file else None) or CostModel()
    costs = chosen_costs(usual, said, max_leverage)
    ground = chosen_ground(market, file, candles, spans, start, stop)
    terms = agreed_terms(trader, costs, ground, file, of_genes)
    result, held = _traded(terms)
    if trades is not None:
        write_trades(trades, result)
    if equity is not None:
        write_equity(equity, result)
    if as_json:
        found = document(result, held, trader, ground.market, costs)
        print_json({**found, **terms_document(terms, result)})
        for sentence in (*ground.remarks, *terms.differences):
            Console(stderr=True, highlight=False).print(sentence, soft_wrap=True, markup=False)
    else:
        screen().print(heading(result, trader, ground.market), soft_wrap=True, markup=False)
        for line in terms_lines(terms, result):
            screen().print(line, soft_wrap=True, markup=False)
        screen().print(table(result, held))


def _traded(terms: Terms) -> tuple[Backtest, Backtest]:
    ground = terms.ground
    where = ground.spans, ground.candles_per_year
    try:
        return (
            backtest_over(ground.candles, terms.genome, terms.costs, *where),
            holding_over(ground.candles, terms.costs, *where),
        )
    except ArithmeticError as error:
        raise DataError(f"{ground.market.symbol} cannot be traded: {error}") from error
