"""Evolve trading strategies and judge which of the winners are real.

>>> import genepool as gp
>>> candles = gp.read("btcusd_1h")
>>> gp.backtest(candles, "ema_crossover", fast=12, slow=48).measures["trades"]
431

Importing it loads nothing: what is named below is loaded when it is first asked for, and before numpy is, the
thread caps of its libraries are set. `docs/python.md` is the guide.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genepool import errors as errors
    from genepool.notebook.backtesting import Backtested as Backtested
    from genepool.notebook.backtesting import backtest as backtest
    from genepool.notebook.catalogue import strategies as strategies
    from genepool.notebook.client import Client as Client
    from genepool.notebook.costs import Costs as Costs
    from genepool.notebook.evolved import Evolved as Evolved
    from genepool.notebook.evolving import evolve as evolve
    from genepool.notebook.evolving import resume as resume
    from genepool.notebook.market import MarketCandles as MarketCandles
    from genepool.notebook.own import Range as Range
    from genepool.notebook.own import strategy as strategy
    from genepool.notebook.reading import candles as candles
    from genepool.notebook.reading import read as read

# What stands for itself in a notebook, by the module that has it.
_NAMES = {
    "Backtested": "backtesting",
    "Client": "client",
    "Costs": "costs",
    "Evolved": "evolved",
    "MarketCandles": "market",
    "Range": "own",
    "backtest": "backtesting",
    "candles": "reading",
    "evolve": "evolving",
    "read": "reading",
    "resume": "evolving",
    "strategies": "catalogue",
    "strategy": "own",
}
# Rooms of the package that a notebook calls by their name: they stay modules, and answer a call.
_CALLED = frozenset({"backtest", "strategies"})
_ROOMS = _CALLED | {"errors"}

__all__ = [
    "Backtested",
    "Client",
    "Costs",
    "Evolved",
    "MarketCandles",
    "Range",
    "backtest",
    "candles",
    "errors",
    "evolve",
    "read",
    "resume",
    "strategies",
    "strategy",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of any type
    if name in _ROOMS:
        return _module(f"genepool.{name}")
    if name not in _NAMES:
        raise AttributeError(f"module 'genepool' has no attribute {name!r}")
    return _loaded(name)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def _loaded(name: str) -> Any:  # noqa: ANN401 - as above
    return getattr(_module(f"genepool.notebook.{_NAMES[name]}"), name)


def _module(name: str) -> ModuleType:
    if name not in sys.modules:
        from importlib import import_module  # noqa: PLC0415 - importing the package loads nothing

        from genepool.adapters.local.threads import cap_library_threads  # noqa: PLC0415 - as above

        cap_library_threads()
        import_module(name)
    return sys.modules[name]


class _CalledRoom(ModuleType):
    """A room that answers a call: ``genepool.backtest`` is a package, and what a notebook backtests with."""

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as its function
        return self.__wrapped__(*given, **named)

    @property
    def __wrapped__(self) -> Any:  # noqa: ANN401 - as above
        """The function, whose signature and documentation help shows."""
        return _loaded(self.__name__.rpartition(".")[2])


class _Package(ModuleType):
    """The package itself; the import system sets each of its rooms as an attribute of it."""

    # Python 3.11 has no @override.
    def __setattr__(self, name: str, value: Any) -> None:  # type: ignore[explicit-override] # noqa: ANN401
        if name in _CALLED and type(value) is ModuleType:
            value.__class__ = _CalledRoom
        super().__setattr__(name, value)


# The one way in which Python lets a module say how its attributes are set.
sys.modules[__name__].__class__ = _Package
