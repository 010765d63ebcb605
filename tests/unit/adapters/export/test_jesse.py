"""The strategy that Jesse gets: its form, and when it decides what."""

import sys
from dataclasses import dataclass, field, replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from genepool.adapters.export.targets.jesse import TARGET
from genepool.backtest.decisions import decisions
from genepool.errors import ConfigError
from genepool.market.candles import Candles
from genepool.strategies import seed_strategies
from tests.fakes.certified import Case, exported, market

CASE = Case("sma_trend_filter", "stop and target")
MINUTE, HOUR = 60_000, 3_600_000


@dataclass
class FakeStrategy:
    """What the strategy takes from Jesse's base class."""

    hp: dict[str, float] = field(default_factory=dict)
    exchange: str = "Exchange"
    symbol: str = "BTC-USDT"
    timeframe: str = "1h"
    time: int = 0
    current_candle: tuple[int, ...] = (0,)
    stored: Any = None

    def get_candles(self, exchange: str, symbol: str, timeframe: str) -> Any:  # noqa: ANN401, ARG002 - Jesse's
        return self.stored


def strategy_class(case: Case, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - an exported class
    fake = ModuleType("jesse.strategies")
    fake.Strategy = FakeStrategy  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jesse", ModuleType("jesse"))
    monkeypatch.setitem(sys.modules, "jesse.strategies", fake)
    (path, source), *_ = TARGET.files(exported(case)).items()
    names: dict[str, Any] = {"__file__": path}
    exec(compile(source, path, "exec"), names)  # noqa: S102 - the exported file is what is tested
    return names[path.split("/")[1]]


def as_jesse_has(candles: Candles) -> Any:  # noqa: ANN401 - an array
    columns = [getattr(candles, name) for name in ("open", "close", "high", "low", "volume")]
    return np.column_stack([candles.stamps // 1_000_000, *columns])


def started(candles: Candles, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - an exported class
    strategy = strategy_class(CASE, monkeypatch)()
    strategy.hp = {gene["name"]: gene["default"] for gene in strategy.hyperparameters()}
    strategy.stored = as_jesse_has(candles)
    strategy.time = int(strategy.stored[-1, 0]) + HOUR
    return strategy


def test_the_folder_has_the_name_of_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    assert issubclass(strategy_class(CASE, monkeypatch), FakeStrategy)


@pytest.mark.parametrize("seed", seed_strategies())
def test_every_gene_is_a_hyperparameter_in_the_form_of_jesse(
    seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(seed, "volatility and trend")
    found = strategy_class(case, monkeypatch)().hyperparameters()
    assert {one["name"]: one["default"] for one in found} == exported(case).genes
    for one in found:
        assert set(one) == {"name", "type", "min", "max", "step", "default"}
        assert one["min"] <= one["default"] <= one["max"]
        assert isinstance(one["default"], one["type"])


def test_it_wants_what_the_kernels_want_at_the_newest_close(monkeypatch: pytest.MonkeyPatch) -> None:
    candles = market(CASE, 600)
    strategy = started(candles, monkeypatch)
    strategy.before()
    known = decisions(CASE.strategy, exported(CASE).genes, candles)
    assert strategy.wanted == known.wanted[-1] != 0
    assert strategy.average_true_range == known.average_true_range[-1]
    assert (strategy.should_long(), strategy.should_short()) == (strategy.wanted > 0, strategy.wanted < 0)


def test_it_decides_once_a_candle(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy = started(market(CASE, 600), monkeypatch)
    strategy.before()
    strategy.before()
    assert not strategy.changed


def test_a_candle_that_is_open_is_not_decided_on(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy = started(market(CASE, 600), monkeypatch)
    strategy.time -= 1
    assert len(strategy.closed_candles()) == 599


def test_on_a_one_minute_route_it_waits_for_the_first_minute_of_the_next_candle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strategy = started(market(CASE, 600), monkeypatch)
    strategy.timeframe = "1m"
    strategy.current_candle = (strategy.time - MINUTE,)
    assert len(strategy.closed_candles()) == 599
    strategy.current_candle = (strategy.time,)
    assert len(strategy.closed_candles()) == 600


def test_the_side_that_a_stop_closed_is_refused_and_that_of_a_decision_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strategy = started(market(CASE, 600), monkeypatch)
    strategy.fee_rate = 0.001
    sold = SimpleNamespace(side="sell", qty=-2.0, price=100.0)
    strategy.leaving = True
    strategy.on_close_position(sold, None)
    assert (strategy.refused, strategy.exit_fee) == (0.0, pytest.approx(0.2))
    strategy.on_close_position(sold, None)
    assert strategy.refused == 1.0
    strategy.refused = float(
        np.sign(decisions(CASE.strategy, exported(CASE).genes, market(CASE, 600)).wanted[-1])
    )
    strategy.before()
    assert not strategy.changed


@pytest.mark.parametrize("timeframe", ["1m", "10m", "1w"])
def test_a_timeframe_that_jesse_cannot_fill_at_the_open_of_is_refused(timeframe: str) -> None:
    reason = TARGET.refusal(replace(exported(CASE), timeframe=timeframe))
    assert reason is not None
    assert timeframe in reason


def test_candles_that_begin_within_those_of_jesse_cannot_be_proved() -> None:
    candles = market(CASE, 20)
    late = replace(candles, stamps=candles.stamps + 1_800_000_000_000)
    with pytest.raises(ConfigError, match="begin at multiples of 1h"):
        TARGET.proof(exported(CASE), late)


def test_rates_lie_beside_a_strategy_that_decides_by_them_and_no_other() -> None:
    case = Case("funding_rate_carry", "plain")
    beside = [path for path in TARGET.files(exported(case)) if path.endswith("/funding.csv")]
    laid = TARGET.proof(exported(case), market(case, 20))
    assert len(beside) == 1
    assert laid[beside[0]].count("\n") == 21
    assert not any(path.endswith("funding.csv") for path in TARGET.files(exported(CASE)))
