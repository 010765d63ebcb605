"""Backtest one genome: trade it over candles, beside holding and holding short."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from genepool.backtest.detailed import backtest_over
from genepool.backtest.holding import LONG, SHORT, held
from genepool.backtest.warm_up import first_candle_that_could_trade
from genepool.errors import DataError
from genepool.genome import Genome
from genepool.market.provenance import DataSet
from genepool.strategies import Strategy, seed_strategies
from genepool.usecases.backtest_costs import chosen_costs, flags_of_costs, usual_costs
from genepool.usecases.backtest_ground import chosen_ground
from genepool.usecases.backtest_terms import Terms, agreed_terms
from genepool.usecases.genome_file import GenomeFile
from genepool.usecases.market_costs import market_of
from genepool.usecases.traded_genome import GenomeBacktest


@dataclass(frozen=True, slots=True)
class Trader:
    """What a user asks for, but for the candles.

    Parameters
    ----------
    genome
        The genome that trades.
    of_genes
        What of its genes is not as its file says, in sentences.
    file
        The genome's file.
    candles, spans, start, stop
        Which candles it trades, as ``chosen_ground`` reads them.
    market
        Kind of the market as the user says; empty where nothing was said.
    basis_points, max_leverage
        Costs as the user says them; None where nothing was said.
    strategies
        Those that there are, by name; None for the seeds.
    """

    genome: Genome
    of_genes: tuple[str, ...] = ()
    file: GenomeFile | None = None
    candles: str | None = None
    spans: str | None = None
    start: str = ""
    stop: str = ""
    market: str = ""
    basis_points: Mapping[str, float | None] = field(default_factory=dict)
    max_leverage: float | None = None
    strategies: Mapping[str, Strategy] | None = None


def backtest_genome(asked: Trader, data: DataSet) -> tuple[GenomeBacktest, Terms]:
    """Trade a genome; return what came of it, and by which terms.

    Raises
    ------
    ConfigError
        When what is asked for contradicts itself or is not understood.
    HistoryTooShort
        When there are fewer candles than asked for.
    DataError
        When prices leap so far that nothing can be measured.
    """
    usual = usual_costs(asked.market, asked.file.costs if asked.file else None)
    costs = chosen_costs(usual, asked.basis_points, asked.max_leverage)
    ground = chosen_ground(data.candles, asked.file, asked.candles, asked.spans, asked.start, asked.stop)
    by_flag = flags_of_costs(asked.market, asked.basis_points, asked.max_leverage)
    terms = agreed_terms(asked.genome, costs, ground, asked.file, asked.of_genes, market_of(data), by_flag)
    return _traded(terms, seed_strategies() if asked.strategies is None else asked.strategies), terms


def _traded(terms: Terms, known: Mapping[str, Strategy]) -> GenomeBacktest:
    ground = terms.ground
    try:
        result = backtest_over(
            ground.candles, terms.genome, terms.costs, ground.spans, ground.candles_per_year, known
        )
        long, short = (
            held(ground.candles, terms.costs, ground.spans, side, result.candles_per_year)
            for side in (LONG, SHORT)
        )
    except ArithmeticError as error:
        raise DataError(f"{ground.market.symbol} cannot be traded: {error}") from error
    strategy = known[terms.genome.strategy]
    first = first_candle_that_could_trade(strategy, terms.genome, ground.spans[0][0])
    return GenomeBacktest(
        result, long, short, terms.genome, ground.market, terms.costs, first, strategy.version
    )
