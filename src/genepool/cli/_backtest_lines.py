"""The terms of one backtest, as people read them above its tables."""

from collections.abc import Iterator
from importlib.metadata import version

from genepool.backtest.detailed import Backtest
from genepool.market.moments import timestamp
from genepool.strategies import seed_strategies
from genepool.usecases.backtest_costs import describe_all
from genepool.usecases.backtest_ground import Ground
from genepool.usecases.backtest_terms import Terms
from genepool.usecases.market_costs import origin_of_costs


def terms_lines(terms: Terms, result: Backtest) -> Iterator[str]:
    """Yield the lines that people read above the table."""
    ground, file = terms.ground, terms.file
    from_file = file is not None and file.costs is not None
    costs_from = "of the genome file" if from_file else _origin(terms)
    per_year_from = "as its run was" if ground.candles_per_year is not None else "by these candles"
    market = ground.market
    lines = {
        "genome": f"{file.path}, made by genepool {file.version or 'unknown'}" if file else "",
        "data": f"{market.symbol} {market.timeframe}, {len(market):,} candles, digest {market.digest[:16]}"
        + (", the run's own" if ground.known else ""),
        "span": f"{ground.name}: {_spelled(ground, result)}",
        "costs": f"{describe_all(terms.costs)} ({costs_from}{', but for what flags say' * _changed(terms)})",
        "annualised": f"by {result.candles_per_year:,.6g} candles a year ({per_year_from})",
        "versions": f"genepool {version('genepool')}, {terms.genome.strategy} "
        f"{seed_strategies()[terms.genome.strategy].version}",
    }
    yield from (f"{name:<12}{text}" for name, text in lines.items() if text)
    yield from (f"{'note':<12}{text}" for text in ground.remarks)
    yield from (f"{'differs':<12}{text}" for text in terms.differences)


def _spelled(ground: Ground, result: Backtest) -> str:
    ranges = ", ".join(f"{start:,} to {stop - 1:,}" for start, stop in ground.spans)
    return f"candles {ranges}, {timestamp(int(result.stamps[0]))} to {timestamp(int(result.stamps[-1]))}"


def _origin(terms: Terms) -> str:
    otherwise = "your own" if terms.flags.keys() - {"max_leverage"} else "by default"
    return origin_of_costs(terms.costs, terms.market, otherwise)


def _changed(terms: Terms) -> bool:
    return terms.file is not None and terms.file.costs not in {None, terms.costs}
