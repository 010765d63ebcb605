"""``genepool backtest``: trade one genome over candles and say what came of it."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import typer

from genepool.adapters.export.genome_file import read_genome
from genepool.bootstrap.stores import open_store
from genepool.cli import _backtest_flags as flag
from genepool.cli._backtest_lines import terms_lines
from genepool.cli._backtest_output import (
    heading,
    tables,
    write_equity,
    write_fills,
    write_trades,
)
from genepool.cli._output import aside, print_json, screen, tell_doubt
from genepool.errors import ConfigError
from genepool.reading.bundles import with_bundles
from genepool.reading.chosen_candles import chosen_data, read_chosen
from genepool.reading.flags import FileFlags
from genepool.settings import load_settings
from genepool.usecases.backtest_genes import chosen_genome
from genepool.usecases.backtest_genome import Trader, backtest_genome
from genepool.usecases.backtest_terms import Terms
from genepool.usecases.count_backtest import counted_by_hand
from genepool.usecases.traded_genome import GenomeBacktest, traded_genome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(with_bundles(backtest))


def backtest(
    data: flag.Data = None,
    strategy: flag.StrategyName = None,
    gene: flag.GeneValues = [],  # noqa: B006 - typer copies it
    genome: flag.GenomeFile = None,
    *,
    flags: FileFlags,
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
    fills: flag.FillsFile = None,
    equity: flag.EquityFile = None,
    as_json: flag.AsJson = False,
) -> None:
    """Trade one genome over candles: fills at the next open, all costs, beside holding and holding short."""
    file = None if genome is None else read_genome(genome)
    trader, of_genes = chosen_genome(strategy, gene, file)
    read = {"--genome": genome, "--data": Path(chosen_data(data, file)), "--funding": flags.funding}
    _refuse_one_file_for_two({"--trades": trades, "--fills": fills, "--equity": equity}, read)
    said = {
        "taker_fee": fee_bps,
        "maker_fee": maker_fee_bps,
        "slippage": slippage_bps,
        "spread": spread_bps,
    }
    asked = Trader(trader, of_genes, file, candles, spans, start, stop, flags.market, said, max_leverage)
    settings = load_settings()
    held = read_chosen(data, file, settings.home, flags, tell_doubt)
    answer, terms = backtest_genome(asked, held)
    if look := counted_by_hand(answer, held.candles, lambda: closing(open_store(settings))):
        aside().print(look, soft_wrap=True, markup=False)
    if trades is not None:
        write_trades(trades, answer.result)
    if fills is not None:
        write_fills(fills, answer.result)
    if equity is not None:
        write_equity(equity, answer.result)
    _print(answer, terms, as_json=as_json)


def _refuse_one_file_for_two(written: Mapping[str, Path | None], read: Mapping[str, Path | None]) -> None:
    """Refuse to write a file twice, or over one that is read."""
    flags: dict[Path, str] = {file.resolve(): name for name, file in read.items() if file is not None}
    for name, file in written.items():
        if file is None:
            continue
        other = flags.setdefault(file.resolve(), name)
        if other in read:
            raise ConfigError(f"{name} would write over {file}, which {other} reads: give another file")
        if other != name:
            raise ConfigError(f"{other} and {name} both write {file}: give two files")


def _print(answer: GenomeBacktest, terms: Terms, *, as_json: bool) -> None:
    if as_json:
        print_json(traded_genome(answer, terms).as_json())
        for sentence in (*terms.ground.remarks, *terms.differences):
            aside().print(sentence, soft_wrap=True, markup=False)
        return
    screen().print(heading(answer), soft_wrap=True, markup=False)
    for line in terms_lines(terms, answer.result):
        screen().print(line, soft_wrap=True, markup=False)
    screen().print(tables(answer))
