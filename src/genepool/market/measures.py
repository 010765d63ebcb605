"""What a backtest is judged by: one frozen record of finite numbers."""

from dataclasses import dataclass

from genepool.frozen import maker

# A ratio whose denominator is zero (no losing trade, no drawdown) is reported as this bound.
RATIO_CAP = 1_000.0


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one span of one backtest. Every number is finite.

    Returns are simple returns from close to close of the equity curve, the first from the span's
    opening equity. Ratios are annualised with the market's real candles a year and without a
    risk-free rate; standard deviations divide by n - 1.
    """

    total_return: float  # final equity / opening equity - 1
    annual_return: float  # compounded to a year, at most RATIO_CAP
    volatility: float  # annualised standard deviation of returns
    sharpe: float  # annualised; 0 when the volatility is 0
    sortino: float  # mean over root mean square of negative returns, annualised
    calmar: float  # annual return / max drawdown
    max_drawdown: float  # largest fall from a peak, as a share of the peak, 0 to 1
    max_drawdown_candles: float  # longest time under a former peak, in candles
    turnover: float  # traded notional / equity at the trade, per year
    trades: float  # positions opened; one still open at the end counts and is marked at the close
    win_rate: float  # share of trades with a positive result after all costs
    profit_factor: float  # gross profit / gross loss, at most RATIO_CAP
    exposure: float  # share of candles with a position at the close
    funding_paid: float  # sum of funding / equity at its stamp; negative when received
    fees_paid: float  # sum of fees / equity at the trade
    skew: float  # of the returns; 0 when they hardly vary beside their mean (docs/execution.md)
    kurtosis: float  # of the returns, not excess: 3 for a normal, and when they hardly vary
    ambiguity_gap: float  # optimistic minus pessimistic total return where a stop and a target share a candle
    liquidations: float  # positions closed by the venue
    candles: float  # returns counted


# From the numbers in the order of the fields: each process that sees a genome builds two of them.
measures_from = maker(Measures)
