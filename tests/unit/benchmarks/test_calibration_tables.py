"""The tables of the calibration say what was measured, with exact intervals, and what was not."""

from typing import Any

import pytest

from benchmarks.calibration import tables
from benchmarks.calibration.cells import Cell, Experiment, cells
from benchmarks.calibration.page import commits, section
from benchmarks.calibration.scales import SCALES, Counts, Setup
from genepool.robustness.search_statistics import STATISTICS


def line(
    kind: str = "normal",
    experiment: Experiment = Experiment.NOISE,
    number: int = 1,
    sharpe: float = 0.0,
    **said: Any,  # noqa: ANN401 - values of JSON
) -> dict[str, Any]:
    cell = Cell(experiment, kind, number, sharpe)
    usual = {
        "key": cell.key,
        "experiment": experiment.value,
        "kind": kind,
        "number": number,
        "sharpe": sharpe,
        "rare": dict.fromkeys(STATISTICS, False),
        "plain": False,
        "effective": False,
        "deflated": False,
        "uncorrected": False,
        "height": 0,
        "rung": None,
        "exam": None,
        "p_corrected": 0.5,
        "null_count": 19,
        "nulls_made": 4,
        "candles": 4_000,
        "strategy": "rsi_filter",
        "sentence": "No edge found.",
        "search_s": 0.5,
        "null_s": 0.25,
        "judging_s": 0.1,
        "seconds": 2.0,
        "commit": "abc1234",
        "machine": "2 cores",
    }
    return {**usual, **said}


BELIEVED = dict.fromkeys(STATISTICS, True)


def row(text: str, first: str) -> str:
    return next(one for one in text.splitlines() if one.startswith(f"| {first} |"))


def test_a_share_has_the_interval_of_clopper_and_pearson() -> None:
    lines = [line(number=number, plain=number <= 1) for number in range(1, 16)]
    # Of 1 of 15, in every table of the binomial distribution.
    assert tables.share(lines, lambda one: bool(one["plain"])) == "1 of 15 (0.2 to 31.9 %)"
    assert tables.share([], bool) == "not run yet"


def test_each_kind_of_noise_has_a_row_and_all_of_it_one_more() -> None:
    lines = [line(rare=BELIEVED, height=3), line("garch", plain=True)]
    found = tables.noise_table(lines)
    assert row(found, "normal noise").count("1 of 1 (2.5 to 100.0 %)") == 2
    assert row(found, "GARCH").count("1 of 1 (2.5 to 100.0 %)") == 1
    assert "not run yet" in row(found, "fat tails")
    assert "1 of 2 (1.3 to 98.7 %)" in row(found, "**all noise**")


def test_each_edge_has_a_row_by_kind_and_strength() -> None:
    lines = [line("momentum", Experiment.PLANTED, sharpe=1.5, rare=BELIEVED, height=4)]
    assert "1 of 1" in row(tables.planted_table(lines), "momentum 1.5")
    assert "not run yet" in row(tables.planted_table(lines), "momentum 2")
    rungs = row(tables.rungs_table(lines), "momentum 1.5")
    assert [cell.strip()[:6] for cell in rungs.split("|")[2:-1]] == ["1 of 1"] * 4 + ["0 of 1"] * 2


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (0, 0, "No edge was seen more than one time in ten yet."),
        (6, 2, "null evolution sees 6 of 10, deflation by the ledger 2, 3.0 times as often."),
        (6, 0, "null evolution sees 6 of 10, deflation by the ledger 0."),
    ],
)
def test_the_weakest_edge_that_is_seen_is_compared(ours: int, theirs: int, said: str) -> None:
    lines = [
        line("momentum", Experiment.PLANTED, number, 1.0, deflated=number < theirs)
        | ({"rare": BELIEVED} if number < ours else {})
        for number in range(10)
    ]
    assert tables.weakest_edge(lines).endswith(said)


def test_users_are_told_with_and_without_correction() -> None:
    lines = [line(experiment=Experiment.USER, number=number, uncorrected=True) for number in range(4)]
    found = tables.users_table(lines)
    assert "4 of 4" in row(found, "null evolution as if it were the only run")
    assert "0 of 4" in row(found, "null evolution, corrected for all runs")


@pytest.mark.parametrize(("exam", "said"), [(None, "not asked"), (True, "passed"), (False, "not passed")])
def test_a_real_data_set_is_told_with_its_verdict_and_exam(exam: bool | None, said: str) -> None:
    lines = [line("btcusd_1h", Experiment.REAL, rung="paid", exam=exam, sentence="No edge found: so.")]
    assert row(tables.real_table(lines), "btcusd_1h").endswith(f"| paid | {said} | No edge found: so. |")


def test_a_champion_that_nobody_was_has_a_row_too() -> None:
    assert "| none |" in row(tables.real_table([line("x", Experiment.REAL, strategy=None)]), "x")


def test_what_is_wanting_is_named() -> None:
    asked = cells(Counts(2, 0, 0), [], ["shuffled_share"])
    measured = {one["key"]: one for one in (line(), line(number=2), line("garch"))}
    found = tables.wanting(asked, measured)
    assert found.startswith("9 of 12 cells were not measured yet: ")
    assert "noise/garch 1" in found
    assert "noise/normal" not in found
    assert tables.wanting(asked[:0], {}) == "All 0 cells were measured."


def test_the_section_names_commit_seeds_scale_machine_and_command() -> None:
    setup = Setup("quick", 7, SCALES["quick"].search, (("shuffled_share", "ACME_1d"),))
    one = line()
    text = section(setup, [Cell(Experiment.NOISE, "normal")], {one["key"]: one}, "make calibrate")
    for said in ("`quick`", "--seed-base 7", "commit abc1234", "2 cores", "`make calibrate`", "ACME_1d"):
        assert said in text.splitlines()[0]
    assert "All 1 cells were measured." in text
    assert section(setup, [], {}, "make calibrate") == "Not run yet: `make calibrate SCALE=quick`."
    assert "| noise | 1 | 0.50 | 0.25 | 0.50 | 4.0 | 0.1 | 2.0 |" in text


def test_a_commit_is_named_once_also_where_files_differed_from_it() -> None:
    plain, changed, other = (line(commit=one) for one in ("abc", "abc, changed since", "def"))
    assert commits([plain, plain]) == "commit abc"
    assert commits([plain, changed]) == "commit abc, changed since"
    assert commits([plain, changed, other]) == "commits abc, def, changed since"
