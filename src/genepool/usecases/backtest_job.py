"""A backtest that is asked for now and done later, by a worker that knows no more than its job's terms."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from genepool.market.provenance import DataSet
from genepool.usecases.backtest_genes import chosen_genome
from genepool.usecases.backtest_genome import Trader, backtest_genome
from genepool.usecases.document import members
from genepool.usecases.genome_file import GenomeFile
from genepool.usecases.job_terms import request_of
from genepool.usecases.traded_genome import TradedGenome, traded_genome


@dataclass(frozen=True, slots=True)
class BacktestJob:
    """What ``genepool backtest`` asks for.

    Parameters
    ----------
    data
        Sample, import, synthetic market or file of candles; None for what the genome names.
    reading
        Words of a command line that say how the file is read, and which kind of market it is.
    strategy
        Name of the seed strategy; None where a genome is given.
    genes
        Gene values by name; the others are at their defaults, or as the genome says.
    genome
        What a genome file holds, as exported.
    candles, spans, start, stop
        Which candles it trades, as the flags of these names.
    fee_bps, maker_fee_bps, slippage_bps, spread_bps, max_leverage
        Costs; None for the genome's, or what is usual.
    """

    data: str | None = None
    reading: tuple[str, ...] = ()
    strategy: str | None = None
    genes: Mapping[str, float] = field(default_factory=dict)
    genome: Mapping[str, Any] | None = None
    candles: str | int | None = None
    spans: str | None = None
    start: str | int = ""
    stop: str | int = ""
    fee_bps: float | None = None
    maker_fee_bps: float | None = None
    slippage_bps: float | None = None
    spread_bps: float | None = None
    max_leverage: float | None = None

    @property
    def terms(self) -> Mapping[str, Any]:
        """It as values that JSON has."""
        return members(self)

    @classmethod
    def by(cls, terms: Mapping[str, Any]) -> "BacktestJob":
        """Return what the terms of a job ask for."""
        return request_of(cls, terms)

    def file(self, parsed: Callable[[str], GenomeFile]) -> GenomeFile | None:
        """Return the genome, read by what reads the text of a genome file; None without one."""
        return None if self.genome is None else parsed(json.dumps(self.genome))


def backtest_by(asked: BacktestJob, file: GenomeFile | None, data: DataSet, market: str) -> TradedGenome:
    """Trade a genome; return what ``genepool backtest --json`` prints.

    Parameters
    ----------
    asked
        What is asked for.
    file
        Its genome, read.
    data
        The candles.
    market
        Kind of the market as the user says; empty where nothing was said.

    Raises
    ------
    ConfigError, DataError
        As ``backtest_genome``.
    """
    genes = [f"{name}={value}" for name, value in asked.genes.items()]
    genome, of_genes = chosen_genome(asked.strategy, genes, file)
    said = {
        "taker_fee": asked.fee_bps,
        "maker_fee": asked.maker_fee_bps,
        "slippage": asked.slippage_bps,
        "spread": asked.spread_bps,
    }
    candles = None if asked.candles is None else str(asked.candles)
    start, stop = str(asked.start), str(asked.stop)
    trader = Trader(
        genome, of_genes, file, candles, asked.spans, start, stop, market, said, asked.max_leverage
    )
    return traded_genome(*backtest_genome(trader, data))
