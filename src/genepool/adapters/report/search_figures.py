"""Figures of the search: fitness by generation, species over time, and the luck curve."""

from collections.abc import Sequence

import numpy as np

from genepool.adapters.report.charts.area import Layer, stacked_area
from genepool.adapters.report.charts.frame import Caption
from genepool.adapters.report.charts.line import LineChart, line_chart
from genepool.adapters.report.charts.lines import Band, Line
from genepool.adapters.report.notation import count, percent, ratio, round_number
from genepool.market.candles import FloatArray
from genepool.pool.report_data import ReportData
from genepool.robustness.luck import LuckPoint


def fitness_figure(data: ReportData) -> str:
    """Draw best and median fitness by generation, with the middle half as a band."""
    found = [(point.generation, point.fitness) for point in data.curve if point.fitness is not None]
    xs = np.array([generation for generation, _ in found], dtype=np.float64)
    spread = np.array([quantiles for _, quantiles in found]).reshape(-1, 5)
    readout = [
        (
            float(generation),
            (f"generation {generation} · best {ratio(q[4])} · median {ratio(q[2])} · worst {ratio(q[0])}"),
        )
        for generation, q in found
    ]
    told = (
        f"From {ratio(spread[0, 4])} to {ratio(spread[-1, 4])} at best."
        if len(spread)
        else "No generation scored."
    )
    return line_chart(
        LineChart(
            Caption("fitness", "Fitness by generation", told),
            [Line("best", xs, spread[:, 4], "forward"), Line("median", xs, spread[:, 2], "past")],
            x_title="generation",
            y_title=f"in-sample fitness ({data.spec.objective})",
            y_text=round_number,
            bands=[Band(xs, spread[:, 1], spread[:, 3], "middle")] if len(xs) else [],
            over_time=False,
            height=280.0,
            readout=readout,
        )
    )


def species_figure(data: ReportData) -> str:
    """Draw each strategy's share of the population by generation."""
    names = sorted(data.spec.strategies)
    shares = np.array([point.shares(names) for point in data.curve]).reshape(len(data.curve), len(names))
    layers = [Layer(name, shares[:, k], f"species-{k % 14}") for k, name in enumerate(names)]
    readout = [
        (float(point.generation), f"generation {point.generation} · {_largest(names, shares[k])}")
        for k, point in enumerate(data.curve)
    ]
    return stacked_area(
        Caption(
            "species",
            "Species over time",
            "Share of each strategy in the population, generation by generation.",
        ),
        layers[::-1],
        "generation",
        readout,
        [point.generation for point in data.curve],
    )


def luck_figure(luck: Sequence[LuckPoint]) -> str:
    """Draw the best Sharpe so far above what the best of as many tries on noise would show."""
    found = [(point, best) for point in luck if (best := point.best) is not None]
    xs = np.array([point.evaluations for point, _ in found], dtype=np.float64)
    highest = np.array([best for _, best in found])
    expected = np.array([point.expected_best for point, _ in found])
    readout = [
        (
            float(point.evaluations),
            (
                f"{count(point.evaluations)} evaluated · best Sharpe {ratio(so_far)} · "
                f"best of noise {ratio(point.expected_best)}"
            ),
        )
        for point, so_far in found
    ]
    return line_chart(
        LineChart(
            Caption(
                "luck",
                "Best Sharpe so far against luck",
                f"After {count(xs[-1])} evaluations the best Sharpe is {ratio(highest[-1])}; the best "
                f"of as many tries on noise would be expected to show {ratio(expected[-1])}.",
            ),
            [
                Line("best of noise", xs, expected, "noise", filled_to=0.0),
                Line("best so far", xs, highest, "forward"),
            ],
            x_title="unique genomes evaluated in this run",
            y_title="annualised in-sample Sharpe",
            y_text=round_number,
            over_time=False,
            include=(0.0,),
            height=300.0,
            readout=readout,
        )
    )


def _largest(names: list[str], shares: FloatArray) -> str:
    order = sorted(range(len(names)), key=lambda k: (-shares[k], names[k]))[:3]
    return " · ".join(f"{names[k]} {percent(float(shares[k]), 0)}" for k in order)
