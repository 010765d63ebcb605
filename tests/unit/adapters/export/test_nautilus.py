"""The strategy that Nautilus gets: its form, and the bars that it can be given."""

import ast
from dataclasses import replace

import pytest

from genepool.adapters.export.targets.nautilus import TARGET
from genepool.strategies import seed_strategies
from tests.fakes.certified import Case, exported, market

CASE = Case("ema_crossover", "stop and target")


def classes(case: Case) -> dict[str, ast.ClassDef]:
    (path, source), *_ = TARGET.files(exported(case)).items()
    found = {node.name: node for node in ast.parse(source, path).body if isinstance(node, ast.ClassDef)}
    assert set(found) == {path.removesuffix(".py"), f"{path.removesuffix('.py')}Config"}
    return found


@pytest.mark.parametrize("seed", seed_strategies())
def test_every_gene_is_a_field_of_the_configuration(seed: str) -> None:
    case = Case(seed, "volatility and trend")
    config = next(node for name, node in classes(case).items() if name.endswith("Config"))
    fields = {
        node.target.id: ast.literal_eval(node.value)
        for node in config.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
    }
    assert fields.pop("at_open") is True
    assert fields == exported(case).genes


@pytest.mark.parametrize(("timeframe", "bars"), [("15m", "15-MINUTE"), ("4h", "4-HOUR"), ("1w", "1-WEEK")])
def test_bars_have_the_names_of_nautilus(timeframe: str, bars: str) -> None:
    champion = replace(exported(CASE), timeframe=timeframe)
    assert TARGET.refusal(champion) is None
    assert f"-{bars}-LAST-EXTERNAL" in TARGET.proof(champion, market(CASE, 20))["prove.py"]


@pytest.mark.parametrize("timeframe", ["45m", "3d", "1M"])
def test_a_timeframe_that_nautilus_has_no_bars_of_is_refused(timeframe: str) -> None:
    reason = TARGET.refusal(replace(exported(CASE), timeframe=timeframe))
    assert reason is not None
    assert f"no bars of {timeframe}" in reason


def test_rates_lie_beside_a_strategy_that_decides_by_them_and_no_other() -> None:
    case = Case("funding_rate_carry", "plain")
    assert TARGET.files(exported(case))["funding.csv"] == "time,rate\n"
    assert TARGET.proof(exported(case), market(case, 20))["funding.csv"].count("\n") == 21
    assert "funding.csv" not in TARGET.files(exported(CASE))
