"""In which of quiet and wild, falling and rising markets a genome earns."""

from collections.abc import Iterator

import numpy as np

from genepool.market.candles import FloatArray
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable, whole
from genepool.robustness.checks._subject import Answers, Subject

_WEEKS, _FEWEST_CANDLES = 52, 20
_THIRDS = {"volatility": ("quiet", "middling", "wild"), "trend": ("falling", "flat", "rising")}
_BAR = 2
_FEWEST_IN_THIRD = 30


def trailing(closes: FloatArray, window: int) -> tuple[FloatArray, FloatArray]:
    """Return volatility and trend of the last candles at each close, known there; not a number before.

    Parameters
    ----------
    closes
        Of shape (n,), positive.
    window
        How many returns are looked back on.
    """
    steps = np.diff(np.log(closes))
    volatility, trend = np.full(len(closes), np.nan), np.full(len(closes), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(steps, window)
    volatility[window:], trend[window:] = windows.std(axis=1), windows.sum(axis=1)
    return volatility, trend


def thirds(values: FloatArray) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return which values are in the lowest, the middle and the highest third of those that are numbers."""
    low, high = np.nanquantile(values, [1 / 3, 2 / 3])
    return [values <= low, (values > low) & (values <= high), values > high]


def _earning(subject: Subject, window: int) -> Iterator[tuple[str, str, bool]]:
    """Yield for each third what divides, which third it is, and whether its mean return is above 0."""
    returns = subject.played.walk_forward
    # A candle belongs to the regime that the close before it showed.
    inside = np.concatenate([np.arange(*fold) for fold in subject.problem.folds]) - 1
    measured = trailing(subject.problem.candles.close, window)
    for values, (divided_by, names) in zip(measured, _THIRDS.items(), strict=True):
        for name, chosen in zip(names, thirds(values[inside]), strict=True):
            yield divided_by, name, bool(chosen.any() and returns[chosen].mean() > 0.0)


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    window = max(_FEWEST_CANDLES, round(subject.per_year / _WEEKS))
    if subject.problem.folds[0][0] <= window or len(subject.played.walk_forward) < 3 * _FEWEST_IN_THIRD:
        return not_applicable("There are too few candles to divide them into thirds by volatility and trend.")
    found = list(_earning(subject, window))
    counts = [sum(earned for by, _, earned in found if by == division) for division in _THIRDS]
    lost = [name for _, name, earned in found if not earned]
    where = f"; it lost in the {', '.join(lost)} ones" if lost else ""
    return judged(
        min(counts),
        _BAR,
        f"It earned in {counts[0]} of 3 thirds of the candles by volatility, and in {counts[1]} of 3 by trend"
        f"{where}.",
        passed=min(counts) >= _BAR,
    )


CHECK = Check(
    name="regimes",
    title="Regimes",
    question="Does it earn in most of quiet, middling and wild, and of falling, flat and rising markets?",
    source="common practice; no paper fixes how many thirds must earn",
    formula="how many thirds of the folds' candles have a mean return above 0, the fewer of both divisions: "
    "by the standard deviation, and by the sum, of the log returns of the week (20 candles at least) before "
    "each candle",
    passes="from 2 of 3 on, by either",
    blind="The thirds are those of these folds: a crash or a mania that they lack is in none. A strategy "
    "made for one regime fails, though it may be real.",
    judge=_judge,
    writes=whole,
)
