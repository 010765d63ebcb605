"""The leaderboard and the verdict as a terminal shows them."""

import re
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from genepool.adapters.console import board_table, leaderboard_table, summary_panel
from genepool.adapters.console.notation import NONE, percent, ratio, span
from tests.fakes.bred_runs import bred_run, failed_run

WIDTHS = (80, 100, 140)


def shown(content: RenderableType, width: int) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(content)
    return capture.get()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_and_no_number_wraps(width: int) -> None:
    judged = bred_run().judged
    text = shown(leaderboard_table(judged, width=width), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    ranked = [line for line in text.splitlines() if re.match(r"\s{0,5}\d+ [a-z_]+ ", line)]
    assert len(ranked) == len({one.genome.strategy for one in judged.board})
    figures = [re.split(r"\s+", line.strip())[2:] for line in ranked]
    expected = 8 if width >= 90 else 7
    assert {len(row) for row in figures} == {expected}


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_stand_in_straight_columns(width: int) -> None:
    text = shown(leaderboard_table(bred_run().judged, width=width), width)
    lines = [line for line in text.splitlines() if re.match(r"\s{0,5}\d+ [a-z_]+ ", line)]
    ends = [[match.end() for match in re.finditer(r"\S+", line)][2:] for line in lines]
    assert all(row == ends[0] for row in ends)


def test_each_row_says_what_the_genome_did_in_sample_and_walk_forward() -> None:
    judged = bred_run().judged
    scored = judged.board[0].evaluation.scored
    assert scored is not None
    champion = next(
        line for line in shown(leaderboard_table(judged), 100).splitlines() if line.strip().startswith("1 ")
    )
    for text in (
        ratio(scored.in_sample.sharpe),
        ratio(scored.walk_forward.sharpe),
        percent(scored.in_sample.total_return, sign=True),
        percent(scored.walk_forward.total_return, sign=True),
        percent(judged.hold_walk_forward.total_return, sign=True),
    ):
        assert text in champion


def test_the_best_of_each_seed_is_shown_with_its_rank_on_the_whole_board() -> None:
    judged = bred_run().judged
    text = shown(leaderboard_table(judged), 100)
    seeds = [one.genome.strategy for one in judged.board]
    shown_ranks = {
        name: int(rank) for rank, name in re.findall(r"^\s{0,5}(\d+) ([a-z_]+) ", text, re.MULTILINE)
    }
    assert shown_ranks == {name: seeds.index(name) + 1 for name in set(seeds)}


def test_only_genes_that_have_an_effect_are_named() -> None:
    judged = bred_run().judged
    text = shown(leaderboard_table(judged, places=1), 100)
    values = judged.board[0].genome.values
    assert ("atr_stop=" in text) == bool(values["atr_stop"])
    assert "direction=0" not in text


def test_holding_closes_the_table() -> None:
    judged = bred_run().judged
    lines = [line for line in shown(leaderboard_table(judged), 100).splitlines() if line.strip()]
    assert lines[-1].strip().startswith("buy and hold")
    assert ratio(judged.hold_in_sample.sharpe) in lines[-1]


def test_a_board_without_its_market_has_no_holding() -> None:
    text = shown(board_table(bred_run().judged.board), 100)
    assert "buy and hold  " not in text.split("─", 1)[1]


def test_a_run_in_which_everything_failed_has_an_empty_board_and_a_verdict() -> None:
    run = failed_run()
    assert "nothing to judge" in shown(summary_panel(run.plan.spec, run.judged), 100)
    assert "buy and hold" in shown(leaderboard_table(run.judged), 100)


def test_the_summary_names_trials_deflated_sharpe_and_verdict() -> None:
    run = bred_run()
    text = re.sub(r"[│\s]+", " ", shown(summary_panel(run.plan.spec, run.judged), 100))
    assert run.judged.verdict in text
    assert f"{run.judged.trials} unique genomes" in text
    assert run.judged.evidence is not None
    assert f"{run.judged.evidence.deflated_probability:.2f} for the champion" in text
    assert "synthetic" in text


def test_the_summary_says_what_was_left_out() -> None:
    run = bred_run()
    spec = replace(run.plan.spec, left_out=(("funding_rate_carry", "the data has no funding"),))
    assert "funding_rate_carry: the data has no funding" in shown(summary_panel(spec, run.judged), 100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1234, "+12.3%"),
        (-0.5, "-50.0%"),
        (1.5, "+150%"),
        (20.0, "21x"),
        (1e9, "1,000,000,001x"),
        (None, NONE),
    ],
)
def test_returns_stay_short_however_large(value: float | None, text: str) -> None:
    assert percent(value, sign=True) == text


def test_times_are_read_at_a_glance() -> None:
    assert [span(seconds) for seconds in (7, 750, 3_723)] == ["0:07", "12:30", "1:02:03"]
