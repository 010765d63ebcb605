"""The leaderboard and the verdict as a terminal shows them."""

import re
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from genepool.adapters.console import board_table, leaderboard_table, summary_panel
from genepool.adapters.console.notation import span
from genepool.backtest.caveats import BOARD_MEASURES, reading_of
from genepool.backtest.notation import change, probability, ratio
from genepool.robustness.ladder import climb
from tests.fakes.bred_runs import bred_run, failed_run
from tests.fakes.coordinators import an_evidence

LADDER = climb(an_evidence(trials=12))
WIDTHS = (80, 100, 140)


def shown(content: RenderableType, width: int) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(content)
    return capture.get()


def rows(text: str) -> list[str]:
    """Return the line of figures of every genome; in a narrow terminal it stands beneath the name."""
    lines = text.splitlines()
    ranked = [k for k, line in enumerate(lines) if re.match(r"\s{0,5}\d+ [a-z_]+(\s|$)", line)]
    return [lines[k] if re.search(r"\d$", lines[k].rstrip()) else lines[k + 1] for k in ranked]


def figures(line: str) -> list[str]:
    return [word for word in line.split() if not re.fullmatch(r"[a-z_]+", word)][-9:]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_and_no_number_wraps(width: int) -> None:
    judged = bred_run().judged
    text = shown(leaderboard_table(judged, width=width), width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    found = rows(text)
    assert len(found) == len({one.genome.strategy for one in judged.board})
    assert {len(figures(line)) for line in found} == {9}


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_stand_in_straight_columns(width: int) -> None:
    found = rows(shown(leaderboard_table(bred_run().judged, width=width), width))
    ends = [[match.end() for match in re.finditer(r"\S+", line)][-9:] for line in found]
    assert all(row == ends[0] for row in ends)


@pytest.mark.parametrize("width", WIDTHS)
def test_case_18_each_row_shows_the_score_and_what_the_genome_did_on_both_spans(width: int) -> None:
    judged = bred_run().judged
    champion = judged.board[0].evaluation
    assert champion.scored is not None
    expected = [ratio(champion.selection_score)]
    for measures in (champion.scored.in_sample, champion.scored.walk_forward):
        expected += [reading_of(name, measures, judged.candles_per_year).text for name in BOARD_MEASURES]
    text = shown(leaderboard_table(judged, width=width), width)
    assert figures(rows(text)[0]) == expected
    heading = [line.split() for line in text.splitlines() if line.strip()][:3]
    assert heading[0] == ["in-sample", "walk-forward"]
    assert [*heading[1], *heading[2]].count("drawdown") == 2


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


def test_holding_and_short_holding_close_the_table_inside_the_folds_and_over_their_whole_span() -> None:
    judged = bred_run().judged
    text = shown(leaderboard_table(judged), 100)
    closing = text[text.index("buy and hold") :]
    for held in (judged.hold, judged.short):
        for measures in (held.in_sample, held.walk_forward, held.whole):
            assert change(measures.total_return) in closing
    assert closing.index("over the whole span") < closing.index("short and hold")
    assert "inside the folds" in re.sub(r"\s+", " ", closing)


def test_a_span_too_short_for_a_year_shows_no_sharpe_and_says_why() -> None:
    judged = bred_run().judged
    short = re.sub(r"\s+", " ", shown(leaderboard_table(judged), 100))
    assert figures(rows(shown(leaderboard_table(judged), 100))[0])[1::4] == ["\N{EN DASH}", "\N{EN DASH}"]
    assert "No Sharpe in-sample: a year is not read from" in short
    assert "No Sharpe walk-forward: a year is not read from" in short
    long = shown(leaderboard_table(replace(judged, candles_per_year=100.0)), 100)
    assert "No Sharpe" not in long
    assert "\N{EN DASH}" not in long


def test_the_largest_returns_stay_in_their_columns() -> None:
    board = bred_run().judged.board
    best = board[0].evaluation
    assert best.scored is not None
    huge = replace(best.scored.in_sample, sharpe=-12.34, total_return=999.0, max_drawdown=1.0)
    scored = replace(best.scored, in_sample=huge, walk_forward=huge)
    one = replace(board[0], evaluation=replace(best, scored=scored))
    row = rows(shown(board_table([(1, one)], 100.0, width=80), 80))[0]
    assert figures(row)[1:4] == ["-12.34", "+99,900%", "100.0%"]


def test_a_board_without_its_market_has_no_holding() -> None:
    text = shown(board_table(bred_run().judged.ranking.best_of_each, 8_760.0), 100)
    assert "buy and hold  " not in text.split("─", 1)[1]


def test_a_run_in_which_everything_failed_has_an_empty_board_and_a_verdict() -> None:
    run = failed_run()
    assert "no genome was scored" in shown(summary_panel(run.plan.spec, run.judged, climb(None)), 100)
    assert "buy and hold" in shown(leaderboard_table(run.judged), 100)


def test_the_summary_names_trials_deflated_sharpe_and_verdict() -> None:
    run = bred_run()
    text = re.sub(r"[│\s]+", " ", shown(summary_panel(run.plan.spec, run.judged, LADDER), 100))
    assert f"{LADDER.sentence} ✓ 1 traded It took 60 positions" in text
    assert "✓ 2 paid After costs it makes more for its risk" in text
    assert "? 3 survived Deflated probability 0.12 after 12 trials" in text
    assert LADDER.needed_sentence in text
    assert f"{run.judged.trials} unique genomes" in text
    assert run.judged.evidence is not None
    assert f"{probability(run.judged.evidence.deflated_probability)} for the champion" in text
    assert "synthetic" in text


def test_case_9_the_summary_says_by_what_the_champion_was_chosen_and_of_how_many() -> None:
    run = bred_run()
    judged = replace(run.judged, genomes=60, trials=239, uncounted="12 genomes were tried elsewhere")
    text = re.sub(r"[│\s]+", " ", shown(summary_panel(run.plan.spec, judged, LADDER), 100))
    assert "first of this run's 60 genomes by the worse of in-sample and walk-forward score" in text
    assert "239 unique genomes tried on these candles, over all runs and reports" in text
    assert "12 genomes were tried elsewhere" in text
    assert "the better of holding and short-holding" in text


def test_the_summary_says_what_was_left_out() -> None:
    run = bred_run()
    spec = replace(run.plan.spec, left_out=(("funding_rate_carry", "the data has no funding"),))
    assert "funding_rate_carry: the data has no funding" in shown(
        summary_panel(spec, run.judged, LADDER), 100
    )


def test_times_are_read_at_a_glance() -> None:
    assert [span(seconds) for seconds in (7, 750, 3_723)] == ["0:07", "12:30", "1:02:03"]
