"""Figures beside the measures, named and written: the same rows on the screen and in the report."""

from genepool.backtest.comparison import Comparison
from genepool.backtest.drawdowns import Drawdown
from genepool.backtest.notation import DASH, change, count, held_for, ratio, share
from genepool.backtest.trade_statistics import TradeStatistics
from genepool.backtest.years import Year


def trade_figures(side: TradeStatistics) -> dict[str, str]:
    """Return what trades amount to, by the name of the figure."""
    return {
        "trades": count(side.trades),
        "won": share(side.won / side.trades if side.trades else None),
        "compounded return": change(side.total_return),
        "expectancy": change(side.expectancy, 2),
        "average win": change(side.average_win, 2),
        "average loss": change(side.average_loss, 2),
        "payoff (win / loss)": ratio(side.payoff),
        "best": change(side.best),
        "worst": change(side.worst),
        "wins in a row": count(side.longest_winning_streak),
        "losses in a row": count(side.longest_losing_streak),
        "time held, mean": held_for(side.mean_hours),
        "time held, median": held_for(side.median_hours),
        "time held, longest": held_for(side.longest_hours),
        "system quality number": ratio(side.system_quality),
    }


def comparison_figures(found: Comparison, *, too_short: bool) -> dict[str, str]:
    """Return what a strategy is beside a benchmark; what is annualised is a dash on a short span."""
    annual = {
        "alpha a year": change(found.alpha),
        "tracking error a year": share(found.tracking_error),
        "information ratio": ratio(found.information_ratio),
    }
    return {
        "beta": ratio(found.beta),
        "correlation": ratio(found.correlation),
        **{name: DASH if too_short else text for name, text in annual.items()},
    }


def year_figures(year: Year, benchmarks: dict[str, str]) -> dict[str, str]:
    """Return one calendar year; ``benchmarks`` names them by their key."""
    return {
        "return": change(year.total_return),
        "drawdown": share(year.max_drawdown),
        **{title: change(year.benchmarks.get(name)) for name, title in benchmarks.items()},
        "trades": count(year.trades),
        "won": share(year.won / year.trades if year.trades else None),
    }


def drawdown_figures(one: Drawdown) -> tuple[str, str]:
    """Return depth and candles of a drawdown."""
    return share(one.depth), count(one.candles)
