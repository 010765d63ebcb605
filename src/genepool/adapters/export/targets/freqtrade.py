"""freqtrade: a strategy class with its parameters, which decides with GenePool's kernels."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genepool.adapters.export.targets._candle_files import candle_csv, funding_csv
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.genome import Gene
from genepool.market.candles import PRICE_COLUMNS, Candles, FloatArray
from genepool.market.timeframes import plain_timeframe
from genepool.ports.export_targets import ExportedChampion
from genepool.strategies import Strategy, seed_strategies

TIMEFRAMES = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w")
# A live bot sees this many candles beside the lookback: a rule that holds its side took it some time ago.
HISTORY = 1_000
# Where freqtrade itself ends a trade: a loss of this share of the stake.
STOPLOSS = -0.99
# It counts no more digits of a price, and rounds what has more.
_DIGITS = 14
_REMARKS = (
    "Stops and targets fill at freqtrade's tick, which it reads off the candles.",
    "freqtrade ends the trade that is open at the last candle at its open: that trade is not compared.",
    "The proof sets startup_candle_count to the genome's lookback, so that both sides begin at one candle.",
    "Prices are given to freqtrade with 14 digits, since it counts no more.",
)


@dataclass(frozen=True, slots=True)
class Freqtrade:
    """Files for freqtrade 2026.9."""

    name: str = "freqtrade"
    summary: str = "A strategy class for freqtrade, with its parameters as JSON"
    packages: Sequence[str] = ("freqtrade", "genepool", "numpy", "numba", "pandas", "ccxt")

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Return why freqtrade cannot trade a genome: for want of its candles; None when it can."""
        if plain_timeframe(champion.timeframe) not in TIMEFRAMES:
            known = ", ".join(TIMEFRAMES)
            return f"freqtrade has no candles of {champion.timeframe}: breed on one of {known}"
        return None

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``CLASS.py``, the strategy, and ``CLASS.json``, its parameters."""
        name, strategy = class_name(champion), seed_strategies()[champion.strategy]
        source = filled(
            "freqtrade/strategy.py.j2",
            champion=champion,
            comment=commented((*told(champion), "", *_usage(champion))),
            class_name=name,
            timeframe=plain_timeframe(champion.timeframe),
            futures=_on_futures(champion),
            funding="funding" in strategy.requires,
            history=HISTORY,
            stoploss=STOPLOSS,
            leverage=champion.costs.max_leverage + 1.0,
            genes=list(_parameters(champion, strategy)),
        )
        return {f"{name}.py": source, f"{name}.json": _parameter_file(champion, strategy)}

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:
        """Return the candles and the script that trades them."""
        seen = _as_seen(candles)
        settings = {
            "strategy": class_name(champion),
            "timeframe": plain_timeframe(champion.timeframe),
            "futures": _on_futures(champion),
            "fee": champion.costs.taker_fee,
            "lookback": champion.lookback,
            "packages": list(self.packages),
            "remarks": list(_REMARKS),
        }
        return {
            "candles.csv": candle_csv(seen),
            **funding_csv(seen),
            "proof_settings.json": json.dumps(settings, indent=2) + "\n",
            "prove.py": filled("freqtrade/prove.py.j2"),
        }


def class_name(champion: ExportedChampion) -> str:
    """Return the name of the strategy class, which the files have too."""
    words = re.findall(r"[a-z0-9]+", champion.strategy.lower())
    return "".join(["GenePool", *map(str.capitalize, words), "_", champion.fingerprint[:8]])


def _usage(champion: ExportedChampion) -> Iterator[str]:
    """Yield what a user must know to run the file."""
    market = "futures, isolated margin" if _on_futures(champion) else "spot"
    yield (
        "It needs freqtrade, numba and genepool (pip install --no-deps genepool) in one environment: "
        "GenePool's own kernels decide."
    )
    yield (
        f'Run it on {market}, one pair a bot, with stake_amount "unlimited", max_open_trades 1, '
        'and price_side "other" for entry and exit.'
    )
    yield f"Its parameters lie in {class_name(champion)}.json; without that file the defaults below count."
    if "funding" in seed_strategies()[champion.strategy].requires:
        yield "It reads funding rates from funding.csv (time,rate) beside it: add each new rate to that file."


def _on_futures(champion: ExportedChampion) -> bool:
    """Say whether a genome needs futures: only there are shorts, and exposures above the equity."""
    return champion.genes["direction"] != 1 or champion.costs.max_leverage > 1


def _parameters(champion: ExportedChampion, strategy: Strategy) -> Iterator[tuple[Gene, str]]:
    """Yield each gene with the parameter of freqtrade that holds its value."""
    for gene in strategy.all_genes:
        low, high, value = (_number(gene, one) for one in (gene.low, gene.high, champion.genes[gene.name]))
        span = f'{low}, {high}, default={value}, space="buy"'
        decimals = f", decimals={_decimals(gene)}"
        yield gene, f"IntParameter({span})" if gene.integer else f"DecimalParameter({span}{decimals})"


def _number(gene: Gene, value: float) -> int | float:
    return int(value) if gene.integer else float(value)


def _decimals(gene: Gene) -> int:
    """Return how many decimals the values of a gene have at most."""
    ends = (f"{value:.9f}".rstrip("0").partition(".")[2] for value in (gene.low, gene.step, gene.default))
    return max(map(len, ends))


def _parameter_file(champion: ExportedChampion, strategy: Strategy) -> str:
    """Return the file of parameters that freqtrade reads beside a strategy of the same name."""
    genes = {gene.name: _number(gene, champion.genes[gene.name]) for gene in strategy.all_genes}
    params = {
        "buy": genes,
        "roi": {},
        "stoploss": {"stoploss": STOPLOSS},
        "trailing": {
            "trailing_stop": False,
            "trailing_stop_positive": None,
            "trailing_stop_positive_offset": 0.0,
            "trailing_only_offset_is_reached": False,
        },
        "max_open_trades": {"max_open_trades": 1},
    }
    document = {"strategy_name": class_name(champion), "params": params, "ft_stratparam_v": 1}
    return json.dumps(document, indent=2) + "\n"


def _as_seen(candles: Candles) -> Candles:
    """Return candles with no more digits than freqtrade counts: an order at a rounded open would not fill."""
    opens, highs, lows, closes = (_rounded(getattr(candles, name)) for name in PRICE_COLUMNS)
    return replace(candles, open=opens, high=highs, low=lows, close=closes)


def _rounded(prices: FloatArray) -> FloatArray:
    return np.array([float(f"{price:.{_DIGITS}g}") for price in prices.tolist()])


TARGET = Freqtrade()
