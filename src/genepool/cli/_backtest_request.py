"""From the flags of ``genepool backtest`` to a genome, costs and a span of candles."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from genepool.errors import ConfigError
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import PRESETS, newest
from genepool.pool.venues import venue_named
from genepool.small_files import Unfit, read_small
from genepool.strategies import seed_strategies

BASIS_POINTS = 10_000
MOST_GENOME_BYTES = 1_000_000
GENOME_SCHEMA = "genepool/genome/1"


def chosen_genome(strategy: str | None, assignments: Sequence[str], file: Path | None) -> Genome:
    """Build the genome that the flags describe; single genes go before the file's.

    Raises
    ------
    ConfigError
        When there is no strategy, or a gene or the file is not understood.
    """
    genes: dict[str, float] = {}
    if file is not None:
        named, genes = _read_genome(file)
        if strategy not in {None, named}:
            raise ConfigError(f"{file} holds a genome of {named}: leave --strategy {strategy} out")
        strategy = named
    if strategy is None:
        raise ConfigError("say who trades: give --strategy NAME or --genome FILE")
    if strategy not in seed_strategies():
        names = ", ".join(seed_strategies())
        raise ConfigError(f"there is no strategy {strategy!r}: choose from {names}")
    return seed_strategies()[strategy].genome({**genes, **dict(map(_assignment, assignments))})


def _assignment(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise ConfigError(f"--gene {text} is not understood: write NAME=NUMBER, such as fast=12") from error


def _read_genome(file: Path) -> tuple[str, dict[str, float]]:
    try:
        # As a float, a number of any length is one that can be compared with its bounds.
        document = json.loads(read_small(file, MOST_GENOME_BYTES), parse_int=float)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    except Unfit as error:
        raise ConfigError(f"{file} {error}: give a file with a genome that genepool exported") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not JSON: give a genome that genepool exported") from error
    if not isinstance(document, Mapping) or document.get("schema") != GENOME_SCHEMA:
        raise ConfigError(
            f"{file} does not say schema {GENOME_SCHEMA!r}: give a genome that genepool exported"
        )
    strategy, genes = document.get("strategy"), document.get("genes")
    if not isinstance(strategy, str) or not isinstance(genes, Mapping):
        raise ConfigError(f"{file} lacks a strategy or its genes: give a genome that genepool exported")
    for name, value in genes.items():
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ConfigError(f"{file}: gene {name} is {value!r}, which is no number")
    return strategy, {name: float(value) for name, value in genes.items()}


def chosen_costs(
    fee_bps: float | None,
    maker_fee_bps: float | None,
    slippage_bps: float | None,
    spread_bps: float | None,
    max_leverage: float | None,
    market: str = "",
) -> CostModel:
    """Return the cost model that the flags describe: None of them is what was not said.

    Parameters
    ----------
    fee_bps, maker_fee_bps, slippage_bps, spread_bps, max_leverage
        As the flags of these names.
    market
        The kind whose usual costs stand for what was not said; empty for those of ``CostModel``.

    Raises
    ------
    ConfigError
        When there is no such kind.
    """
    usual = venue_named(market).costs if market else CostModel()
    points = {"taker_fee": fee_bps, "slippage": slippage_bps, "spread": spread_bps}
    said = {name: value / BASIS_POINTS for name, value in points.items() if value is not None}
    costs = replace(usual, **said, max_leverage=1.0 if max_leverage is None else max_leverage)
    maker = min(usual.maker_fee, costs.taker_fee) if maker_fee_bps is None else maker_fee_bps / BASIS_POINTS
    return replace(costs, maker_fee=maker)


def chosen_candles(candles: Candles, count: str) -> Candles:
    """Return the newest candles, by number or preset.

    Raises
    ------
    ConfigError
        When it is neither.
    """
    if count in PRESETS:
        return newest(candles, count)
    if not count.isdecimal() or int(count) < 2:  # noqa: PLR2004 - a market needs a spacing
        raise ConfigError(
            f"--candles {count} is not understood: give a number above 1, or {', '.join(PRESETS)}"
        )
    return candles.slice(max(len(candles) - int(count), 0), len(candles))


def position(candles: Candles, flag: str, text: str, default: int) -> int:
    """Return the candle that a number or a UTC date stands for: the first one at or after the date.

    Raises
    ------
    ConfigError
        When it is neither.
    """
    if not text:
        return default
    if text.isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f"{flag} {text} is not understood: give a candle's number or a date such as 2019-01-31"
        ) from error
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    stamp = int(aware.timestamp()) * 1_000_000_000
    return int(np.searchsorted(candles.stamps, stamp))
