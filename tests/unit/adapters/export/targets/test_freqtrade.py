"""What a freqtrade user finds in the files of a genome."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from genepool.adapters.export.targets.freqtrade import HISTORY, TARGET
from genepool.market.candles import Candles
from genepool.ports.export_targets import ExportedChampion
from genepool.strategies import seed_strategies
from genepool.usecases.parity_samples import with_shaken_opens
from tests.fakes.certified import Case, exported, market

LONG, BOTH = Case("ema_crossover", "long only"), Case("ema_crossover", "stop and target")
FUNDED = Case("funding_rate_carry", "plain")


def python_file(champion: ExportedChampion) -> tuple[str, str]:
    ((name, text),) = ((name, text) for name, text in TARGET.files(champion).items() if name.endswith(".py"))
    return name.removesuffix(".py"), text


def parameter_file(champion: ExportedChampion) -> Mapping[str, object]:
    ((_, text),) = ((name, text) for name, text in TARGET.files(champion).items() if name.endswith(".json"))
    read: Mapping[str, object] = json.loads(text)
    return read


def strategy_class(champion: ExportedChampion) -> ast.ClassDef:
    (found,) = (node for node in ast.parse(python_file(champion)[1]).body if isinstance(node, ast.ClassDef))
    return found


def assigned(champion: ExportedChampion) -> Iterator[tuple[str, ast.expr]]:
    for node in strategy_class(champion).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def constants(champion: ExportedChampion) -> dict[str, object]:
    found = {}
    for name, value in assigned(champion):
        if not isinstance(value, ast.Call):
            found[name] = ast.literal_eval(value)
    return found


@pytest.mark.parametrize("strategy", seed_strategies())
def test_every_seed_is_a_class_that_compiles_and_is_named_as_its_file(strategy: str) -> None:
    name, text = python_file(exported(Case(strategy, "plain")))
    compile(text, f"{name}.py", "exec")
    assert strategy_class(exported(Case(strategy, "plain"))).name == name


def test_the_class_says_what_freqtrade_asks_of_a_strategy() -> None:
    champion = exported(BOTH)
    said = constants(champion)
    assert said["INTERFACE_VERSION"] == 3
    assert said["timeframe"] == "1h"
    assert said["minimal_roi"] == {}
    assert said["stoploss"] == -0.99
    assert said["startup_candle_count"] == champion.lookback + HISTORY
    assert said["position_adjustment_enable"] is True


def test_each_gene_is_a_parameter_within_its_bounds() -> None:
    champion = exported(BOTH)
    calls = {name: ast.unparse(value) for name, value in assigned(champion) if isinstance(value, ast.Call)}
    assert calls.keys() == champion.genes.keys()
    assert calls["fast"] == "IntParameter(2, 60, default=12, space='buy')"
    assert calls["band"] == "DecimalParameter(0.0, 0.03, default=0.0, space='buy', decimals=3)"
    assert calls["atr_stop"] == "DecimalParameter(0.0, 8.0, default=2.0, space='buy', decimals=1)"


def test_the_parameter_file_is_the_class_s_own() -> None:
    champion = exported(BOTH)
    said = parameter_file(champion)
    assert said["strategy_name"] == python_file(champion)[0]
    assert said["ft_stratparam_v"] == 1
    params = said["params"]
    assert isinstance(params, dict)
    assert params["buy"] == dict(champion.genes)
    assert params["stoploss"] == {"stoploss": -0.99}


def test_a_genome_that_only_buys_runs_on_spot_and_others_on_futures() -> None:
    assert constants(exported(LONG))["can_short"] is False
    assert constants(exported(BOTH))["can_short"] is True
    leveraged = replace(exported(LONG), costs=replace(exported(LONG).costs, max_leverage=3.0))
    assert constants(leveraged)["can_short"] is True
    assert constants(leveraged)["futures_leverage"] == 4.0


def test_the_header_tells_the_verdict_the_trials_and_the_costs() -> None:
    head = python_file(replace(exported(BOTH), verdict="Luck explains it.", trials=12_345))[1]
    assert "# Verdict: Luck explains it." in head
    assert "12,345 genomes" in head
    assert "taker fee 10 bp" in head


def test_a_verdict_of_several_lines_stays_a_comment() -> None:
    text = python_file(replace(exported(BOTH), verdict="One.\nimport this"))[1]
    assert "\nimport this" not in text


def test_only_a_genome_that_needs_funding_reads_a_file_of_it() -> None:
    assert "funding.csv" in python_file(exported(FUNDED))[1]
    assert "funding.csv" not in python_file(exported(BOTH))[1]
    assert "funding.csv" in TARGET.proof(exported(FUNDED), market(FUNDED, 50))


def test_a_timeframe_that_freqtrade_lacks_is_refused_by_name() -> None:
    assert TARGET.refusal(exported(BOTH)) is None
    reason = TARGET.refusal(replace(exported(BOTH), timeframe="45m"))
    assert reason is not None
    assert "45m" in reason


def test_the_proof_compiles_and_holds_the_candles_with_the_digits_that_freqtrade_counts() -> None:
    candles = with_shaken_opens(market(BOTH, 50))
    files = TARGET.proof(exported(BOTH), candles)
    compile(files["prove.py"], "prove.py", "exec")
    assert json.loads(files["proof_settings.json"])["lookback"] == exported(BOTH).lookback
    opens = [float(line.split(",")[1]) for line in files["candles.csv"].splitlines()[1:]]
    assert opens == [float(f"{price:.14g}") for price in candles.open.tolist()]


def test_plain_candles_reach_freqtrade_bit_by_bit() -> None:
    candles: Candles = market(BOTH, 50)
    rows = TARGET.proof(exported(BOTH), candles)["candles.csv"].splitlines()[1:]
    assert [float(row.split(",")[4]) for row in rows] == candles.close.tolist()
