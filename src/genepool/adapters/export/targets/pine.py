"""TradingView: one strategy in Pine that stands alone, and its proof in a program that runs Pine."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from genepool.adapters.export.targets._candle_files import candle_csv
from genepool.adapters.export.targets._texts import commented, filled, told
from genepool.genome import Gene
from genepool.market.candles import Candles
from genepool.ports.export_targets import ExportedChampion
from genepool.risk_genes import RISK_GENES
from genepool.strategies import seed_strategies

_PINE = files("genepool.adapters.export.targets").joinpath("templates", "pine")
_CALLED = re.compile(r"\bgp[A-Z]\w+(?=\()")
_SCRIPT = "champion.pine"
_ELSEWHERE = "export it to backtrader, freqtrade, jesse or nautilus"
# TradingView's words for decimals have no exponent.
_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Pine:
    """A script for TradingView's Pine editor."""

    name: str = "pine"
    summary: str = "A strategy in Pine 6 for TradingView, in one file that needs no other"
    packages: Sequence[str] = ("pynesys-pynecore", "opencode-pine2pyne")

    def refusal(self, champion: ExportedChampion) -> str | None:
        """Return why Pine cannot express a genome; None for a strategy whose rule is written down in Pine."""
        if _rule(champion.strategy).is_file():
            return None
        seed = seed_strategies().get(champion.strategy)
        if seed and seed.learning:
            reason = "it refits a model on hundreds of candles, for which TradingView leaves a script no time"
        elif seed and "funding" in seed.requires:
            reason = "TradingView gives scripts no series of the funding rates that were paid"
        else:
            return f"{champion.strategy} cannot be written in Pine: GenePool has no Pine text of its rule"
        return f"{champion.strategy} cannot be written in Pine: {reason}; {_ELSEWHERE}"

    def files(self, champion: ExportedChampion) -> Mapping[str, str]:
        """Return ``champion.pine``, to be pasted into the Pine editor."""
        rule, risk = _rule(champion.strategy).read_text(encoding="utf-8"), _text("risk.pine")
        own = seed_strategies()[champion.strategy].genes
        script = filled(
            "pine/strategy.pine.j2",
            comment=commented(told(champion), "// "),
            title=_quoted(f"GenePool {champion.strategy} {champion.fingerprint}"),
            commission=_number(100.0 * champion.costs.taker_fee),
            genes=[_input(gene, champion.genes[gene.name], "Genes of the rule") for gene in own],
            risk_genes=[_input(gene, champion.genes[gene.name], "Risk genes") for gene in RISK_GENES],
            lookback=champion.lookback,
            max_leverage=_number(champion.costs.max_leverage),
            functions=list(_functions(rule + risk, set())),
            rule=rule,
            risk=risk,
            orders=_text("orders.pine"),
        )
        return {_SCRIPT: script}

    def proof(self, champion: ExportedChampion, candles: Candles) -> Mapping[str, str]:
        """Return the candles, and the program that runs the script over them in PyneCore."""
        levels = {name: float(champion.genes[name]) for name in ("atr_stop", "atr_target")}
        prove = filled("pine/prove.py.j2", script=_SCRIPT, packages=list(self.packages), levels=levels)
        return {"candles.csv": candle_csv(candles), "prove.py": prove}


def _input(gene: Gene, value: float, group: str) -> str:
    """Return the declaration of a gene, which a user finds again among the script's inputs."""
    kind, write = ("int", _whole) if gene.integer else ("float", _number)
    return (
        f'{kind} {gene.name} = input.{kind}({write(value)}, "{gene.name}", minval = {write(gene.low)}, '
        f"maxval = {write(gene.high)}, step = {write(gene.step)}, group = {_quoted(group)},\n"
        f"     tooltip = {_quoted(gene.meaning)})"
    )


def _functions(text: str, known: set[str]) -> Iterator[str]:
    """Yield the functions that a text calls, each once, and after those that it calls itself."""
    for name in dict.fromkeys(_CALLED.findall(text)):
        if name in known:
            continue
        known.add(name)
        function = _text("functions", f"{name}.pine")
        yield from _functions(function, known)
        yield function


def _rule(strategy: str) -> Traversable:
    return _PINE.joinpath("seeds", f"{strategy}.pine")


def _text(*parts: str) -> str:
    return _PINE.joinpath(*parts).read_text(encoding="utf-8")


def _whole(value: float) -> str:
    return str(int(value))


def _number(value: float) -> str:
    text = f"{value:.{_DECIMALS}f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


TARGET = Pine()
