"""The strategy that Nautilus gets: its form, and the bars that it can be given."""

import ast
import sys
from dataclasses import replace
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from typing_extensions import override

from genepool.adapters.export.targets.nautilus import TARGET
from genepool.strategies import seed_strategies
from tests.fakes.certified import Case, exported, market

CASE = Case("ema_crossover", "stop and target")
BUY, SELL = 1, 2


class FakeConfig:
    """A base whose subclasses may be frozen."""

    @override
    def __init_subclass__(cls, *, frozen: bool = False) -> None:
        """Take what Nautilus takes."""


class FakeStrategy:
    """A base that keeps its configuration."""

    def __init__(self, config: object) -> None:
        self.config = config


# What the file imports, and what stands for it here.
IMPORTED: dict[str, dict[str, object]] = {
    "config": {"StrategyConfig": FakeConfig},
    "model.data": {"Bar": object, "BarType": object},
    "model.enums": {"OrderSide": SimpleNamespace(BUY=BUY, SELL=SELL)},
    "model.identifiers": {"InstrumentId": object},
    "trading.strategy": {"Strategy": FakeStrategy},
}


@pytest.fixture
def strategy(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - an exported class
    """Return the strategy with an account of 1,000 and no position; it notes the sides of its orders."""
    for name, members in IMPORTED.items():
        module = ModuleType(f"nautilus_trader.{name}")
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    (path, source), *_ = TARGET.files(exported(CASE)).items()
    names: dict[str, Any] = {"__file__": path}
    exec(compile(source, path, "exec"), names)  # noqa: S102 - the exported file is what is tested
    made = names[path.removesuffix(".py")](None)
    made.config = SimpleNamespace(instrument_id="BTC")
    made.instrument = SimpleNamespace(make_qty=lambda units: units)
    made.equity, made.positions = (lambda _: 1_000.0), list
    made.order_factory = SimpleNamespace(market=lambda _, side, units: (side, units))
    made.sent = []
    made.submit_order = made.sent.append
    return made


def test_it_trades_a_share_of_the_equity_at_the_open_and_once(strategy: Any) -> None:  # noqa: ANN401 - as above
    strategy.wanted, strategy.changed = -0.5, True
    strategy.trade(100.0)
    strategy.trade(101.0)
    assert strategy.sent == [(SELL, Decimal(5))]


def test_a_side_whose_stop_the_open_went_through_is_not_taken_at_that_open(strategy: Any) -> None:  # noqa: ANN401 - as above
    strategy.wanted, strategy.changed = 0.5, True
    strategy.exits = {"stop"}
    strategy.cancel_exits = lambda: None
    strategy.on_position_closed(SimpleNamespace(closing_order_id="stop", entry=BUY))
    strategy.trade(100.0)
    assert strategy.sent == []
    strategy.wanted, strategy.changed = -0.5, True
    strategy.trade(100.0)
    assert strategy.sent == [(SELL, Decimal(5))]


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
